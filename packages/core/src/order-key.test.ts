import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkCharacter, isOrderKey, orderKeyOf, partitionOfKey, type SerialSecret, serialText } from './order-key.ts';

const SYMBOLS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const secret: SerialSecret = [0x1234567, 0x89abcde, 0xf012345, 0x6789abc];
const KEYS = 1_024_000;

/** mulberry32: the same sample each time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let h = Math.imul(state ^ (state >>> 15), 1 | state);
    h = (h + Math.imul(h ^ (h >>> 7), 61 | h)) ^ h;
    return ((h ^ (h >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PREFIXES = ['DY', 'TB', 'PD', 'WX', 'XX'] as const;
/** Around the step of a partition from five to six characters, so that half of the keys are longer. */
const FIRST = 944_784 - KEYS / 128;
function keyNumber(i: number): string {
  const day = `2026${String(1 + (i % 12)).padStart(2, '0')}${String(1 + (i % 28)).padStart(2, '0')}`;
  return orderKeyOf(PREFIXES[i % PREFIXES.length] as string, day, serialText(i % 64, FIRST + Math.floor(i / 64), secret));
}
const isWhole = (text: string): boolean => checkCharacter(text) === '0';

// The check as a machine of 36 states, asked of `checkCharacter` itself: a text's state is named by the character that would close it.
const symbolOf = new Uint8Array(128);
for (const [value, symbol] of SYMBOLS.split('').entries()) symbolOf[symbol.charCodeAt(0)] = value;
const stateOf = (text: string): number => SYMBOLS.indexOf(checkCharacter(text));
const [AFTER, BEFORE] = [new Uint8Array(36 * 36).fill(255), new Uint8Array(36 * 36).fill(255)];
for (const opening of SYMBOLS)
  for (const [value, symbol] of SYMBOLS.split('').entries()) {
    const [from, to] = [stateOf(opening), stateOf(opening + symbol)];
    AFTER[from * 36 + value] = to;
    BEFORE[to * 36 + value] = from;
  }
const [START, WHOLE] = [stateOf(''), 0];

/** Walked from both ends, each wrong key costs one look: where it is after the error, against where it must be for the rest to close it. */
const [symbols, ahead, behind] = [new Uint8Array(24), new Uint8Array(24), new Uint8Array(24)];
function walk(key: string): void {
  for (let i = 0; i < key.length; i++) symbols[i] = symbolOf[key.charCodeAt(i)] as number;
  ahead[0] = START;
  for (let i = 0; i < key.length; i++) ahead[i + 1] = AFTER[(ahead[i] as number) * 36 + (symbols[i] as number)] as number;
  behind[key.length] = WHOLE;
  for (let i = key.length - 1; i >= 0; i--) behind[i] = BEFORE[(behind[i + 1] as number) * 36 + (symbols[i] as number)] as number;
}
/** How many of all single substitutions and all swaps of unlike neighbours of the key were tried, and how many of them look whole. */
function trySingleErrors(key: string, tally: { tried: number; missed: number }): void {
  walk(key);
  for (let place = 0; place < key.length; place++) {
    const [row, own, wanted] = [(ahead[place] as number) * 36, symbols[place] as number, behind[place + 1]];
    for (let symbol = 0; symbol < 36; symbol++) if (symbol !== own && AFTER[row + symbol] === wanted) tally.missed++;
    tally.tried += 35;
    const next = symbols[place + 1] as number;
    if (place + 1 === key.length || next === own) continue;
    if (AFTER[(AFTER[row + next] as number) * 36 + own] === behind[place + 2]) tally.missed++;
    tally.tried++;
  }
}

test('over a million keys, every wrong character at every place and every swap of unlike neighbours is caught, the check character included', () => {
  const tally = { tried: 0, missed: 0 };
  let [refused, long] = [0, 0];
  for (let i = 0; i < KEYS; i++) {
    const key = keyNumber(i);
    if (!isOrderKey(key)) refused++;
    if (key.length === 17) long++;
    trySingleErrors(key, tally);
  }
  expect({ refused, long, missed: tally.missed }).toEqual({ refused: 0, long: KEYS / 2, missed: 0 });
  expect(tally.tried).toBeGreaterThan(KEYS * 16.5 * 35);
});

test('the machine of 36 states says of a key with one, two or three wrong characters what the check itself says', () => {
  const dice = seeded(20_260_220);
  let whole = 0;
  for (let i = 0; i < 300_000; i++) {
    const characters = keyNumber(Math.floor(dice() * KEYS)).split('');
    for (let wrong = 0; wrong <= i % 3; wrong++)
      characters[Math.floor(dice() * characters.length)] = SYMBOLS[Math.floor(dice() * 36)] as string;
    const text = characters.join('');
    walk(text);
    const isClosed = ahead[text.length] === WHOLE;
    if (isClosed !== isWhole(text) || isClosed !== (behind[0] === START) || (isOrderKey(text) && !isClosed)) throw new Error(text);
    if (isClosed) whole++;
  }
  expect(whole).toBeGreaterThan(300_000 / 36 / 2); // both answers were met
});

test('over 25 keys, every wrong character and every swap is refused by isOrderKey itself', () => {
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
