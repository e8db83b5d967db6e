import { randomInt } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import type { Evidence } from './evidence.ts';
import { describeWorld } from './report.ts';
import { simulate } from './simulate.ts';

/** Nights that are known (several kills; the clock put back over midnight before the first message; a house frozen twice), and one that nobody has seen yet. */
const SEEDS = [7, 39, 85];
const NEW = randomInt(2 ** 31);

/** What really happened in each night. */
const happened = new Map<number, Evidence['struck'] & Evidence['refused']>();

test.each([...SEEDS, NEW])('whatever goes wrong in the night of seed %i, no promise is broken', async (seed) => {
  const told = await simulate(seed, inject('postgresAdminUrl'));
  process.stdout.write(`seed ${seed}\n${describeWorld(told)}\n`);
  expect(told.findings, describeWorld(told)).toEqual([]);
  const { struck, refused } = told.evidence as Evidence;
  happened.set(seed, { ...struck, ...refused });
});

test('the known nights were bad ones: houses were killed, frozen and cut off, orders were parked, breakers opened', () => {
  const known = SEEDS.map((seed) => happened.get(seed));
  for (const what of ['killed', 'frozen', 'cut', 'parked', 'breakers'] as const)
    expect(Math.max(...known.map((night) => night?.[what] ?? 0)), what).toBeGreaterThan(0);
});
