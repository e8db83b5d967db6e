import { env } from 'node:process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCharacter, isOrderKey, orderKeyOf, partitionOfKey, type SerialSecret, serialText } from './order-key.ts';

const SYMBOLS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const secret: SerialSecret = [0x1234567, 0x89abcde, 0xf012345, 0x6789abc];
const KEYS = 1_000_000;

test('over a million keys, every single wrong character and every adjacent swap is caught, the check character included', () => {
  // The check is linear, so whether an error is caught depends on the place and the two symbols only; still each key is really tried:
  // one place of each key in turn against all 35 wrong symbols, and one neighbouring pair in turn.
  let wrong = 0;
  for (let n = 0; n < KEYS; n++) {
    const key = orderKeyOf('DY', '20260222', serialText(n % 64, Math.floor(n / 64), secret));
    expect(isOrderKey(key)).toBe(true);
    const place = n % key.length;
    for (const symbol of SYMBOLS) {
      if (symbol === key[place]) continue;
      if (checkCharacter(key.slice(0, place) + symbol + key.slice(place + 1)) === '0') wrong++;
    }
    const at = n % (key.length - 1);
    if (key[at] !== key[at + 1]) {
      const swapped = key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2);
      if (checkCharacter(swapped) === '0') wrong++;
    }
  }
  expect(wrong).toBe(0);
});

/** All of a million keys take two minutes: `WEIR_KEYS=1000000`. */
const EVERY = Number(env['WEIR_KEYS'] ?? 20_000);
test(`over ${EVERY} keys, every wrong character at every place and every swap of neighbours is caught`, () => {
  let [wrong, tried] = [0, 0];
  const isWhole = (text: string): boolean => checkCharacter(text) === '0';
  for (let n = 0; n < EVERY; n++) {
    const key = orderKeyOf('PD', '20261111', serialText(n % 64, Math.floor(n / 64), secret));
    for (let place = 0; place < key.length; place++) {
      const [before, symbol, after] = [key.slice(0, place), key[place] as string, key.slice(place + 1)];
      for (const other of SYMBOLS) if (other !== symbol && ++tried && isWhole(before + other + after)) wrong++;
      const next = after[0];
      if (next !== undefined && next !== symbol && ++tried && isWhole(before + next + symbol + after.slice(1))) wrong++;
    }
  }
  expect(wrong).toBe(0);
  expect(tried).toBeGreaterThan(EVERY * 16 * 35);
});

test('for one key, every place × symbol and every swap is refused by isOrderKey itself', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 2_000_000 }), (partition, n) => {
      const key = orderKeyOf('TB', '20261111', serialText(partition, n, secret));
      expect(isOrderKey(key)).toBe(true);
      for (let place = 0; place < key.length; place++) {
        for (const symbol of SYMBOLS) expect(isOrderKey(key.slice(0, place) + symbol + key.slice(place + 1))).toBe(symbol === key[place]);
        const [one, other] = [key[place] ?? '', key[place + 1] ?? ''];
        expect(isOrderKey(key.slice(0, place) + other + one + key.slice(place + 2))).toBe(one === other || other === '');
      }
    }),
    { numRuns: 25 },
  );
});

test('a key names its partition, and the serials of a partition never repeat, across the step from five to six characters', () => {
  const seen = new Set<string>();
  for (let n = 943_000; n < 948_000; n++) {
    const serial = serialText(17, n, secret);
    seen.add(serial);
    expect(partitionOfKey(orderKeyOf('XX', '20260101', serial))).toBe(17);
  }
  expect(seen.size).toBe(5_000);
  expect(serialText(17, 944_783, secret)).toHaveLength(5);
  expect(serialText(17, 944_784, secret)).toHaveLength(6);
});

test('the whole five-character range of a partition is a permutation', () => {
  const seen = new Uint8Array(944_784);
  for (let n = 0; n < 944_784; n++) {
    const index = Math.floor(Number.parseInt(serialText(3, n, secret), 36) / 64);
    seen[index] = (seen[index] as number) + 1;
  }
  expect(seen.every((count) => count === 1)).toBe(true);
});
