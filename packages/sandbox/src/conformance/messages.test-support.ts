/** Messages by the channel’s own road: door, queue or socket. */
import type { Adapter } from '@weir/connectors/adapter';
import { describe, expect, test } from 'vitest';
import { createDice } from '../random.ts';
import { expectAbsent, inWorld } from './group.test-support.ts';
import { openSocket } from './seller.test-support.ts';
import { type Candidate, differences, HOUR, roadOf, type Place, PLACES, reach, SECOND } from './world.test-support.ts';

export function hears(candidate: Candidate): void {
  const { adapter } = candidate;
  describe('messages', () => {
    const world = inWorld(candidate, 41);
    const road = roadOf(candidate);
    test.each(PLACES)('%s: messages and the details that they want are enough', async (place) => {
      const id = reach(world(), place);
      if (id === null) return expectAbsent(world(), place);
      await world().bring();
      await world().seller.follow();
      if (world().seller.held(id) === undefined && world().platform.truth().get(id)?.isListed !== false) await world().seller.fetch(id);
      expect(differences(world(), [id])).toEqual([]);
    });
    test('what a message alone proves is never more than the platform holds', async () => {
      const id = reach(world(), 'paid') as string;
      await world().bring();
      const truth = world().platform.truth().get(id);
      const proved = world()
        .seller.heard.filter(({ kind, subject }) => kind === 'push' && subject.id === id)
        .flatMap(({ messages }) => messages);
      expect(proved.filter((message) => message.partial !== true)).toEqual([]);
      expect(proved.filter(({ paid }) => paid !== undefined && Number(paid) > (truth?.paidFen ?? 0) / 100)).toEqual([]);
    });
    test('doubled, swapped and late messages change nothing in the end', async () => {
      world().platform.misbehave({ duplicates: 0.5, reorder: 0.5, delayMs: HOUR });
      const dice = createDice(5);
      const ids = Array.from(
        { length: 12 },
        () => reach(world(), dice.pick(['paid', 'shipped', 'refund_paid_in_part', 'finished'] as const)) as string,
      );
      await world().bring();
      world().platform.misbehave({ duplicates: 0, reorder: 0, delayMs: 0 });
      world().clock.move(2 * HOUR);
      world().platform.mailbox.release();
      await world().bring();
      await world().seller.follow();
      expect(differences(world(), ids)).toEqual([]);
    });
    test('lost messages are made good by the list', async () => {
      world().platform.misbehave({ lost: 1 });
      const ids = ['paid', 'shipped', 'refund_paid_in_part'].map((place) => reach(world(), place as Place) as string);
      world().platform.misbehave({ lost: 0 });
      world().clock.move((adapter.limits.settleSeconds ?? 0) * SECOND + SECOND);
      await world().seller.sweep(world().everything());
      expect(differences(world(), ids)).toEqual([]);
    });
    if (adapter.door) {
      test('at the door: another secret, a changed byte and no signature are refused', () => {
        const { knocks, clock } = world();
        const door = adapter.door as NonNullable<Adapter['door']>;
        const knock = knocks.at(-1) as (typeof knocks)[number];
        expect(door.open(knock, candidate.app, clock.now()).kind).toBe('message');
        const body = Buffer.from(knock.body);
        body[Math.floor(body.length / 2)] = (body[Math.floor(body.length / 2)] as number) ^ 1;
        expect(door.open({ ...knock, body }, candidate.app, clock.now()).kind).toBe('refused');
        expect(door.open({ ...knock, headers: {}, query: {} }, candidate.app, clock.now()).kind).toBe('refused');
      });
      test('at the door: a platform that is answered "later" brings the message again', async () => {
        const { platform, clock } = world();
        const before = platform.mailbox.waiting();
        platform.pushTo('http://127.0.0.1:9/');
        const id = reach(world(), 'paid') as string;
        await platform.mailbox.deliver();
        expect(platform.mailbox.waiting()).toBeGreaterThan(before);
        expect(id).not.toBe('');
        clock.move(HOUR);
      });
    }
    if (road === 'queue')
      test('in the queue: what is not confirmed comes again, what is confirmed does not', async () => {
        const { seller, clock, platform } = world();
        const queue = adapter.queue as NonNullable<Adapter['queue']>;
        await world().bring();
        reach(world(), 'paid');
        await platform.mailbox.deliver();
        const first = await queue.take(seller.askAsApp, candidate.app);
        expect(first.ok && first.value.length).toBeGreaterThan(0);
        clock.move(HOUR);
        const again = await queue.take(seller.askAsApp, candidate.app);
        expect(again.ok && first.ok && again.value.map(({ id }) => id).toSorted()).toEqual(
          first.ok && first.value.map(({ id }) => id).toSorted(),
        );
        if (again.ok) await queue.confirm(seller.askAsApp, [...new Set(again.value.map(({ id }) => id))], candidate.app);
        clock.move(HOUR);
        expect(await queue.take(seller.askAsApp, candidate.app)).toMatchObject({ ok: true, value: [] });
      });
    if (road === 'socket')
      test('over the socket: what is not confirmed comes again on another connection, what is confirmed does not', async () => {
        const { clock, platform } = world();
        await world().bring();
        reach(world(), 'paid');
        const listen = async (isConfirmed: boolean): Promise<string[]> => {
          const heard: string[] = [];
          const socket = await openSocket(adapter, platform, clock, (messages) => {
            heard.push(...messages.map(({ bytes }) => Buffer.from(bytes).toString()));
            return isConfirmed;
          });
          socket.tick();
          await platform.mailbox.deliver();
          await socket.close();
          clock.move(HOUR);
          return heard;
        };
        const first = await listen(false);
        expect(first.length).toBeGreaterThan(0);
        const again = await listen(true);
        expect(again.length).toBeGreaterThanOrEqual(new Set(first).size);
        expect(await listen(true)).toEqual([]);
      });
    if (!adapter.door) test('nobody knocks at its door', () => expect(world().knocks).toEqual([]));
  });
}
