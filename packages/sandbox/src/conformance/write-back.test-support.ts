/** Telling the channel what left, and our key into the seller’s note. */
import type { LeftParcel, WriteBack } from '@weir/connectors/adapter';
import { WRITE_BACK_CAUSES } from '@weir/contract';
import { describe, expect, test } from 'vitest';
import { expectAbsent, inWorld, severalPieces } from './group.test-support.ts';
import { type Candidate, reach } from './world.test-support.ts';

const KEY = 'DY2026022200872A';
export function tells(candidate: Candidate): void {
  const { adapter } = candidate;
  const { writeBack } = adapter;
  if (writeBack === undefined) return test('it cannot be told what left', () => expect(adapter.writeBack).toBeUndefined());
  describe('telling it what left', () => {
    const world = inWorld(candidate, 51);
    const paid = (): string => reach(world(), 'paid') as string;
    const parcel = (id: string, trackingNumber: string, more: Partial<LeftParcel> = {}): LeftParcel => ({
      id: 'p1',
      carrier: candidate.carrier ?? 'shunfeng',
      trackingNumber,
      former: [],
      lines: (world().platform.truth().get(id)?.lines ?? []).map(([lineId, quantity]) => ({ lineId, quantity })),
      requestId: `${id}-${trackingNumber}`,
      isLast: true,
      ...more,
    });
    const tell = (id: string, parcels: readonly LeftParcel[]): ReturnType<WriteBack['tellShipped']> =>
      writeBack.tellShipped(world().seller.askOnce, world().seller.subjectOf(id), parcels, world().clock.now());
    const numbers = (id: string): string[] =>
      world()
        .platform.shown(1_000)
        .find((order) => order.id === id)
        ?.parcels.map((each) => each.trackingNumber) ?? [];
    let count = 0;
    const number = (): string => `SF${String(51_000_000_000 + count++)}`;

    test('all of it in one parcel, and however often it is told it is there once', async () => {
      const [id, sf] = [paid(), number()];
      expect(await tell(id, [parcel(id, sf)])).toMatchObject({ done: true });
      expect(await tell(id, [parcel(id, sf)])).toMatchObject({ done: true });
      expect(numbers(id)).toEqual([sf]);
      expect(world().platform.truth().get(id)?.stage).toBe('shipped');
    });
    test('the number in other letters is the same parcel', async () => {
      const [id, sf] = [paid(), number()];
      await tell(id, [parcel(id, sf)]);
      expect(await tell(id, [parcel(id, sf.toLowerCase())])).toMatchObject({ done: true });
      expect(numbers(id)).toEqual([sf]);
    });
    test('a corrected number replaces the one before, or a person is told why not', async () => {
      const [id, one, two] = [paid(), number(), number()];
      const first = await tell(id, [parcel(id, one)]);
      const packId = first.done ? first.packIds['p1'] : undefined;
      const told = await tell(id, [parcel(id, two, { former: [one], ...(packId === undefined ? {} : { packId }) })]);
      if (told.done) expect(numbers(id)).toEqual([two]);
      else expect(WRITE_BACK_CAUSES).toHaveProperty(told.cause);
    });
    test('in parts, where it can be told in parts; else a person is told', async () => {
      const id = severalPieces(world());
      if (id === null) return expect(world().platform.truth().size).toBeGreaterThan(0);
      const [line] = (world().platform.truth().get(id)?.lines ?? []).toSorted((a, b) => b[1] - a[1]);
      const pieces = [{ lineId: line?.[0] ?? '', quantity: 1 }];
      const sf = number();
      const told = await tell(id, [parcel(id, sf, { lines: pieces, isLast: false })]);
      if (told.done) expect(numbers(id)).toEqual([sf]);
      else expect(told).toMatchObject({ next: expect.stringMatching(/later|person/) });
    });
    /** One piece in the first, all others in the second. */
    const twoParcels = (id: string, [one, two]: readonly [string, string]): [LeftParcel, LeftParcel] => {
      const lines = world().platform.truth().get(id)?.lines ?? [];
      const all = lines.flatMap(([lineId, quantity]) => Array.from({ length: quantity }, () => lineId));
      const grouped = (ids: readonly string[]) =>
        [...new Set(ids)].map((lineId) => ({ lineId, quantity: ids.filter((each) => each === lineId).length }));
      return [
        parcel(id, one, { id: 'p1', lines: grouped(all.slice(0, 1)), isLast: false }),
        parcel(id, two, { id: 'p2', lines: grouped(all.slice(1)) }),
      ];
    };
    /** Until it is done, or a person must look. */
    const tellOn = async (id: string, parcels: readonly LeftParcel[]) => {
      let told = await tell(id, parcels);
      for (let again = 0; again < 60 && !told.done && told.next === 'later'; again++) told = await tell(id, parcels);
      return told;
    };
    const NIGHTS = Array.from({ length: 12 }, (_, nth) => nth);
    test.each([0, 1])(
      'of two parcels the one at %i is corrected while answers are lost: the right ones stand and no other, or a person is told',
      async (which) => {
        for (const _ of NIGHTS) {
          const id = severalPieces(world());
          if (id === null) return expect(world().platform.truth().size).toBeGreaterThan(0);
          const before = twoParcels(id, [number(), number()]);
          world().platform.misbehave({ lostAnswers: 0.5 });
          const first = await tellOn(id, before);
          const packIds: Readonly<Record<string, string>> = first.packIds;
          const after = before.map((each, nth): LeftParcel => {
            const packId = packIds[each.id];
            const known = packId === undefined ? each : { ...each, packId };
            return nth === which ? { ...known, trackingNumber: number(), former: [each.trackingNumber] } : known;
          });
          const told = await tellOn(id, after);
          world().platform.misbehave({ lostAnswers: 0 });
          if (first.done && told.done) expect(numbers(id).toSorted()).toEqual(after.map((each) => each.trackingNumber).toSorted());
          else expect([first, told].some((each) => !each.done && each.next === 'person')).toBe(true);
        }
      },
    );
    test('two parcels of one order are two there, or a person is told', async () => {
      const id = severalPieces(world());
      if (id === null) return expect(world().platform.truth().size).toBeGreaterThan(0);
      const [one, two] = [number(), number()];
      const parcels = twoParcels(id, [one, two]);
      const told = await tell(id, parcels);
      if (told.done) {
        expect(numbers(id).toSorted()).toEqual([one, two].toSorted());
        expect(await tell(id, parcels)).toMatchObject({ done: true });
        expect(numbers(id).length).toBe(2);
      } else expect(WRITE_BACK_CAUSES).toHaveProperty(told.cause);
    });
    test.each([0, 0.5])(
      'a line that comes into a parcel that was told stands under its number once, or a person is told (%f of the answers lost)',
      async (lostAnswers) => {
        for (const _ of NIGHTS) {
          const id = severalPieces(world()) ?? paid();
          const whole = parcel(id, number());
          if (whole.lines.length === 1) return expect(world().platform.truth().size).toBeGreaterThan(0);
          world().platform.misbehave({ lostAnswers });
          const first = await tellOn(id, [{ ...whole, lines: whole.lines.slice(0, 1), isLast: false }]);
          const packId = first.packIds['p1'];
          const told = await tellOn(id, [packId === undefined ? whole : { ...whole, packId }]);
          world().platform.misbehave({ lostAnswers: 0 });
          if (!told.done) expect(told.next).toBe('person');
          else
            expect(
              world()
                .platform.truth()
                .get(id)
                ?.lines.map(([, quantity, shipped]) => quantity - shipped),
            ).toEqual(whole.lines.map(() => 0));
          expect([...new Set(numbers(id))]).toEqual([whole.trackingNumber]);
          const before = numbers(id);
          await tellOn(id, [whole]);
          expect(numbers(id)).toEqual(before);
        }
      },
    );
    test('somebody shipped on the platform’s pages under the same number: that is a success', async () => {
      if (!world().platform.can('ship')) return expect(world().platform.can('ship')).toBe(false);
      const [id, sf] = [paid(), number()];
      world().platform.ship(id, { carrier: candidate.carrier ?? 'shunfeng', trackingNumber: sf });
      expect(await tell(id, [parcel(id, sf)])).toMatchObject({ done: true });
      expect(numbers(id)).toEqual([sf]);
    });
    test('somebody shipped under another number: a person compares, nothing is overwritten', async () => {
      if (!world().platform.can('ship')) return expect(world().platform.can('ship')).toBe(false);
      const [id, theirs, ours] = [paid(), number(), number()];
      world().platform.ship(id, { carrier: candidate.carrier ?? 'shunfeng', trackingNumber: theirs });
      expect(await tell(id, [parcel(id, ours)])).toMatchObject({ done: false, cause: 'shipped_otherwise', next: 'person' });
      expect(numbers(id)).toEqual([theirs]);
    });
    test.each([
      ['unpaid', ['unpaid_there', 'refused'], 'person'],
      ['cancelled', ['ended_there', 'refused'], 'person'],
      ['closed', ['ended_there', 'refused'], 'person'],
      ['refund_asked', ['after_sale_open', 'refused'], null],
      ['under_check', ['risk_check', 'refused'], null],
    ] as const)('%s: it is refused there, with a cause in words', async (place, causes, next) => {
      const id = reach(world(), place);
      if (id === null) return expectAbsent(world(), place);
      if (world().platform.truth().get(id)?.isListed === false)
        return expect(await tell(id, [parcel(id, number())])).toMatchObject({ done: false });
      const told = await tell(id, [parcel(id, number())]);
      expect(told.done).toBe(false);
      if (told.done) return;
      expect(causes).toContain(told.cause);
      if (next !== null) expect(told.next).toBe(next);
      expect(numbers(id)).toEqual([]);
    });
    test.each(['throttled', 'serverErrors', 'lostAnswers', 'tokenExpiry'] as const)(
      'under %s each parcel is there once in the end',
      async (fault) => {
        const [id, sf] = [paid(), number()];
        world().platform.misbehave({ [fault]: 0.4 });
        let told = await tell(id, [parcel(id, sf)]);
        for (let again = 0; again < 60 && !told.done; again++) told = await tell(id, [parcel(id, sf)]);
        world().platform.misbehave({ [fault]: 0 });
        expect(told).toMatchObject({ done: true });
        expect(numbers(id)).toEqual([sf]);
      },
    );

    const { writeOrderKey } = writeBack;
    if (writeOrderKey === undefined) {
      test('no field of its orders holds our key', () => expect(world().platform.can('writeNote')).toBe(false));
      return;
    }
    const write = (id: string): ReturnType<typeof writeOrderKey> =>
      writeOrderKey(world().seller.askOnce, world().seller.subjectOf(id), KEY);
    test('our key goes into the note once, however often', async () => {
      const id = paid();
      expect(await write(id)).toMatchObject({ done: true });
      expect(await write(id)).toMatchObject({ done: true });
      expect(world().platform.noteOf(id).split(KEY).length).toBe(2);
    });
    test('what people wrote stays, character by character', async () => {
      const id = paid();
      const words = '  加急！ 🎂 <b>&amp;</b> 送前电话 ';
      world().platform.writeNote(id, words);
      await write(id);
      expect(world().platform.noteOf(id)).toContain(words.trim());
      world().platform.writeNote(id, `${world().platform.noteOf(id)} 改`);
      await write(id);
      expect(world().platform.noteOf(id).split(KEY).length).toBe(2);
      expect(world().platform.noteOf(id)).toContain('改');
    });
    test.each(['throttled', 'serverErrors', 'lostAnswers', 'tokenExpiry'] as const)(
      'under %s it is there once in the end',
      async (fault) => {
        const id = paid();
        world().platform.misbehave({ [fault]: 0.4 });
        let told = await write(id);
        for (let again = 0; again < 60 && !told.done; again++) told = await write(id);
        world().platform.misbehave({ [fault]: 0 });
        expect(told).toMatchObject({ done: true });
        expect(world().platform.noteOf(id).split(KEY).length).toBe(2);
      },
    );
  });
}
