/** What an endpoint is told: the fields it chose, and personal ones only as an admin granted them. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterAll(() => house.close());
afterEach(() => house.clear());
const dataOf = (body: string) => (JSON.parse(body) as { data: Record<string, Record<string, unknown>> }).data;

test('an endpoint with fields is told these, the order key and the version, and nothing else', async () => {
  const { taken } = await house.receiver(undefined, { fields: ['status', 'payable'] });
  const key = await house.push(fresh(), 1);
  await waitUntil('both events', () => taken.length === 2);
  expect(dataOf(taken[1]?.body ?? '')).toEqual({ order: { orderKey: key, version: 2, status: 'paid', payable: '114.00' } });
});

test('an endpoint with a grant is told today’s values of exactly those fields, with their version; one without is told none', async () => {
  const granted = await house.receiver(undefined, { personalFields: ['receiver.phone', 'remark'] });
  const plain = await house.receiver();
  const id = fresh();
  await house.push(id, 1);
  await house.push(id, 2, { remark: '换了备注' });
  await waitUntil('all events', () => granted.taken.length === 3 && plain.taken.length === 3);
  expect(dataOf(granted.taken[2]?.body ?? '')['personal']).toEqual({
    bundleVersion: 2,
    values: { 'receiver.phone': '13800138000', remark: '换了备注' },
  });
  expect(granted.taken.map(({ body }) => body).join('')).not.toMatch(/三丰|科苑路/);
  expect(plain.taken.map(({ body }) => body).join('')).not.toMatch(/13800138000|三丰|科苑路|换了备注|第 1 次/);
});

test('of an erased order nothing personal is told any more, whatever was granted', async () => {
  const { taken } = await house.receiver(undefined, { personalFields: ['receiver.phone', 'remark'] });
  const id = fresh();
  const key = await house.push(id, 1);
  await house.send('POST', `/v1/orders/${key}:erase`, { purpose: 'law', evenOpen: true });
  await house.push(id, 2, { remark: '又来了' });
  await waitUntil('it is told', () => taken.some(({ type, version }) => type === 'weir.order.changed' && version > 3));
  const after = taken.slice(taken.findIndex(({ type }) => type === 'weir.order.erased'));
  expect(after.length).toBeGreaterThan(1);
  for (const { body } of after) expect(dataOf(body)['personal']).toMatchObject({ values: { 'receiver.phone': null, remark: null } });
  expect(after.map(({ body }) => body).join('')).not.toMatch(/13800138000|又来了/);
});

test('that a person’s data was erased is heard whatever types were chosen', async () => {
  const { taken } = await house.receiver(undefined, { eventTypes: ['order.paid'], personalFields: ['receiver.phone'] });
  const key = await house.push(fresh(), 1);
  await house.send('POST', `/v1/orders/${key}:erase`, { purpose: 'law', evenOpen: true });
  await waitUntil('both are told', () => taken.length === 2);
  expect(taken.map(({ type }) => type)).toEqual(['weir.order.paid', 'weir.order.erased']);
});

test('while an order is withheld not even a granted endpoint is told more than that it is held', async () => {
  const { taken } = await house.receiver(undefined, { personalFields: ['receiver.phone'] });
  const id = fresh();
  await house.push(id, 1);
  await house.push(id, 2, { payable: '1.00', paid: '1.00', payments: undefined });
  await waitUntil('it is held', () => taken.at(-1)?.type === 'weir.order.held');
  expect(Object.keys(dataOf(taken.at(-1)?.body ?? ''))).toEqual(['orderKey', 'version', 'held']);
});

test('a grant is in the audit before anything is sent, and only an admin may give it', async () => {
  const { id } = await house.receiver(undefined, { personalFields: ['remark'] });
  const { rows } = await house.house.db.query<{ who: string; detail: string }>(
    `select who, detail from audit where what = 'personal.granted' and subject = $1`,
    [id],
  );
  expect(rows).toEqual([{ who: 'tok_admin', detail: '{"fields":["remark"]}' }]);
  const { body } = await house.send('POST', '/v1/tokens', { name: 'ops', role: 'operations' });
  const wanted = { name: 'x', url: 'http://127.0.0.1:9/', personalFields: ['remark'] };
  expect((await house.send('POST', '/v1/endpoints', wanted, { token: body.token as string })).status).toBe(403);
});

test.each([
  ['fields', ['receiver']],
  ['fields', []],
  ['personalFields', ['idNumber']],
])('%s %j is refused and says where', async (name, value) => {
  const { status, body } = await house.send('POST', '/v1/endpoints', { name: 'x', url: 'http://127.0.0.1:9/', [name]: value });
  expect(status).toBe(400);
  expect(JSON.stringify(body.problems)).toContain(`/${name}`);
});
