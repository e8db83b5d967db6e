/** An order read whole, at every place of its life, against what the platform holds of it. */
import { mayShip } from '@weir/core';
import { describe, expect, test } from 'vitest';
import { STATUS_OF, yuanOf } from '../market/compare.ts';
import { expectAbsent, inWorld } from './group.test-support.ts';
import { type Candidate, differences, type Place, PLACES, reach } from './world.test-support.ts';

/** What the platform itself says of an order, without our reading: there must be a case at each place. */
export function reads(candidate: Candidate): void {
  describe('an order, read whole', () => {
    const world = inWorld(candidate, 21);
    const at = (place: Place): string | null => reach(world(), place);
    test.each(PLACES)('%s: every figure is the platform’s, and the gate says what it must', async (place) => {
      const id = at(place);
      if (id === null) return expectAbsent(world(), place);
      const truth = world().platform.truth().get(id);
      if (truth?.isListed === false) {
        await expect(world().seller.fetch(id)).rejects.toThrow(id);
        return;
      }
      await world().seller.fetch(id);
      expect(differences(world(), [id])).toEqual([]);
      const held = world().seller.held(id);
      if (held === undefined || truth === undefined) throw new Error('not held');
      const may = mayShip({ view: held });
      const isFree =
        place === 'paid' ||
        place === 'partly_shipped' ||
        place === 'address_changed' ||
        place === 'refund_withdrawn' ||
        place === 'refund_refused';
      const isStopped = ['unpaid', 'deposit_paid', 'under_check', 'cancelled', 'closed', 'refund_asked', 'refund_agreed'].includes(place);
      if (isFree) expect(may).toEqual([]);
      if (isStopped) expect(may.length).toBeGreaterThan(0);
      expect(held.status).toBe(STATUS_OF[truth.stage]);
    });
    test('the same bytes twice say the same', async () => {
      const id = at('paid') as string;
      const { bytes, subject, messages } = await world().seller.fetch(id);
      expect(candidate.adapter.read('detail', bytes, subject).messages).toEqual(messages);
    });
    test('ids are what the platform wrote, digit by digit', async () => {
      const id = at('paid') as string;
      const { messages } = await world().seller.fetch(id);
      for (const message of messages) {
        expect(message.channelOrderId).toBe(id);
        expect(message.shop).toBe(candidate.shop);
        for (const line of message.lines ?? [])
          expect(
            world()
              .platform.truth()
              .get(id)
              ?.lines.map(([lineId]) => lineId),
          ).toContain(line.lineId);
      }
    });
    test('an order that the platform does not have is refused for good, or is not there yet', async () => {
      const answer = await candidate.adapter.fetchDetail(world().seller.ask, world().seller.subjectOf('1'), world().clock.now());
      expect(answer.ok).toBe(false);
    });
    test('a changed address is another one, and a receiver is told or stands as a token', async () => {
      const id = at('address_changed');
      if (id === null) return expectAbsent(world(), 'address_changed');
      const { messages } = await world().seller.fetch(id);
      expect(messages.some((message) => message.receiver?.token ?? message.receiver?.detail)).toBe(true);
    });
    test.each(PLACES)('%s: a row of the list says nothing else than the detail', async (place) => {
      const id = at(place);
      if (id === null) return expectAbsent(world(), place);
      const rows = await world().seller.walk('orders', world().everything());
      const mine = rows.filter((row) => row.subject?.id === id);
      if (world().platform.truth().get(id)?.isListed === false) return expect(mine).toEqual([]);
      expect(mine.length).toBeGreaterThan(0);
      for (const row of mine) {
        const subject = world().seller.subjectOf(id);
        const heard = candidate.adapter.read('list', row.bytes, subject);
        expect(heard.problems.filter((each) => each.severity === 'blocking')).toEqual([]);
        for (const message of heard.messages) {
          if (message.payable !== undefined) expect(message.payable).toBe(yuanOf(world().platform.truth().get(id)?.payableFen ?? -1));
          if (message.paid !== undefined) expect(message.paid).toBe(yuanOf(world().platform.truth().get(id)?.paidFen ?? -1));
        }
      }
    });
  });
}
