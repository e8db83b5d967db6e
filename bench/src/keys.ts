/** `keys`: order keys from partition and number, with hidden serial and check character, against a random UUID, which says nothing and checks nothing. */
import { randomUUID } from 'node:crypto';
import { isOrderKey, orderKeyOf, type SerialSecret, serialText } from '@weir/core';
import { type Figure, figure } from './report.ts';

const ROUND = 500_000;
const ROUNDS = 5;
const SECRET: SerialSecret = [0x1234567, 0x89abcde, 0xf012345, 0x6789abc];

function best(run: (n: number) => string): number {
  let most = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    let last = '';
    for (let i = 0; i < ROUND; i++) last = run(round * ROUND + i);
    most = Math.max(most, (ROUND * 1000) / (performance.now() - start));
    if (last.length < 16) throw new Error(`no key was made: ${last}`);
  }
  return most;
}

export function keys(): Figure[] {
  const key = (n: number): string => orderKeyOf('DY', '20260222', serialText(n % 64, Math.floor(n / 64), SECRET));
  if (!isOrderKey(key(0))) throw new Error('a key that was made is no key');
  const uuids = best(() => randomUUID());
  return [figure('keys', best(key), 'keys/s', 'crypto.randomUUID()', uuids, '≥ 1,000,000/s')];
}
