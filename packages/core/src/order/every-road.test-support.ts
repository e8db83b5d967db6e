/** Stories of one order. Each holds on every road through its facts: shuffled, doubled, with our own steps in between. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Chain, roadThrough } from './arbitrary-facts.ts';
import { seen } from './builders.ts';
import type { Seen } from './events-of.ts';
import { type Fact } from './facts.ts';

const ROADS = 150;

/** `story` may be any of the facts or chains of them; `ends` must hold however they arrive, and all roads must end alike. */
export function onEveryRoad(story: readonly (Fact | Chain)[], ends: (order: Seen) => void): void {
  const chains = story.map((part): Chain => ('type' in part ? [part] : part));
  const straight = seen(...chains.flat());
  ends(straight);
  fc.assert(
    fc.property(roadThrough(chains), (road) => {
      expect(seen(...road)).toEqual(straight);
    }),
    { numRuns: ROADS },
  );
}
export const holdIds = ({ view }: Seen): string[] => view.holds.map((hold) => hold.id);
