/** `:reveal` with the channel's help: the receiver's token is opened there, shown, and stored nowhere. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Adapter, Asked, OpenedReceiver } from '@weir/connectors/adapter';
import type { NeutralOrder } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { FAKE, failure, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { neutralOrder, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

const TOKEN = 'oaid-of-the-receiver';
const OPENED: OpenedReceiver = { name: '欧阳真真', phone: '13911112222', province: '四川省', city: '成都市', detail: '天府三街 69 号' };
const asked: [Subject, string][] = [];
let answer: Asked<OpenedReceiver>;
let house: TestHouse;
let key: string;
let tokenless: string;
beforeAll(async () => {
  const adapter: Adapter = fakeAdapter({
    async openReceiver(_ask, order, token) {
      asked.push([order, token]);
      return answer;
    },
  });
  house = await testHouse({ adapters: [adapter, { ...fakeAdapter(), channel: 'mute' }] });
  for (const channel of [FAKE, 'mute']) {
    const { id: app } = (await house.send('POST', '/v1/apps', { channel, key: 'k', secret: 's', name: 'app' })).body;
    await house.send('POST', '/v1/shops', { channel, shop: '1', name: '店', app });
  }
  const tell = async (more: Partial<NeutralOrder>): Promise<string> =>
    (await house.send('POST', '/v1/orders', neutralOrder({ channel: FAKE, shop: '1', ...more }))).body.orderKey;
  key = await tell({ channelOrderId: '1', receiver: { name: '欧**', token: TOKEN } });
  tokenless = await tell({ channelOrderId: '2' });
});
afterAll(() => house.close());
beforeEach(() => {
  asked.length = 0;
  answer = { ok: true, value: OPENED };
});

const FIELDS = ['receiver.name', 'receiver.phone', 'receiver.address'];
const reveal = (more: Record<string, unknown> = {}, token?: string, of = key) =>
  house.send(
    'POST',
    `/v1/orders/${of}:reveal`,
    { fields: FIELDS, purpose: 'deliver', fromChannel: true, ...more },
    token === undefined ? {} : { token },
  );
const tokenOf = async (role: string): Promise<string> => (await house.send('POST', '/v1/tokens', { name: role, role })).body.token;

test('shows what the channel opens for this order’s token, is audited as any reveal is, and stores nothing of it', async () => {
  expect(await reveal()).toMatchObject({
    status: 200,
    body: {
      values: {
        'receiver.name': '欧阳真真',
        'receiver.phone': '13911112222',
        'receiver.address': { province: '四川省', city: '成都市', detail: '天府三街 69 号' },
      },
    },
  });
  expect(asked).toEqual([[{ kind: 'order', channel: FAKE, shop: '1', id: '1' }, TOKEN]]);
  const record = (await house.send('GET', '/v1/audit')).body.items.find((item: { what: string }) => item.what === 'reveal');
  expect(record).toMatchObject({ subject: key, detail: { fields: FIELDS, purpose: 'deliver', fromChannel: true } });
  const kept = await reveal({ fromChannel: false });
  expect(kept.body.values).toMatchObject({ 'receiver.name': '欧**', 'receiver.phone': null });
  expect(asked.length).toBe(1);
  const { body } = await house.send('GET', `/v1/orders?phone=13911112222`);
  expect(body.items ?? []).toEqual([]);
});

test('is refused as any reveal is, before the channel hears of it', async () => {
  expect(await reveal({}, await tokenOf('customer_service'))).toMatchObject({ status: 403 });
  expect(await reveal({}, await tokenOf('owner'))).toMatchObject({ status: 403 });
  expect(await reveal({ purpose: undefined })).toMatchObject({ status: 422, body: { code: 'reveal.purpose_missing' } });
  expect(asked).toEqual([]);
  expect(await reveal({ fields: ['receiver.phone'] }, await tokenOf('warehouse'))).toMatchObject({
    status: 200,
    body: { values: { 'receiver.phone': '13911112222' } },
  });
});

test('a channel that will not, cannot now, or knows no such thing is told apart, and its own words are not passed on', async () => {
  answer = { ok: false, failure: failure({ class: 'do_not', code: 'isv.quota', subCode: '27', message: `${TOKEN} of 欧阳真真` }) };
  const refused = await reveal();
  expect(refused).toMatchObject({ status: 409, body: { code: 'reveal.channel_refused' } });
  expect(JSON.stringify(refused.body)).toContain('isv.quota · 27');
  expect(JSON.stringify(refused.body)).not.toMatch(/欧阳|oaid/);
  answer = { ok: false, failure: failure({ class: 'throttled', code: 'busy' }) };
  expect(await reveal()).toMatchObject({ status: 503, body: { code: 'reveal.channel_unavailable' } });
  expect(await reveal({}, undefined, tokenless)).toMatchObject({ status: 409, body: { code: 'reveal.not_from_channel' } });
  const mute = (await house.send('POST', '/v1/orders', neutralOrder({ channel: 'mute', shop: '1', receiver: { token: TOKEN } }))).body
    .orderKey;
  expect(await reveal({}, undefined, mute)).toMatchObject({ status: 409, body: { code: 'reveal.not_from_channel' } });
});

test('an app asks its channel no more often a day than the channel lets it, however many ask at once; what never reached it does not count', async () => {
  const register = (openingsPerDay: string | null) =>
    house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app', settings: { openingsPerDay } });
  const openings = async () =>
    (await house.send('GET', '/v1/apps')).body.items.find((app: { channel: string }) => app.channel === FAKE).openings;
  const before = (await openings()).today as number;
  expect(await openings()).toEqual({ today: before, perDay: null });
  expect((await register(String(before + 3))).body.openings).toEqual({ today: before, perDay: before + 3 });

  answer = { ok: false, failure: failure({ class: 'retry', code: 'network', mayHaveHappened: false }) };
  await reveal();
  expect((await openings()).today).toBe(before);
  answer = { ok: true, value: OPENED };
  const all = await Promise.all(Array.from({ length: 8 }, () => reveal()));
  expect(all.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 429, 429, 429, 429, 429]);
  expect(asked.length).toBe(4);
  expect(await openings()).toEqual({ today: before + 3, perDay: before + 3 });
  const late = all.find(({ status }) => status === 429);
  expect(late?.body).toMatchObject({ code: 'reveal.channel_quota', detailZh: expect.stringContaining(`${before + 3} 次`) });

  expect((await register('0')).status).toBe(201);
  expect((await reveal()).body.code).toBe('reveal.channel_quota');
  expect(await register('many')).toMatchObject({ status: 400, body: { problems: [{ pointer: '/settings/openingsPerDay' }] } });
  expect((await register(null)).body.openings.perDay).toBeNull();
  expect((await reveal()).status).toBe(200);
  const mute = (await house.send('GET', '/v1/apps')).body.items.find((app: { channel: string }) => app.channel === 'mute');
  expect(mute.openings).toBeNull();
});
