import { randomInt } from 'node:crypto';
import { expect, inject, test } from 'vitest';
import { describeWorld } from './report.ts';
import { simulate } from './simulate.ts';

/** Two nights that are known (several kills; the clock put back over midnight before the first message), and one that nobody has seen yet. */
const SEEDS = [7, 39];
const NEW = randomInt(2 ** 31);

test.each([...SEEDS, NEW])('whatever goes wrong in the night of seed %i, no promise is broken', async (seed) => {
  const told = await simulate(seed, inject('postgresAdminUrl'));
  process.stdout.write(`seed ${seed}\n${describeWorld(told)}\n`);
  expect(told.findings, describeWorld(told)).toEqual([]);
});
