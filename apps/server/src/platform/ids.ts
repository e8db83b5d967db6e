import { randomFillSync } from 'node:crypto';
import { systemClock } from './clock.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARACTERS = 10; // 50 bits of milliseconds: enough until the year 37648
const RANDOM_CHARACTERS = 16; // 80 bits
const IDS_AT_ONCE = 256;

/** Randomness is asked for many ids at once: each asking costs more than an id. */
const pool = Buffer.alloc(RANDOM_CHARACTERS * IDS_AT_ONCE);
let used = pool.length;

/**
 * A name nobody has to hand out: `<prefix>_` + time in milliseconds + 80 random bits, in lower-case base 32 without i, l, o, u.
 * Ids made later sort later (to the millisecond), which keeps index pages warm. Not a secret: use a token for that.
 */
export function newId(prefix: string, nowMs: number = systemClock.now()): string {
  let time = '';
  for (let rest = nowMs, i = 0; i < TIME_CHARACTERS; i += 1) {
    time = ALPHABET.charAt(rest % 32) + time;
    rest = Math.floor(rest / 32);
  }
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  let random = '';
  for (const end = used + RANDOM_CHARACTERS; used < end; used += 1) random += ALPHABET.charAt((pool[used] as number) & 31);
  return `${prefix}_${time}${random}`;
}
