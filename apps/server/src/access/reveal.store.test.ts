/** The doors to personal text: what opens is on record first, what is refused is on record too. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

const PHONE = '13800138000';
const SAID = '他的电话是 13800138000';
const REVEALS_PER_DAY = 300;

let house: TestHouse;
let rude: Server;
let key: string;
beforeAll(async () => {
  house = await testHouse({ allowPrivateEndpoints: true });
  key = (await house.send('POST', '/v1/orders', neutralOrder())).body.orderKey;
  rude = createServer((_, response) => response.writeHead(500).end(SAID));
  await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await house.close();
  rude.closeAllConnections();
  rude.close();
});
const newToken = async (role: string): Promise<{ id: string; token: string }> =>
  (await house.send('POST', '/v1/tokens', { name: role, role })).body;
const reveal = (token?: string) =>
  house.send('POST', `/v1/orders/${key}:reveal`, { fields: ['receiver.phone'], purpose: 'deliver' }, token === undefined ? {} : { token });
const recordsOf = async (who: string): Promise<unknown> =>
  (
    await house.house.db.query(
      `select what, subject, count(*)::int as n from audit where who = $1 and what like 'reveal%' group by what, subject order by what`,
      [who],
    )
  ).rows;

/** A try that failed, and what was answered to it. */
async function failedDelivery(): Promise<string> {
  const url = `http://127.0.0.1:${(rude.address() as AddressInfo).port}/`;
  const { id } = (await house.send('POST', '/v1/endpoints', { name: 'rude', url })).body;
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: '1002', receiver: null, buyer: null }));
  const failed = async () => (await house.send('GET', `/v1/endpoints/${id}/deliveries?outcome=failed`)).body.items[0]?.id as string;
  await waitUntil('it failed', async () => (await failed()) !== undefined);
  return `/v1/endpoints/${id}/deliveries/${await failed()}`;
}

test('what cannot be written down is not shown: no text comes without its record', async () => {
  const delivery = await failedDelivery();
  const doors: readonly (() => ReturnType<typeof reveal>)[] = [
    () => reveal(),
    () => house.send('POST', '/v1/orders:search', { phone: PHONE }),
    () => house.send('POST', `${delivery}:revealAnswer`, {}),
  ];
  const opened = await Promise.all(doors.map((ask) => ask()));
  expect(opened.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(opened.map(({ body }) => JSON.stringify(body))).toEqual([
    expect.stringContaining(PHONE),
    expect.stringContaining(key),
    expect.stringContaining(SAID),
  ]);
  await house.house.db.query('alter table audit rename to audit_away');
  const unwritten = await Promise.all(doors.map((ask) => ask()));
  await house.house.db.query('alter table audit_away rename to audit');
  expect(unwritten.map(({ status }) => status)).toEqual([500, 500, 500]);
  for (const { body } of unwritten) expect(JSON.stringify(body)).not.toMatch(new RegExp(`${PHONE}|${key}|${SAID}`));
});

test('a role that may not reveal is refused, and that is on record', async () => {
  const { id, token } = await newToken('integration');
  const { status, body } = await reveal(token);
  expect([status, body.code]).toEqual([403, 'request.forbidden']);
  expect(JSON.stringify(body)).not.toContain(PHONE);
  expect(await recordsOf(id)).toEqual([{ what: 'reveal.refused', subject: key, n: 1 }]);
});

test(`the ${REVEALS_PER_DAY + 1}st reveal of a day is refused, and that is on record`, async () => {
  const { id, token } = await newToken('warehouse');
  for (let n = 0; n < REVEALS_PER_DAY; n++) expect((await reveal(token)).status).toBe(200);
  const { status, body } = await reveal(token);
  expect([status, body.code]).toEqual([429, 'reveal.quota']);
  expect(JSON.stringify(body)).not.toContain(PHONE);
  expect(await recordsOf(id)).toEqual([
    { what: 'reveal', subject: key, n: REVEALS_PER_DAY },
    { what: 'reveal.over_quota', subject: key, n: 1 },
  ]);
});
