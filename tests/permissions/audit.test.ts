/** Whoever changes something leaves a record that names him and nobody of the same name. */
import { PERMISSIONS } from '@weir/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { wordsOf } from '../../apps/console/src/words/words.ts';
import { CASES } from './cases.ts';
import { openWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Changes nothing here: why. Cases that can only be refused here (`letIn`) are audited in the tests of their rooms. */
const NO_CHANGE: Readonly<Record<string, string>> = { 'POST /v1/logout': 'nobody is logged in here; a real one is tried below' };
/** Told so often that a record says how many they were in an hour; `noteTold` ends the hour. */
const TALLIED: readonly string[] = ['POST /v1/orders'];
const newest = async (): Promise<{ who: string; via: string | null; address: string | null; detail: string }[]> =>
  (
    await world.house.house.db.query<{ who: string; via: string; address: string; detail: string }>(
      'select who, via, address, detail::text as detail from audit order by at desc, serial desc limit 5',
    )
  ).rows;
const records = async (): Promise<number> =>
  (await world.house.house.db.query<{ n: number }>('select count(*) as n from audit')).rows[0]?.n ?? 0;

test('every route that changes something leaves a record with who and from where, also of two who share a name', async () => {
  const silent: string[] = [];
  const { id, token } = await world.make('/v1/tokens', { name: 'admin', role: 'admin' });
  const twin = { ...world.admin, name: 'its namesake', headers: { authorization: `Bearer ${token}` } };
  for (const [address, one] of Object.entries(CASES)) {
    if (address.startsWith('GET ') || address in NO_CHANGE) continue;
    const wish = await one.wish(world);
    await world.house.house.noteTold();
    const before = await records();
    const reply = await world.ask(twin, 'POST', wish);
    if (one.letIn !== undefined && [reply.code, String(reply.status)].includes(one.letIn)) continue;
    if (reply.status >= 300) throw new Error(`${address}: ${reply.status} ${reply.text}`);
    if (TALLIED.includes(address)) await world.house.house.noteTold();
    if ((await records()) === before) silent.push(address);
    const [record] = await newest();
    if (record?.who !== id || record?.via !== 'token' || !record.address?.includes('127.0.0.1'))
      silent.push(`${address}: ${JSON.stringify(record)}`);
  }
  expect(silent).toEqual([]);
});

test('every thing that is written down has a word in the console, in both languages', async () => {
  const { rows } = await world.house.house.db.query<{ what: string }>('select distinct what from audit');
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter(({ what }) => (['zh', 'en'] as const).some((language) => wordsOf(language).name('audit', what) === what))).toEqual([]);
});

test('the exceptions are routes, and each says why', () => {
  expect([...Object.keys(NO_CHANGE), ...TALLIED].filter((address) => !(address in PERMISSIONS))).toEqual([]);
});

test('login and logout are records too, with the way they came', async () => {
  await world.make('/v1/people', { login: 'wang', role: 'finance', password: 'a long password of a test' });
  const wrong = await world.ask({ ...world.admin, headers: {} }, 'POST', { path: '/v1/login', body: { login: 'wang', password: 'no' } });
  expect(wrong.status).toBe(401);
  const login = await world.ask({ ...world.admin, headers: {} }, 'POST', {
    path: '/v1/login',
    body: { login: 'wang', password: 'a long password of a test' },
  });
  const { id } = JSON.parse(login.text) as { id: string };
  expect((await newest())[0]).toMatchObject({ who: id, via: 'password' });
  const cookie = (login.headers.get('set-cookie') as string).split(';')[0] as string;
  await world.ask({ ...world.admin, headers: { cookie, 'x-weir-console': '1' } }, 'POST', { path: '/v1/logout' });
  expect((await newest())[0]).toMatchObject({ who: id, via: 'session' });
});

test('what changed stands in the record, before and after, and no secret does', async () => {
  await world.make('/v1/shops', { channel: 'own', shop: 'shop-of-the-first', name: 'a new name' });
  const newestOf = async (what: string) =>
    JSON.parse((await world.ask(world.admin, 'GET', { path: `/v1/audit?what=${what}&limit=1` })).text).items[0];
  expect(await newestOf('shop.connected')).toMatchObject({
    subject: 'own/shop-of-the-first',
    detail: { before: { name: expect.any(String) }, after: { name: 'a new name' } },
  });
  await world.make('/v1/apps', { channel: 'douyin', key: '43', secret: 'first-secret-of-43', name: 'before' });
  await world.make('/v1/apps', { channel: 'douyin', key: '43', secret: 'second-secret-of-43', name: 'after' });
  expect(await newestOf('app.registered')).toMatchObject({
    detail: { before: { name: 'before' }, after: { name: 'after', secretChanged: true } },
  });
  const { rows } = await world.house.house.db.query<{ text: string }>('select detail::text as text from audit');
  expect(rows.filter(({ text }) => text.includes('secret-of-43') || text.includes('a long password'))).toEqual([]);
});

test('a change whose record cannot be written does not happen', async () => {
  const { db } = world.house.house;
  const { id } = await world.make('/v1/people', { login: 'remains', role: 'owner' });
  const token = await world.make('/v1/tokens', { name: 'stays', role: 'owner' });
  await db.query(
    `create function refuse_records() returns trigger language plpgsql as $$ begin raise exception 'no records today'; end $$`,
  );
  await db.query('create trigger refuse_records before insert on audit for each row execute function refuse_records()');
  try {
    for (const [path, body] of [
      ['/v1/tokens', { name: 'unrecorded', role: 'admin' }],
      [`/v1/tokens/${token.id}:revoke`, undefined],
      ['/v1/people', { login: 'unrecorded', role: 'admin' }],
      [`/v1/people/${id}:remove`, undefined],
      ['/v1/shops', { channel: 'own', shop: 'unrecorded', name: 'x' }],
      ['/v1/apps', { channel: 'douyin', key: 'unrecorded', secret: 'unrecorded', name: 'x' }],
    ] as const)
      expect((await world.ask(world.admin, 'POST', { path, body })).status, path).toBe(500);
  } finally {
    await db.query('drop trigger refuse_records on audit; drop function refuse_records()');
  }
  const left = await Promise.all(
    ['/v1/tokens', '/v1/people', '/v1/shops', '/v1/apps'].map((path) => world.ask(world.admin, 'GET', { path })),
  );
  expect(left.map(({ text }) => text.includes('unrecorded'))).toEqual([false, false, false, false]);
  const tokens = JSON.parse(left[0]?.text ?? '').items as { id: string; revokedAt: string | null }[];
  expect(tokens.find((each) => each.id === token.id)?.revokedAt).toBeNull();
  expect(left[1]?.text).toContain(id);
});

test('the list is filtered by who, what, what about and time, in pages that lose and repeat none', async () => {
  const read = async (query: string) => JSON.parse((await world.ask(world.admin, 'GET', { path: `/v1/audit?${query}` })).text);
  const all: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: { id: string }[]; nextCursor: string | null } = await read(
      `limit=7${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    all.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  expect(all).toHaveLength(await records());
  expect(new Set(all).size).toBe(all.length);
  const some = await read('what=token.created&who=tok_admin&limit=200');
  expect(some.items.length).toBeGreaterThan(20);
  expect(new Set(some.items.map((item: { what: string }) => item.what))).toEqual(new Set(['token.created']));
  expect((await read('to=2001-01-01T00:00:00Z')).items).toEqual([]);
  expect((await read('who=nobody')).items).toEqual([]);
  expect((await read('who=admin')).items.length).toBeGreaterThan(5); // by name as well
});
