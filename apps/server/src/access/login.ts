/** People log in with a password and get a session cookie; a write by cookie needs the console's own header, which no foreign page can send. */
import { randomBytes } from 'node:crypto';
import { LoginAnswer, LogoutAnswer, MeAnswer } from '@weir/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Clock, Db } from '#platform';
import { type Caller, clientOf, type NoteClient, Refusal, route } from '#web';
import { secretHash } from './keys.ts';
import { NOBODY, PASSWORD_LENGTH, passwordFits } from './passwords.ts';
import { endSession, findPerson, findSession, saveSession } from './people-store.ts';
import { audit } from './audit.ts';
import { REVEAL_POLICY } from './sealed.ts';
import { createAddressTries, createTries } from './tries.ts';

const SESSION_MS = 12 * 3_600_000;
const COOKIE = 'weir_session';
/** Wrong passwords for one login, and from one address whatever the login, in five minutes. */
const LOGIN_TRIES = { most: 10, windowMs: 5 * 60_000 } as const;
const ADDRESS_TRIES = { most: 100, windowMs: 5 * 60_000 } as const;
/** A login, a password and what JSON needs around them. */
const LOGIN_BYTES = 4 * 1024;
const CONSOLE_HEADER = 'x-weir-console';

function cookieOf(request: FastifyRequest): string | undefined {
  return request.headers.cookie
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);
}

/** Wrong cookies from one address in a minute. */
const WRONG_COOKIES = { most: 100, windowMs: 60_000 } as const;
const GOOD_REMEMBERED = 10_000;

/**
 * The person behind a session cookie, or null. An address that has sent too many wrong cookies is refused before the database is asked, but
 * never with one that was good a while ago.
 */
export function authenticateSession(
  db: Db,
  clock: Clock,
  note: NoteClient = () => {},
): (request: FastifyRequest) => Promise<Caller | null> {
  const wrong = createAddressTries({ ...WRONG_COOKIES, closed: (client) => note('request.guessing', client) });
  const good = new Set<string>();
  return async (request) => {
    const secret = cookieOf(request);
    if (secret === undefined) return null;
    if (request.method !== 'GET' && request.headers[CONSOLE_HEADER] === undefined) return null;
    const now = clock.now();
    const seconds = good.has(secret) ? 0 : wrong.waitSeconds(request.ip, now);
    if (seconds > 0) throw new Refusal('request.too_many', { seconds }, { retryAfterSeconds: seconds });
    const person = await findSession(db, secretHash(secret), now);
    if (person === null) wrong.failed(request.ip, now);
    if (good.size >= GOOD_REMEMBERED) good.clear();
    if (person !== null) good.add(secret);
    return person === null
      ? null
      : { id: person.id, name: person.name, role: person.role, shops: person.shops === null ? null : new Set(person.shops) };
  };
}

interface LoginDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly note: NoteClient;
}
export function loginRoutes(app: FastifyInstance, deps: LoginDeps): void {
  loginRoute(app, deps);
  logoutRoute(app, deps);
  const me = {
    id: 'readMe',
    method: 'GET',
    path: '/v1/me',
    tag: 'access',
    zh: '我是谁：角色、店铺，以及可以申请查看哪些个人信息',
    en: 'who am I: role, shops, and which personal fields I may ask for',
    answers: { 200: MeAnswer },
  } as const;
  route(app, me, ({ caller: { id, name, role, shops } }) => ({
    id,
    name,
    role,
    shops: shops === null ? null : [...shops],
    reveals: [...REVEAL_POLICY[role]],
  }));
}

/** Who has logged in from where since we began: whoever guesses at a login elsewhere does not close it to them. */
const KNOWN_REMEMBERED = 10_000;

function loginRoute(app: FastifyInstance, { db, clock, note }: LoginDeps): void {
  const [byLogin, byAddress] = [createTries(LOGIN_TRIES), createAddressTries(ADDRESS_TRIES)];
  const known = new Set<string>();
  const declaration = {
    id: 'logIn',
    method: 'POST',
    path: '/v1/login',
    tag: 'access',
    zh: '用密码登录，得到会话 cookie；输错太多次要等',
    en: 'logs in by password and sets the session cookie; too many wrong ones have to wait',
    body: Type.Object(
      {
        login: Type.String({ minLength: 1, maxLength: 100 }),
        password: Type.String({ minLength: 1, maxLength: PASSWORD_LENGTH.maxLength }),
      },
      { additionalProperties: false },
    ),
    bodyBytes: LOGIN_BYTES,
    answers: { 200: LoginAnswer },
    errors: ['login.wrong'],
  } as const;
  route(app, declaration, async ({ request, reply, body: { login, password } }) => {
    const now = clock.now();
    const client = clientOf(request.ip);
    const place = `${client} ${login}`;
    const seconds = Math.max(known.has(place) ? 0 : byLogin.waitSeconds(login, now), byAddress.waitSeconds(request.ip, now));
    if (seconds > 0) note('login.refused', client);
    if (seconds > 0) throw new Refusal('request.too_many', { seconds }, { retryAfterSeconds: seconds });
    const person = await findPerson(db, login);
    const fits = await passwordFits(password, person?.passwordHash ?? NOBODY, client);
    if (person === null || !fits) {
      byLogin.failed(login, now);
      byAddress.failed(request.ip, now);
      note('login.refused', client);
      throw new Refusal('login.wrong');
    }
    byLogin.forget(login);
    if (known.size >= KNOWN_REMEMBERED) known.delete(known.values().next().value as string);
    known.add(place);
    const secret = randomBytes(32).toString('base64url');
    await saveSession(db, secretHash(secret), person.id, now + SESSION_MS);
    await audit(db, now, { ...person, from: { via: 'password', address: request.ip } }, 'login', person.id, {});
    reply.header('set-cookie', `${COOKIE}=${secret}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${SESSION_MS / 1000}`);
    return { id: person.id, name: person.name, role: person.role };
  });
}

function logoutRoute(app: FastifyInstance, { db, clock }: LoginDeps): void {
  const declaration = {
    id: 'logOut',
    method: 'POST',
    path: '/v1/logout',
    tag: 'access',
    zh: '结束会话',
    en: 'ends the session',
    answers: { 200: LogoutAnswer },
  } as const;
  route(app, declaration, async ({ request, reply }) => {
    const secret = cookieOf(request);
    if (secret !== undefined) await endSession(db, secretHash(secret));
    if (secret !== undefined && request.caller?.from?.via === 'session')
      await audit(db, clock.now(), request.caller, 'logout', request.caller.id, {});
    reply.header('set-cookie', `${COOKIE}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0`);
    return { ok: true };
  });
}
