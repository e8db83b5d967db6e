import { afterAll, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { APP, type DouyinHouse, douyinHouse, SHOP } from '../../../../tests/support/douyin.ts';

/** Pauses grow while the platform says no; how often it does is thrown with its dice and with the machine's own timing. */
const BAD_DAY_MS = 180_000;
/** A no is believed at the third time. */
const TRIES_MS = 30_000;
let house: DouyinHouse;
beforeAll(async () => {
  house = await douyinHouse({ seed: 11, orderKeyInNote: false });
});
afterAll(() => house.close());

const rows = async <T>(text: string): Promise<T[]> => (await house.house.db.query<T>(text)).rows;
const tokensMade = (): number => house.douyin.calls().filter(({ method }) => method.startsWith('token.')).length;

test(
  'while the platform throttles, breaks off and ends tokens, nothing is lost and nothing is asked for in vain for ever',
  async () => {
    house.douyin.misbehave({ duplicates: 0.2, reorder: 0.2, throttled: 0.1, serverErrors: 0.1, lostAnswers: 0.1, tokenExpiry: 0.1 });
    const ids = Array.from({ length: 12 }, () => house.douyin.place());
    for (const id of ids) house.douyin.pay(id);
    for (const id of ids.slice(0, 4)) house.douyin.payBack(house.douyin.askRefund(id));
    for (const id of ids.slice(4, 6)) house.douyin.changeAddress(id);
    house.douyin.mailbox.release();
    await house.deliver();
    await waitUntil('half of them are fetched', async () => (await house.differences()).length <= 6, BAD_DAY_MS);
    house.douyin.misbehave({ duplicates: 0, reorder: 0, throttled: 0, serverErrors: 0, lostAnswers: 0, tokenExpiry: 0 });
    await house.settled();
    expect(await house.differences()).toEqual([]);
    expect((await rows<{ n: number }>(`select count(*) as n from orders`))[0]?.n).toBe(ids.length);
  },
  2 * BAD_DAY_MS,
);

test('a token is kept over a restart, sealed, and asked for once', async () => {
  const before = tokensMade();
  const [shop] = await rows<{ token: Buffer }>(`select token from shops where shop = '${SHOP}'`);
  expect(shop?.token.length).toBeGreaterThan(50);
  const stored = JSON.parse(house.house.keys.unwrap(shop?.token as Buffer).toString('utf8')) as { accessToken: string };
  expect(shop?.token.toString('latin1')).not.toContain(stored.accessToken);
  const line = await house.house.channels.clientOf('douyin', SHOP);
  house.house.channels.lines.forget('douyin', SHOP);
  const again = await house.house.channels.clientOf('douyin', SHOP);
  expect(again).not.toBe(line);
  expect((await again?.call({ method: 'order.orderDetail', params: { shop_order_id: [...house.douyin.truth().keys()][0] } }))?.ok).toBe(
    true,
  );
  expect(tokensMade()).toBe(before);
});

test('ten calls that find the token ended make one new token, not ten', async () => {
  const line = await house.house.channels.clientOf('douyin', SHOP);
  const id = [...house.douyin.truth().keys()][0] as string;
  house.douyin.misbehave({ tokenExpiry: 1 });
  await line?.call({ method: 'order.orderDetail', params: { shop_order_id: id } });
  house.douyin.misbehave({ tokenExpiry: 0 });
  const before = tokensMade();
  const ask = async () => line?.call({ method: 'order.orderDetail', params: { shop_order_id: id } });
  const answers = await Promise.all(Array.from({ length: 10 }, ask));
  expect(answers.every((answer) => answer?.ok)).toBe(true);
  expect(tokensMade() - before).toBeLessThanOrEqual(4); // a refresh that is refused, and a new one; a pull under way may find its own ended just then
});

test(
  'what the platform refuses for good is a dead letter with its words; a new hint wakes it',
  async () => {
    const push = async (): Promise<void> => {
      const data = JSON.stringify({ p_id: '7000000000000000009', shop_id: SHOP, order_status: 2 });
      const body = JSON.stringify([{ tag: '109', msg_id: 'm', data }]);
      const { createHash } = await import('node:crypto');
      const headers = { 'app-id': APP.key, 'event-sign': createHash('md5').update(`${APP.key}${body}${APP.secret}`).digest('hex') };
      expect((await house.send('POST', `/v1/intake/douyin/${house.appId}`, body, { token: null, headers })).status).toBe(200);
    };
    const asked = () =>
      rows<{ dead: boolean; error: string; attempts: number; at: number }>(
        `select dead, last_error as error, attempts, asked_at as at from fetches where id = '7000000000000000009'`,
      );
    await push();
    await waitUntil('our tries ended', async () => (await asked())[0]?.dead === true, TRIES_MS);
    const [first] = await asked();
    expect(first?.error).toMatch(/^\d+ · isv\./);
    expect(await rows(`select reason, position from dead_letters`)).toEqual([{ reason: 'fetch.refused', position: first?.at }]);
    expect(await rows(`select 1 from orders where channel_order_id = '7000000000000000009'`)).toEqual([]); // a mere hint makes no order
    const { items } = (await house.send('GET', '/v1/dead-letters?direction=in')).body;
    const letter = {
      channel: 'douyin',
      shop: SHOP,
      channelOrderId: '7000000000000000009',
      what: 'fetch',
      code: first?.error,
      mayRetry: true,
    };
    expect(items).toEqual([expect.objectContaining(letter)]);
    const tokenFor = async (shop: string): Promise<string> =>
      (await house.send('POST', '/v1/tokens', { name: shop, role: 'operations', shops: [`douyin/${shop}`] })).body.token;
    const [ours, other] = [await tokenFor(SHOP), await tokenFor('somebody-else')];
    const retry = (token: string) => house.send('POST', `/v1/dead-letters/${items[0].id}:retry`, {}, { token });
    expect((await house.send('GET', '/v1/dead-letters', undefined, { token: ours })).body.items).toHaveLength(1);
    expect((await house.send('GET', '/v1/dead-letters', undefined, { token: other })).body.items).toEqual([]);
    expect((await retry(other)).status).toBe(404);
    expect((await retry(ours)).body).toMatchObject({ retried: true });
    await waitUntil('it is tried for the person', async () => (await asked())[0]?.attempts === 1);
    await waitUntil('our tries ended once more', async () => (await asked())[0]?.dead === true, TRIES_MS);
    await push();
    await waitUntil('a new hint wakes it', async () => {
      const [again] = await asked();
      return again?.dead === false && again.attempts === 1 && again.at > (first?.at as number);
    });
  },
  4 * TRIES_MS,
);
