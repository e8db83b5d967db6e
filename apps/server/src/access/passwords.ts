/** Passwords: kept as scrypt, compared in constant time, a few at once, because each costs a processor some 50 ms and 16 MB. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { createTurns } from './turns.ts';

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;
const PLACES = { atOnce: 4, waitingEach: 4, waiting: 256 } as const;
const MADE_BYTES = 12;
export const PASSWORD_LENGTH = { minLength: 10, maxLength: 200 } as const;
/** Stands for a person who is not there: comparing takes as long. */
export const NOBODY = `${'00'.repeat(16)}:${'00'.repeat(32)}`;

const inTurn = createTurns(PLACES);
/** Whoever has too many waiting is sent away for a second, before any work is done. */
const scryptOf = (password: string, salt: Buffer, client: string): Promise<Buffer> => inTurn(client, () => derive(password, salt, 32));

export const madePassword = (): string => randomBytes(MADE_BYTES).toString('base64url');

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await scryptOf(password, salt, 'the house')).toString('hex')}`;
}
/** `client`: who asks; each gets its turn. */
export async function passwordFits(password: string, stored: string, client: string): Promise<boolean> {
  const [salt = '', expected = ''] = stored.split(':');
  const found = await scryptOf(password, Buffer.from(salt, 'hex'), client);
  return timingSafeEqual(found, Buffer.from(expected.padEnd(64, '0').slice(0, 64), 'hex'));
}
