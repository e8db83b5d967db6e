import { afterAll, beforeAll, expect, test } from 'vitest';
import { manualClock } from '#platform';
import { type Answer, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

const clock = manualClock(Date.UTC(2026, 1, 20, 12));
let house: TestHouse;
beforeAll(async () => {
  house = await testHouse({ clock });
});
afterAll(() => house.close());

const PASSWORD = 'correct horse';
const logIn = (login: string, password: string): Promise<Answer> => house.send('POST', '/v1/login', { login, password }, { token: null });
const asPerson = (cookie: unknown, path: string): Promise<Answer> =>
  house.send('GET', path, undefined, { token: null, headers: { cookie: String(cookie).split(';')[0] as string } });
const add = (login: string, more: object = {}): Promise<Answer> =>
  house.send('POST', '/v1/people', { login, role: 'customer_service', ...more });
const auditOf = async (what: string): Promise<{ subject: string; detail: object }[]> =>
  (await house.house.db.query<{ subject: string; detail: string }>('select subject, detail from audit where what = $1', [what])).rows.map(
    ({ subject, detail }) => ({ subject, detail: JSON.parse(detail) as object }),
  );

test('a person that was added logs in within the given role and shops; a made password is told once', async () => {
  const own = await add('anna', { password: PASSWORD, shops: ['own/s1'], name: '安娜' });
  expect(own).toMatchObject({ status: 201, body: { login: 'anna' } });
  expect(own.body).not.toHaveProperty('password');
  const { headers } = await logIn('anna', PASSWORD);
  expect((await asPerson(headers['set-cookie'], '/v1/me')).body).toMatchObject({
    name: '安娜',
    role: 'customer_service',
    shops: ['own/s1'],
  });
  const made = await add('ben');
  expect((await logIn('ben', made.body.password)).status).toBe(200);
  const listed = (await house.send('GET', '/v1/people')).body;
  expect(listed.items.map((item: { login: string }) => item.login)).toEqual(['anna', 'ben']);
  expect(JSON.stringify(listed)).not.toMatch(/hash|password/i);
  expect(await auditOf('person.added')).toContainEqual({
    subject: own.body.id,
    detail: { after: { login: 'anna', role: 'customer_service', shops: ['own/s1'] } },
  });
});

test('a login belongs to one person; a short password and a login with a space are refused with their place', async () => {
  expect(await add('anna')).toMatchObject({ status: 409, body: { code: 'person.login_taken' } });
  expect((await add('carl', { password: 'short' })).body.code).toBe('request.invalid');
  expect((await add('carl carlson')).body).toMatchObject({ code: 'request.invalid', problems: [{ pointer: '/login' }] });
});

test('a reset ends the open sessions, and only the new password is good', async () => {
  const { body } = await add('dora', { password: PASSWORD });
  const { headers } = await logIn('dora', PASSWORD);
  const reset = await house.send('POST', `/v1/people/${body.id}:reset`, {});
  expect((await asPerson(headers['set-cookie'], '/v1/me')).status).toBe(401);
  expect((await logIn('dora', PASSWORD)).status).toBe(401);
  expect((await logIn('dora', reset.body.password)).status).toBe(200);
});

test('a removal ends the open sessions, the login is free again, and the audit knows who it was', async () => {
  const { body } = await add('emil', { password: PASSWORD });
  const { headers } = await logIn('emil', PASSWORD);
  expect((await house.send('POST', `/v1/people/${body.id}:remove`)).body).toEqual({ id: body.id, removed: true });
  expect((await asPerson(headers['set-cookie'], '/v1/me')).status).toBe(401);
  expect((await house.send('POST', `/v1/people/${body.id}:remove`)).body.code).toBe('person.not_found');
  expect((await house.send('POST', `/v1/people/${body.id}:reset`, {})).body.code).toBe('person.not_found');
  expect(await auditOf('person.removed')).toMatchObject([{ subject: body.id, detail: { before: { login: 'emil' } } }]);
  expect((await add('emil')).status).toBe(201);
});

test('only an administrator who is bound to no shop deals with people', async () => {
  const { body } = await house.send('POST', '/v1/tokens', { name: 'bound', role: 'admin', shops: ['own/s1'] });
  for (const token of [body.token, null]) {
    expect((await house.send('GET', '/v1/people', undefined, { token })).status).toBeGreaterThanOrEqual(401);
    expect((await house.send('POST', '/v1/people', { login: 'mallory', role: 'admin' }, { token })).status).toBeGreaterThanOrEqual(401);
  }
});

test('ten wrong passwords close a login, also for the right one, until the five minutes are over', async () => {
  await add('frida', { password: PASSWORD });
  for (let i = 0; i < 10; i++) expect((await logIn('frida', `wrong ${i}`)).status).toBe(401);
  expect(await logIn('frida', PASSWORD)).toMatchObject({ status: 429, body: { code: 'request.too_many' } });
  expect((await logIn('anna', PASSWORD)).status).toBe(200);
  clock.advance(5 * 60_000);
  expect((await logIn('frida', PASSWORD)).status).toBe(200);
});

test('a hundred wrong tokens close their address to new ones for a minute, not to one that was good before', async () => {
  const me = (token: string): Promise<Answer> => house.send('GET', '/v1/me', undefined, { token });
  const fresh = (await house.send('POST', '/v1/tokens', { name: 'fresh', role: 'finance' })).body.token as string;
  for (let i = 0; i < 100; i++) expect((await me(`weir_guess_${i}`)).status).toBe(401);
  expect(await me('weir_guess_100')).toMatchObject({ status: 429, body: { code: 'request.too_many' } });
  expect((await me(fresh)).status).toBe(429);
  clock.advance(10_000); // the good one has left the cache and is looked up again
  expect((await house.send('GET', '/v1/me')).status).toBe(200);
  clock.advance(50_000);
  expect((await me(fresh)).status).toBe(200);
});
