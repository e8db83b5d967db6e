import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
let key: string;
beforeAll(async () => {
  house = await testHouse();
  key = (await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'text' }))).body.orderKey;
});
afterAll(() => house.close());
const isRefused = (pointer: string) => ({
  status: 400,
  body: { code: 'request.invalid', problems: [{ code: 'text.not_unicode', pointer }] },
});

test.each(['\\ud800', '\\udc00 tea', 'a\\u0000b'])('%s in any body is refused with its place, and nothing of it comes in', async (bad) => {
  const parcel = `{"shipments":[{"carrier":"shunfeng","trackingNumber":"SF1${bad}"}]}`;
  expect(await house.send('POST', `/v1/orders/${key}:ship`, parcel)).toMatchObject(isRefused('/shipments/0/trackingNumber'));
  expect(await house.send('POST', `/v1/orders/${key}:hold`, `{"why":"${bad}"}`)).toMatchObject(isRefused('/why'));
  const login = `{"login":"${bad}","password":"long enough to be one"}`;
  expect(await house.send('POST', '/v1/login', login, { token: null })).toMatchObject(isRefused('/login'));
});

test('such a name of a field is refused where it stands', async () => {
  expect(await house.send('POST', `/v1/orders/${key}:hold`, '{"why":"x","a\\ud800":1}')).toMatchObject(isRefused(''));
});

test('what is only escaped, also a character of two halves, is text like any other', async () => {
  const answer = await house.send('POST', `/v1/orders/${key}:hold`, '{"why":"\\u9f99\\ud83d\\ude00 \\\\u0000"}');
  expect(answer.status).toBe(200);
});

test('NUL in an address is nowhere, and in a parameter it is refused by name', async () => {
  for (const path of [`/v1/orders/${key}%00`, '/v1/endpoints/a%00b', '/v1/review-runs/%00'])
    expect(await house.send('GET', path)).toMatchObject({ status: 404, body: { code: 'request.not_found' } });
  expect(await house.send('GET', '/v1/orders?channelOrderId=a%00b')).toMatchObject({
    status: 400,
    body: { problems: [{ pointer: '/channelOrderId' }] },
  });
});
