/** The push door as platforms of every kind use it: a check of the address, bytes under any name, replies of any form. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Knock, Reply } from '@weir/connectors/adapter';
import { FAKE, fakeAdapter, telling } from '../../../../tests/support/fake-channel.ts';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

const SECRET = 'known to both';
let house: TestHouse;
let at: string;
const knocks: Knock[] = [];
const replies: { taken: Reply; refused: Reply; later: Reply } = {
  taken: { status: 200, body: 'success' },
  refused: { status: 401, body: { code: 'FAIL', message: 'no' } },
  later: { status: 500, body: '' },
};
beforeAll(async () => {
  const adapter = fakeAdapter({
    door: {
      replies,
      open(knock, app) {
        knocks.push(knock);
        if (knock.query['sign'] !== app.secret) return { kind: 'refused' };
        if (knock.method === 'GET') return { kind: 'answered', reply: { status: 200, body: String(knock.query['echostr'] ?? '') } };
        return { kind: 'message', bytes: knock.body };
      },
    },
  });
  house = await testHouse({ adapters: [adapter] });
  const app = (await house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: SECRET, name: 'app' })).body;
  at = app.pushPath;
  await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app: app.id });
});
afterAll(() => house.close());

const ask = (method: 'GET' | 'POST' | 'HEAD', query: string, payload?: Buffer | string, type?: string) =>
  house.house.app.inject({
    method,
    url: `${at}?${query}`,
    ...(payload === undefined ? {} : { payload }),
    headers: type === undefined ? {} : { 'content-type': type },
  });
const isHere = (id: string) =>
  waitUntil(`order ${id} is here`, async () => {
    const { body } = await house.send('GET', `/v1/orders?channel=${FAKE}&channelOrderId=${id}`);
    return body.items.length === 1;
  });
const good = `sign=${encodeURIComponent(SECRET)}`;

test('a platform that tries our address hears what it wants, and nothing is stored', async () => {
  const answer = await ask('GET', `${good}&echostr=${encodeURIComponent('a b+&"中')}&x=1&x=2`);
  expect([answer.statusCode, answer.body]).toEqual([200, 'a b+&"中']);
  expect(answer.headers['content-type']).toMatch(/^text\/plain/);
  expect(answer.headers['x-content-type-options']).toBe('nosniff');
  expect(knocks.at(-1)).toMatchObject({ method: 'GET', query: { sign: SECRET, echostr: 'a b+&"中', x: ['1', '2'] } });
  expect(knocks.at(-1)?.body.length).toBe(0);
  const { rows } = await house.house.db.query('select 1 from inbox');
  expect(rows).toEqual([]);
});

test('an empty answer is an empty body', async () => {
  const answer = await ask('GET', good);
  expect([answer.statusCode, answer.body]).toEqual([200, '']);
});

test('the exact bytes are taken whatever they are called, also without a name', async () => {
  const types = [
    'text/xml',
    'application/json',
    'application/x-ndjson',
    'application/x-www-form-urlencoded',
    'application/octet-stream',
    undefined,
  ];
  for (const [i, type] of types.entries()) {
    const body = Buffer.concat([Buffer.from(' '.repeat(i)), telling('1', [`typed-${i}`]), Buffer.from('\r\n ')]);
    const answer = await ask('POST', good, body, type);
    expect([type, answer.statusCode, answer.body]).toEqual([type, 200, 'success']);
    expect(Buffer.from(knocks.at(-1)?.body ?? []).equals(body)).toBe(true);
    expect(knocks.at(-1)?.headers['content-type']).toBe(type);
    await isHere(`typed-${i}`);
  }
  const bare = await house.house.app.inject({ method: 'POST', url: `${at}?${good}` });
  expect(bare.statusCode).toBe(200);
  expect(knocks.at(-1)?.body.length).toBe(0);
});

test('who knocks with a wrong signature is refused in the platform’s words and counted, trying the address or pushing', async () => {
  for (const method of ['GET', 'POST'] as const) {
    const answer = await ask(method, 'sign=guessed', method === 'POST' ? '{}' : undefined);
    expect([answer.statusCode, answer.json()]).toEqual([401, { code: 'FAIL', message: 'no' }]);
  }
  await waitUntil('both are counted', async () => (await house.send('GET', '/v1/apps')).body.items[0].wrongSignatures.total === 2);
});

test('no other address takes bytes under any name', async () => {
  const answer = await house.house.app.inject({
    method: 'POST',
    url: '/v1/orders',
    payload: '<a/>',
    headers: { 'content-type': 'text/xml' },
  });
  expect(answer.statusCode).not.toBe(200);
  const admin = await house.send('POST', '/v1/orders', '<a/>', { headers: { 'content-type': 'text/xml' } });
  expect(admin).toMatchObject({ status: 415, body: { code: 'request.unsupported_media_type' } });
  expect((await house.send('GET', `/v1/intake/${FAKE}/app_unknown`)).status).toBe(404);
});
