/** Passwords: kept as scrypt, compared in constant time, a few at once, because each costs a processor some 50 ms and 16 MB. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Refusal } from '#web';

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;
const AT_ONCE = 4;
const MADE_BYTES = 12;
export const PASSWORD_LENGTH = { minLength: 10, maxLength: 200 } as const;
/** Stands for a person who is not there: comparing takes as long. */
export const NOBODY = `${'00'.repeat(16)}:${'00'.repeat(32)}`;

let running = 0;
/** Whoever comes when all places are taken is sent away for a second, before any work is done. */
async function scryptOf(password: string, salt: Buffer): Promise<Buffer> {
  if (running >= AT_ONCE) throw new Refusal('request.too_many', { seconds: 1 }, { retryAfterSeconds: 1 });
  running++;
  try {
    return await derive(password, salt, 32);
  } finally {
    running--;
  }
}

export const madePassword = (): string => randomBytes(MADE_BYTES).toString('base64url');

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await scryptOf(password, salt)).toString('hex')}`;
}
export async function passwordFits(password: string, stored: string): Promise<boolean> {
  const [salt = '', expected = ''] = stored.split(':');
  const found = await scryptOf(password, Buffer.from(salt, 'hex'));
  return timingSafeEqual(found, Buffer.from(expected.padEnd(64, '0').slice(0, 64), 'hex'));
}
