/**
 * Our key of an order: `DY2026022200872A` = channel prefix (2 letters) + business day in +08:00 (8 digits) + serial (≥ 5, base 36)
 * + 1 check character. A key names its partition (serial mod 64) and does not let a stranger read the day's volume.
 */
export type OrderKey = string & { readonly brand: 'OrderKey' };

const SYMBOLS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const PARTITIONS = 64;
const MIN_WIDTH = 5;
const MAX_WIDTH = 8;
const KEY_SHAPE = /^[A-Z]{2}\d{8}[0-9A-Z]{5,8}[0-9A-Z]$/;

// The check character works in GF(4) × GF(9), which has 36 elements: symbol s is the pair (s mod 4, ⌊s / 4⌋). One step is
// state ∘ x = α·state + x with an α whose parts are neither 0 nor 1. Multiplying by α is one-to-one, so one wrong character always
// changes the end; and (s ∘ x) ∘ y = (s ∘ y) ∘ x means (α − 1)(x − y) = 0, so a swap of unlike neighbours always changes it too.
// (A totally anti-symmetric quasigroup; ISO 7064 MOD 37,36 lets some swaps through.) A key is whole when the last state is 0.

/** ω·b in GF(4) = F2[ω]/(ω² + ω + 1). */
const omegaTimes = (b: number) => ((b << 1) & 3) ^ (b & 2 ? 3 : 0);
/** i·(3a + b) in GF(9) = F3[i]/(i² + 1), where 3a + b stands for a·i + b. */
const iTimes = (v: number) => 3 * (v % 3) + ((3 - Math.floor(v / 3)) % 3);
const add9 = (x: number, y: number) => 3 * ((Math.floor(x / 3) + Math.floor(y / 3)) % 3) + (((x % 3) + (y % 3)) % 3);
const STEP = Uint8Array.from({ length: 36 * 36 }, (_, index) => {
  const [state, x] = [Math.floor(index / 36), index % 36];
  return add9(iTimes(state >> 2), x >> 2) * 4 + (omegaTimes(state & 3) ^ (x & 3));
});
/** CLOSE[state] is the one symbol that leads from `state` to 0. */
const CLOSE = Uint8Array.from({ length: 36 }, (_, state) => STEP.subarray(state * 36, state * 36 + 36).indexOf(0));

const symbolOf = (code: number): number => (code >= 48 && code <= 57 ? code - 48 : code >= 65 && code <= 90 ? code - 55 : -1);

function lastState(text: string): number {
  let state = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = symbolOf(text.charCodeAt(i));
    if (symbol < 0) return -1;
    state = STEP[state * 36 + symbol] as number;
  }
  return state;
}

export const checkCharacter = (body: string): string => SYMBOLS[CLOSE[lastState(body)] as number] as string;

/** True for a key that was not mistyped: right shape and right check character. */
export const isOrderKey = (text: string): text is OrderKey => KEY_SHAPE.test(text) && lastState(text) === 0;

/** The partition that a key names, without looking anything up. */
export const partitionOfKey = (key: OrderKey): number => Number(BigInt(`${parseInt(key.slice(10, -1), 36)}`) % 64n);

/** Four round keys that hide the order of serials; from the installation's secret, kept for its whole life. */
export type SerialSecret = readonly [number, number, number, number];

function mix(value: number, key: number): number {
  let h = Math.imul(value ^ key, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

/** A permutation of 0..size-1, another one for each partition: a Feistel network over the next even power of two, walked until it falls inside. */
function permute(index: number, size: number, secret: SerialSecret, partition: number): number {
  const own = Math.imul(partition + 1, 0x9e3779b1);
  const half = Math.ceil(Math.log2(size) / 2);
  const [base, mask] = [2 ** half, 2 ** half - 1];
  let value = index;
  do {
    let [left, right] = [Math.floor(value / base), value & mask];
    for (const key of secret) [left, right] = [right, (left ^ mix(right, key ^ own)) & mask];
    value = left * base + right;
  } while (value >= size);
  return value;
}

/**
 * The n-th serial (n ≥ 0) of a partition, as base-36 text: five characters for the first 944,784, then six, and so on.
 * Every n of a partition gives another serial, and `serial ≡ partition (mod 64)`, so no two partitions share one.
 */
export function serialText(partition: number, n: number, secret: SerialSecret): string {
  let rest = n;
  for (let width = MIN_WIDTH; width <= MAX_WIDTH; width++) {
    const size = 36 ** width / PARTITIONS;
    if (rest < size) {
      const serial = permute(rest, size, secret, partition) * PARTITIONS + partition;
      return serial.toString(36).toUpperCase().padStart(width, '0');
    }
    rest -= size;
  }
  throw new RangeError('a partition has no serial left: 45 thousand million orders');
}

/** Puts a key together. `prefix` is two capital letters, `day` eight digits. */
export function orderKeyOf(prefix: string, day: string, serial: string): OrderKey {
  const body = prefix + day + serial;
  return (body + checkCharacter(body)) as OrderKey;
}
