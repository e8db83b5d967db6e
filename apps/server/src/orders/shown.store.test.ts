import { ROLES } from '@weir/contract';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';
import { orderProjection } from './project.ts';

const WORDS = '客户张女士 13912345678 要求晚点发';
let house: TestHouse;
let orderKey: string;
beforeAll(async () => {
  house = await testHouse();
  await house.send('POST', '/v1/shops', { channel: 'own', shop: 's1', name: 's1' });
  orderKey = (await house.send('POST', '/v1/orders', neutralOrder())).body.orderKey;
  await house.send('POST', `/v1/orders/${orderKey}:hold`, { why: WORDS });
});
afterAll(() => house.close());

const tokenOf = async (role: string): Promise<string> => (await house.send('POST', '/v1/tokens', { name: role, role })).body.token;

test.each(ROLES)(
  "a person's own words on a hold, as %s: read by people who work with the order, by no program and not by the owner",
  async (role) => {
    const token = await tokenOf(role);
    const page = JSON.stringify((await house.send('GET', `/v1/orders/${orderKey}`, undefined, { token })).body);
    const timeline = JSON.stringify((await house.send('GET', `/v1/orders/${orderKey}/events`, undefined, { token })).body);
    const reads = role !== 'owner' && role !== 'integration';
    expect([page.includes('13912345678'), timeline.includes('13912345678')]).toEqual([reads, reads]);
    expect(page).toContain('"kind":"person"');
  },
);

test('neither facts nor events keep them: they lie in the sealed bundle, and go with it when an order is erased', async () => {
  for (const table of ['events', 'orders', 'order_list', 'review_cases', 'outcomes'])
    expect((await house.house.db.query(`select count(*) as n from ${table} t where t::text like '%13912345678%'`)).rows).toEqual([
      { n: 0 },
    ]);
  await house.house.db.query('update orders set bundle = null where order_key = $1', [orderKey]);
  expect((await house.send('GET', `/v1/orders/${orderKey}`)).body.holds).toMatchObject([{ kind: 'person', why: '***' }]);
});

test('no refusal repeats them', async () => {
  const token = await tokenOf('integration');
  const { body } = await house.send('POST', `/v1/orders/${orderKey}:move`, { to: 'allocated' }, { token });
  expect(body).toMatchObject({ code: 'order.is_held' });
  expect(JSON.stringify(body)).not.toContain('13912345678');
});

test('no webhook carries them, nor who placed the hold; codes of other holds it does', async () => {
  const { rows } = await house.house.db.query<{ partition: number; subjectKey: string; type: string; detail: string; state: string }>(
    'select log_partition as partition, order_key as "subjectKey", type, detail, state from events where order_key = $1 order by version',
    [orderKey],
  );
  const audience = { id: 'ep_1', eventTypes: null, shops: null, fields: null, personalFields: [] };
  const { tell } = orderProjection(house.house);
  const told = await Promise.all(rows.map(async (row) => tell(row, audience)));
  expect(told.at(-1)).toContain('"kind":"person"');
  expect(told.join()).not.toMatch(/13912345678|"who"/);
  const risk = { id: 'r', kind: 'channel_risk', since: '2026-02-20T12:00:00Z', why: 'risk_17' };
  const row = rows.at(-1) as (typeof rows)[number];
  const state = JSON.stringify({ ...(JSON.parse(row.state) as object), holds: [risk] });
  expect(await tell({ ...row, state }, audience)).toContain('risk_17');
});

test('the reason of a cancellation is kept in the sealed message only', async () => {
  const { body } = await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'c1' }));
  await house.send('POST', `/v1/orders/${body.orderKey}:cancel`, { reason: WORDS });
  const { rows } = await house.house.db.query('select detail, state, said_by from events where order_key = $1', [body.orderKey]);
  expect(JSON.stringify(rows)).not.toContain('13912345678');
});
