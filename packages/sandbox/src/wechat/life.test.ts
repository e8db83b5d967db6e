/** What is WeChat's own and no other channel's: split shipping without lines, shipping anew once, the 48 hours, two kinds of messages, keys that are rotated. */
import type { Ask, Call, LeftParcel } from '@weir/connectors/adapter';
import { wechatAdapter } from '@weir/connectors/wechat';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR, openWorld, reach, type World } from '../conformance/world.test-support.ts';
import { createWechat, wechatApp } from './index.ts';

const APP = wechatApp(7);
let world: World;
beforeEach(async () => {
  world = await openWorld({ adapter: wechatAdapter, app: APP, shop: '1900000001', carrier: 'YTO', open: createWechat }, 7);
});
afterEach(() => world.close());

const left = (number: string, parts: Partial<LeftParcel> = {}): LeftParcel => ({
  id: number,
  carrier: 'YTO',
  trackingNumber: number,
  former: [],
  lines: [],
  contents: '龙井*1',
  requestId: `r-${number}`,
  ...parts,
});
const paid = (): string => reach(world, 'paid') as string;
/** As the server asks: another token where it is wanted, and else never the same call twice without a look. An upload after the last one would count as shipping anew. */
const once: Ask = async (call) => {
  for (let tried = 1; ; tried++) {
    const answer = await world.seller.client.call(call, (await world.seller.token()).accessToken);
    if (answer.ok || answer.failure.class !== 'token_expired' || tried === 3) return answer;
    await world.seller.ask(getAnything);
  }
};
const getAnything: Call = { method: 'POST /wxa/sec/order/get_order_list', params: { page_size: 1 } };
const tell = (id: string, ...parcels: readonly LeftParcel[]) =>
  wechatAdapter.writeBack?.tellShipped(once, world.seller.subjectOf(id), parcels, world.clock.now());
const numbers = (id: string): string[] =>
  world.platform
    .shown(1_000)
    .find((order) => order.id === id)
    ?.parcels.map((each) => each.trackingNumber) ?? [];
const held = async (id: string) => {
  await world.seller.fetch(id);
  return world.seller.held(id);
};
const uploads = (): number =>
  world.platform.calls().filter(({ method, refused }) => method.endsWith('upload_shipping_info') && refused === null).length;

describe('parcels that nobody counts', () => {
  test('one after the other: the order stays paid until the last one says that it is the last', async () => {
    const id = paid();
    expect(await tell(id, left('YT1'))).toMatchObject({ done: true });
    expect(await held(id)).toMatchObject({ status: 'paid', shipments: [{ trackingNumber: 'YT1' }], lines: [{ shipped: 0 }] });
    world.clock.move(HOUR);
    expect(await tell(id, left('YT1'), left('YT2', { isLast: true }))).toMatchObject({ done: true });
    expect(numbers(id)).toEqual(['YT1', 'YT2']);
    expect(await held(id)).toMatchObject({ status: 'shipped', lines: [{ shipped: 1 }] });
    expect(await tell(id, left('YT1'), left('YT2', { isLast: true }))).toMatchObject({ done: true });
    expect(uploads()).toBe(2);
  });
  test('the last one is known only later: it is told once more, and nothing stands there twice', async () => {
    const id = paid();
    await tell(id, left('YT1'), left('YT2'));
    world.clock.move(HOUR);
    expect(await tell(id, left('YT1'), left('YT2', { isLast: true }))).toMatchObject({ done: true });
    expect(numbers(id)).toEqual(['YT1', 'YT2']);
    expect(await held(id)).toMatchObject({ status: 'shipped' });
  });
  test('corrected once, and a second time a person is told that it cannot be', async () => {
    const id = paid();
    await tell(id, left('YT1', { isLast: true }));
    world.clock.move(HOUR);
    expect(await tell(id, left('YT2', { isLast: true, former: ['YT1'] }))).toMatchObject({ done: true });
    expect(numbers(id)).toEqual(['YT2']);
    expect((await held(id))?.shipments.map(({ trackingNumber }) => trackingNumber)).toEqual(['YT2']);
    world.clock.move(HOUR);
    expect(await tell(id, left('YT3', { isLast: true, former: ['YT1', 'YT2'] }))).toMatchObject({
      done: false,
      cause: 'corrections_used',
      next: 'person',
    });
    expect(numbers(id)).toEqual(['YT2']);
  });
  test('a carrier that was wrong is corrected under the same number', async () => {
    const id = paid();
    await tell(id, left('YT1', { isLast: true }));
    world.clock.move(HOUR);
    expect(await tell(id, left('YT1', { carrier: 'ZTO', isLast: true }))).toMatchObject({ done: true });
    expect((await held(id))?.shipments).toMatchObject([{ carrier: 'ZTO', trackingNumber: 'YT1' }]);
  });
  test('what the buyer has fetched is shipped, and no parcel of ours takes its place', async () => {
    const id = paid();
    world.platform.ship(id, { carrier: '', trackingNumber: '自提' });
    expect(await held(id)).toMatchObject({ status: 'shipped', shipments: [] });
    const before = uploads();
    expect(await tell(id, left('YT1', { isLast: true }))).toMatchObject({ done: false, cause: 'shipped_otherwise', next: 'person' });
    expect([uploads(), numbers(id)]).toEqual([before, ['自提']]);
  });
  test('a finished order whose money goes back stays finished', async () => {
    const id = paid();
    await tell(id, left('YT1', { isLast: true }));
    world.platform.finish(id);
    expect(await held(id)).toMatchObject({ status: 'completed' });
    world.clock.move(HOUR);
    world.platform.payBack(world.platform.askRefund(id));
    expect(await held(id)).toMatchObject({ status: 'completed', refund: 'full' });
  });
  test('顺丰 with the sender’s phone is taken, and without one a person is told before anything leaves', async () => {
    const id = paid();
    expect(await tell(id, left('SF1', { carrier: 'SF', isLast: true }))).toMatchObject({ done: true });
    const { senderContact: _, ...settings } = APP.settings ?? {};
    const client = wechatAdapter.createClient({
      app: { ...APP, settings },
      send: fetch,
      now: () => world.clock.now(),
      baseUrl: world.platform.url,
    });
    const { accessToken } = await world.seller.token();
    const other = paid();
    const before = uploads();
    const told = await wechatAdapter.writeBack?.tellShipped(
      (call) => client.call(call, accessToken),
      world.seller.subjectOf(other),
      [left('SF2', { carrier: 'SF', isLast: true })],
      world.clock.now(),
    );
    expect(told).toMatchObject({ done: false, cause: 'phone_needed', next: 'person' });
    expect([uploads(), numbers(other)]).toEqual([before, []]);
  });
  test.each([1, 2, 3])('seed %i: whatever the road does, all parcels stand there once', async (seed) => {
    world.platform.misbehave({ throttled: 0.2, serverErrors: 0.2, lostAnswers: 0.3, tokenExpiry: 0.1 });
    const ids = Array.from({ length: 8 }, paid);
    for (const id of ids) {
      const parcels = Array.from({ length: 1 + (seed % 3) }, (_, i) => left(`YT${seed}${id.slice(-6)}${i}`));
      for (let i = 1; i <= parcels.length; i++) {
        const some = parcels.slice(0, i).map((parcel, at) => (at === parcels.length - 1 ? { ...parcel, isLast: true } : parcel));
        let told = await tell(id, ...some);
        for (let again = 0; again < 50 && told?.done === false; again++) told = await tell(id, ...some);
        expect(told).toMatchObject({ done: true });
        world.clock.move(HOUR / 10);
      }
      expect(numbers(id)).toEqual(parcels.map(({ trackingNumber }) => trackingNumber));
      expect(world.platform.truth().get(id)?.stage).toBe('shipped');
    }
  });
});

describe('messages', () => {
  test('after 48 hours without a parcel WeChat reminds, once, and the deadline was known all along', async () => {
    const id = paid();
    await world.bring();
    await world.seller.follow();
    const shipBy = Date.parse(world.seller.held(id)?.shipBy ?? '');
    world.clock.move(47 * HOUR);
    await world.bring();
    const before = world.seller.heard.length;
    world.clock.move(2 * HOUR);
    expect(shipBy).toBeLessThan(world.clock.now());
    await world.bring();
    await world.bring();
    expect(world.seller.heard.slice(before)).toMatchObject([{ kind: 'push', subject: { id }, messages: [] }]);
  });
  test('come sealed and signed, or encrypted in JSON and in XML, by either of two keys, and none is refused', async () => {
    for (let i = 0; i < 12; i++) reach(world, 'finished');
    await world.bring();
    const { counts } = world.platform.mailbox;
    expect(counts).toMatchObject({ delivered: 24, refused: 0 });
    const bodies = world.knocks.map(({ body }) => Buffer.from(body).toString());
    expect(bodies.some((body) => body.startsWith('<xml>'))).toBe(true);
    expect(bodies.some((body) => body.startsWith('{"ToUserName"'))).toBe(true);
    expect(bodies.some((body) => body.includes('MP17'))).toBe(false);
    expect(new Set(world.knocks.flatMap(({ headers }) => headers['wechatpay-serial'] ?? [])).size).toBe(2);
  });
  test('a refund whose notification was lost is found by the sweep, with its amount', async () => {
    const id = paid();
    await world.bring();
    world.platform.misbehave({ lost: 1 });
    world.clock.move(HOUR);
    world.platform.payBack(world.platform.askRefund(id, { fen: 123 }));
    await world.bring();
    world.platform.misbehave({ lost: 0 });
    expect(world.seller.held(id)?.refunded ?? '0.00').toBe('0.00');
    await world.seller.sweep(world.everything());
    expect(world.seller.held(id)).toMatchObject({ refunded: '1.23', refund: 'partial' });
  });
});

test('what was signed by a clock that is off is refused, comes again, and is heard when the clock is right', async () => {
  const id = paid();
  world.platform.misbehave({ clockSkewMs: HOUR });
  await world.bring();
  expect(world.seller.held(id)).toBeUndefined();
  expect(world.platform.mailbox.counts.refused).toBe(1);
  world.platform.misbehave({ clockSkewMs: 0 });
  world.platform.mailbox.release();
  await world.bring();
  expect(world.seller.held(id)).toMatchObject({ paid: expect.stringMatching(/^\d+\.\d\d$/) });
});

test('every signature that goes over the wire is explained, and is right', async () => {
  const heard: (readonly [way: 'call' | 'push', url: string, explained: ReturnType<World['platform']['explain']>])[] = [];
  const platform = await createWechat({
    app: APP,
    shop: '1900000001',
    seed: 9,
    clock: world.clock,
    pushUrl: 'http://127.0.0.1:9/',
    fetch: async () => new Response(''),
    onCall: ({ method, url, headers, body }) => heard.push(['call', url, platform.explain({ way: 'call', method, url, headers, body })]),
    onPush: ({ url, headers, body }) => heard.push(['push', url, platform.explain({ way: 'push', method: 'POST', url, headers, body })]),
  });
  const client = wechatAdapter.createClient({ app: APP, send: fetch, now: () => world.clock.now(), baseUrl: platform.url });
  const token = await client.call(wechatAdapter.token.first('1900000001', undefined), null);
  const accessToken = token.ok ? (wechatAdapter.token.read(token.data, 0, '1').token?.accessToken ?? '') : '';
  const id = platform.place();
  platform.pay(id);
  platform.ship(id, { carrier: 'YTO', trackingNumber: 'YT1' });
  platform.finish(id);
  platform.payBack(platform.askRefund(id, { fen: 5 }));
  await platform.mailbox.deliver();
  const found = await wechatAdapter.fetchDetail(
    (call) => client.call(call, accessToken),
    { ...world.seller.subjectOf(id) },
    world.clock.now(),
  );
  expect(found).toMatchObject({ ok: true });
  await platform.close();
  const explained = heard.map(([way, url, told]) => [
    way,
    new URL(url, 'http://x').pathname.split('/').slice(0, 3).join('/'),
    told?.algorithm ?? null,
    told?.isRight ?? null,
  ]);
  expect(explained).toEqual([
    ['call', '/cgi-bin/stable_token', null, null],
    ['push', '/', 'SHA256-RSA2048', true],
    ['push', '/', 'SHA-1', true],
    ['push', '/', 'SHA256-RSA2048', true],
    ['call', '/wxa/sec', null, null],
    ['call', '/v3/pay', 'SHA256-RSA2048', true],
    ['call', '/pay/refundquery', 'HMAC-SHA256', true],
  ]);
  expect(JSON.stringify(heard)).not.toContain(APP.settings?.['apiV2Key'] ?? '');
});
