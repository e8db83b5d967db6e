/** Through the door, on a house that allows no private addresses: an attack makes no endpoint, and what is refused says so without repeating a password. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

test.each([
  ['http://127.0.0.1/', 422],
  ['http://localhost./', 422],
  ['http://0x7f.1/', 422],
  ['http://[::ffff:169.254.169.254]/', 422],
  ['http://user:hunter2@1.1.1.1/', 422],
  ['http://metadata.google.internal/', 422],
  ['http://1.1.1.1:6379/', 422],
  ['http://[fe80::1%25eth0]/', 400],
  ['http://256.1.1.1/', 400],
  ['ftp://example.com/', 400],
])('%s is refused with %i', async (url, wanted) => {
  const { status, body } = await house.send('POST', '/v1/endpoints', { name: 'x', url });
  expect([status, body.code]).toEqual([wanted, wanted === 422 ? 'endpoint.address_refused' : 'request.invalid']);
  expect(JSON.stringify(body)).not.toContain('hunter2');
  expect((await house.send('GET', '/v1/endpoints')).body.items).toEqual([]);
});
