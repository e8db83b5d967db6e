/** People log in with a password (scrypt) and get a session cookie; a write by cookie needs the console's own header, which no foreign page can send. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Role } from '@weir/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import { type Clock, type Db, newId } from '#platform';
import { bodyReader, callerOf, Refusal } from '#web';
import { secretHash } from './keys.ts';
import { audit } from './reveal.ts';
import { REVEAL_POLICY } from './sealed.ts';
import { endSession, findPerson, findSession, savePerson, saveSession } from './store.ts';
import type { Caller } from '#web';

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;
const SESSION_MS = 12 * 3_600_000;
const COOKIE = 'weir_session';
const TRIES = 10;
const TRIES_WINDOW_MS = 5 * 60_000;
const TRACKED_LOGINS = 10_000;
const CONSOLE_HEADER = 'x-weir-console';

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt, 32)).toString('hex')}`;
}
async function passwordFits(password: string, stored: string): Promise<boolean> {
  const [salt = '', expected = ''] = stored.split(':');
  const found = await derive(password, Buffer.from(salt, 'hex'), 32);
  return timingSafeEqual(found, Buffer.from(expected.padEnd(64, '0').slice(0, 64), 'hex'));
}
const NOBODY = `${'00'.repeat(16)}:${'00'.repeat(32)}`;

export async function ensurePerson(db: Db, wanted: { login: string; name: string; role: Role; password: string }): Promise<void> {
  await savePerson(db, {
    id: newId('usr'),
    login: wanted.login,
    name: wanted.name,
    role: wanted.role,
    passwordHash: await hashPassword(wanted.password),
  });
}

function cookieOf(request: FastifyRequest): string | undefined {
  return request.headers.cookie
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
}

/** The person behind a session cookie, or null. */
export function authenticateSession(db: Db, clock: Clock): (request: FastifyRequest) => Promise<Caller | null> {
  return async (request) => {
    const secret = cookieOf(request);
    if (secret === undefined) return null;
    if (request.method !== 'GET' && request.headers[CONSOLE_HEADER] === undefined) return null;
    const person = await findSession(db, secretHash(secret), clock.now());
    return person === null
      ? null
      : { id: person.id, name: person.name, role: person.role, shops: person.shops === null ? null : new Set(person.shops) };
  };
}

export function loginRoutes(app: FastifyInstance, { db, clock }: { readonly db: Db; readonly clock: Clock }): void {
  const failures = new Map<string, { count: number; since: number }>();
  const read = bodyReader(
    Type.Object(
      { login: Type.String({ minLength: 1, maxLength: 100 }), password: Type.String({ minLength: 1, maxLength: 200 }) },
      { additionalProperties: false },
    ),
  );
  app.post('/v1/login', async (request, reply) => {
    const { login, password } = read(request);
    const now = clock.now();
    const known = failures.get(login);
    if (known && known.since + TRIES_WINDOW_MS > now && known.count >= TRIES) {
      const seconds = Math.ceil((known.since + TRIES_WINDOW_MS - now) / 1000);
      throw new Refusal('request.too_many', { seconds }, { retryAfterSeconds: seconds });
    }
    const person = await findPerson(db, login);
    const fits = await passwordFits(password, person?.passwordHash ?? NOBODY);
    if (person === null || !fits) {
      if (failures.size >= TRACKED_LOGINS) failures.clear();
      failures.set(login, known && known.since + TRIES_WINDOW_MS > now ? { ...known, count: known.count + 1 } : { count: 1, since: now });
      throw new Refusal('login.wrong');
    }
    failures.delete(login);
    const secret = randomBytes(32).toString('base64url');
    await saveSession(db, secretHash(secret), person.id, now + SESSION_MS);
    await audit(db, now, person, 'login', person.id, {});
    reply.header('set-cookie', `${COOKIE}=${secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_MS / 1000}`);
    return { id: person.id, name: person.name, role: person.role };
  });
  app.post('/v1/logout', async (request, reply) => {
    const secret = cookieOf(request);
    if (secret !== undefined) await endSession(db, secretHash(secret));
    reply.header('set-cookie', `${COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`);
    return { ok: true };
  });
  app.get('/v1/me', (request) => {
    const { id, name, role, shops } = callerOf(request);
    return { id, name, role, shops: shops === null ? null : [...shops], reveals: REVEAL_POLICY[role] };
  });
}
