import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLaterList } from './later.ts';

test('who is due first comes first, none comes early, none twice, and the parked ones are counted', () => {
  const one = fc.record({ dueAt: fc.nat(50), isParked: fc.boolean(), step: fc.nat(10) });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 40 }), (wanted) => {
      const list = createLaterList();
      let [now, parked] = [0, 0];
      const taken: { place: number; dueAt: number }[] = [];
      const drain = (): void => {
        for (let next = list.takeDue(now); next !== undefined; next = list.takeDue(now)) {
          expect(next.dueAt).toBeLessThanOrEqual(now);
          if (next.isParked) parked--;
          taken.push(next);
        }
        expect(list.parked).toBe(parked);
      };
      for (const [place, { dueAt, isParked, step }] of wanted.entries()) {
        list.add({ place, dueAt: now + dueAt, tries: 0, isParked });
        if (isParked) parked++;
        now += step;
        drain();
      }
      now = Infinity;
      const before = taken.length;
      drain();
      const rest = taken.slice(before).map(({ dueAt }) => dueAt);
      expect(rest).toEqual(rest.toSorted((a, b) => a - b));
      expect(taken.map(({ place }) => place).toSorted((a, b) => a - b)).toEqual(wanted.map((_, place) => place));
    }),
  );
});
