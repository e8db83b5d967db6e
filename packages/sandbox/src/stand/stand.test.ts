import { createClient, createOwnToken, orderDetail, readToken, verifyPush } from '@weir/connectors/doudian';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { RATES } from './rates.ts';
import { PLATFORMS } from './platforms.ts';
import { type Booth, openStand, type Stand } from './stand.ts';
import { WELL_BEHAVED_MARKET } from '../market/misbehaviour.ts';

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});
async function stand(): Promise<Stand> {
  const made = await openStand({ seed: 1 });
  opened.push(made);
  return made;
}
// oxlint-disable-next-line no-explicit-any -- answers of every shape
async function ask(url: string, path: string, body?: unknown, type = 'application/json'): Promise<{ status: number; body: any }> {
  const init = body === undefined ? {} : { method: 'POST', headers: { 'content-type': type }, body: JSON.stringify(body) };
  const response = await fetch(`${url}${path}`, init);
  return { status: response.status, body: await response.json() };
}
const douyinOf = (made: Stand): Booth['platform'] => (made.booth('douyin') as Booth).platform;
const clientOf = (made: Stand) => createClient({ app: douyinOf(made).app, send: fetch, now: Date.now, baseUrl: douyinOf(made).url });

/** Takes pushes as a seller's program would. */
async function receiver(app: Booth['platform']['app']) {
  const heard: { right: boolean; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    heard.push({ right: verifyPush(request.headers, body, app).ok, body: body.toString('utf8') });
    response.end('{"code":0,"msg":"success"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.push(server);
  return { heard, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

test('a person places, pays, ships, refunds and writes over the JSON API, and the platform holds it', async () => {
  const { url } = await stand();
  const { id } = (await ask(url, '/sandbox/douyin/orders', { lines: 1, promotion: 'told' })).body;
  for (const [name, body] of [
    ['pay', {}],
    ['writeNote', { words: '加急' }],
    ['ship', { carrier: 'shunfeng', trackingNumber: 'SF9' }],
  ] as const)
    expect(await ask(url, `/sandbox/douyin/orders/${id}:${name}`, body)).toMatchObject({ status: 200 });
  const { afterSale } = (await ask(url, `/sandbox/douyin/orders/${id}:askRefund`, { fen: 100 })).body;
  await ask(url, `/sandbox/douyin/after-sales/${afterSale}:payBack`, {});
  const [order] = (await ask(url, '/sandbox/douyin/orders')).body.items;
  expect(order).toMatchObject({
    id,
    stage: 'shipped',
    refunded: '1.00',
    sellerWords: '加急',
    parcels: [{ carrier: 'shunfeng', trackingNumber: 'SF9' }],
  });
});

test('a price, a line, a complaint: what one platform has, where another has it not', async () => {
  const { url } = await stand();
  const { id } = (await ask(url, '/sandbox/taobao/orders', { lines: 2, promotion: 'none' })).body;
  const shown = async (channel: string) => (await ask(url, `/sandbox/${channel}/orders`)).body.items[0];
  const [first, second] = (await shown('taobao')).lines;
  const act = (channel: string, order: string, name: string, body: object) => ask(url, `/sandbox/${channel}/orders/${order}:${name}`, body);
  expect(await act('taobao', id, 'changePrice', { lineId: first.id, fen: 100 })).toMatchObject({ status: 200 });
  expect(await act('taobao', id, 'changePrice', { lineId: first.id, fen: 99_999_999 })).toMatchObject({ status: 409 });
  expect(await act('taobao', id, 'closeLine', { lineId: second.id })).toMatchObject({ status: 200 });
  expect((await shown('taobao')).lines).toMatchObject([{ offFen: 100, isClosed: false }, { isClosed: true }]);
  expect(await act('taobao', id, 'complain', {})).toMatchObject({ status: 409 });

  const payment = (await ask(url, '/sandbox/wechat/orders', {})).body.id;
  expect(await act('wechat', payment, 'complain', {})).toMatchObject({ status: 409 });
  await act('wechat', payment, 'pay', {});
  for (const isOver of [false, true]) {
    expect(await act('wechat', payment, 'complain', { isOver })).toMatchObject({ status: 200 });
    expect(await shown('wechat')).toMatchObject({ isInComplaint: !isOver });
  }
});

test('pushes go by themselves to the address that is set, rightly signed, and are seen with the signature explained', async () => {
  const made = await stand();
  const { heard, url } = await receiver(douyinOf(made).app);
  const { id } = (await ask(made.url, '/sandbox/douyin/orders', {})).body;
  await ask(made.url, '/sandbox/douyin/push-address', { url });
  await expect.poll(async () => (await ask(made.url, '/sandbox/douyin/wire')).body.items.length, { timeout: 30_000 }).toBe(1);
  expect(heard[0]).toMatchObject({ right: true, body: expect.stringContaining(id) });
  const [record] = (await ask(made.url, '/sandbox/douyin/wire')).body.items;
  expect(record).toMatchObject({ way: 'push', name: '100', status: 200, signature: { isRight: true, algorithm: 'MD5' } });
  expect(JSON.stringify(record.signature.text)).not.toContain(douyinOf(made).app.secret);
});

test('a call is seen with its answer; a wrong secret shows where the signatures part', async () => {
  const made = await stand();
  const answer = await clientOf(made).call(createOwnToken(douyinOf(made).shop), null);
  const token = answer.ok ? readToken(answer.data, Date.now()).token?.accessToken : undefined;
  const id = douyinOf(made).place();
  expect(await clientOf(made).call(orderDetail(id), token ?? '')).toMatchObject({ ok: true });
  const stranger = createClient({
    app: { ...douyinOf(made).app, secret: 'other' },
    send: fetch,
    now: Date.now,
    baseUrl: douyinOf(made).url,
  });
  expect(await stranger.call(orderDetail(id), token ?? '')).toMatchObject({ ok: false });
  const { items } = (await ask(made.url, '/sandbox/douyin/wire?after=1')).body;
  expect(items).toMatchObject([
    { way: 'call', name: 'order.orderDetail', status: 200, signature: { isRight: true, algorithm: 'HMAC-SHA256' } },
    { way: 'call', name: 'order.orderDetail', signature: { isRight: false } },
  ]);
  expect(items[1].signature.expected).not.toBe(items[1].signature.given);
});

test('every misbehaviour has a switch with a range, and each can be set and taken back', async () => {
  const made = await stand();
  const [douyin, { url }] = [douyinOf(made), made];
  expect(RATES.map(({ name }) => name).sort()).toEqual(Object.keys(WELL_BEHAVED_MARKET).sort());
  const all = Object.fromEntries(RATES.map(({ name, most }) => [name, most]));
  expect((await ask(url, '/sandbox/douyin/misbehaviour', all)).body).toEqual(all);
  expect(douyin.rates()).toEqual(all);
  await ask(url, '/sandbox/douyin/misbehaviour', WELL_BEHAVED_MARKET);
  expect(douyin.rates()).toEqual(WELL_BEHAVED_MARKET);
  expect(await ask(url, '/sandbox/douyin/misbehaviour', { lost: 2 })).toMatchObject({ status: 422 });
  expect(await ask(url, '/sandbox/douyin/misbehaviour', { wicked: 1 })).toMatchObject({ status: 422 });
});

test('what cannot be done is said in both languages, and a form of another page changes nothing', async () => {
  const made = await stand();
  const [douyin, { url }] = [douyinOf(made), made];
  const id = douyin.place();
  expect(await ask(url, `/sandbox/douyin/orders/${id}:finish`, {})).toMatchObject({
    status: 409,
    body: { error: expect.stringContaining('not possible now') },
  });
  expect(await ask(url, `/sandbox/douyin/orders/${id}:fly`, {})).toMatchObject({ status: 404 });
  expect(await ask(url, '/sandbox/douyin/nothing')).toMatchObject({ status: 404 });
  expect(await ask(url, `/sandbox/douyin/orders/${id}:pay`, {}, 'text/plain')).toMatchObject({ status: 415 });
  expect(await ask(url, '/sandbox/douyin/push-address', { url: 'file:///etc' })).toMatchObject({ status: 422 });
  expect(douyin.truth().get(id)?.stage).toBe('unpaid');
});

test('the page comes with everything in it and loads nothing from elsewhere', async () => {
  const { url } = await stand();
  const response = await fetch(url);
  const text = await response.text();
  expect(response.headers.get('content-type')).toContain('text/html');
  expect(text).toContain('沙盒');
  expect(text).not.toMatch(/(?:src|href)="(?!data:)/);
});

test('a platform that runs for days forgets what came to rest long ago, and never what still lives', async () => {
  const made = await openStand({ seed: 3, remember: 20 });
  opened.push(made);
  const live = douyinOf(made).place();
  douyinOf(made).pay(live);
  for (let i = 0; i < 100; i++) douyinOf(made).cancel(douyinOf(made).place());
  expect(douyinOf(made).truth().size).toBeLessThanOrEqual(20);
  expect(douyinOf(made).truth().has(live)).toBe(true);
});

test('every platform stands on a port of its own, is listed, and can be played with', async () => {
  const made = await stand();
  const { platforms } = (await ask(made.url, '/sandbox')).body;
  expect(platforms.map(({ channel }: { channel: string }) => channel)).toEqual(PLATFORMS.map(({ channel }) => channel));
  expect(new Set(made.booths.map(({ platform }) => platform.url)).size).toBe(PLATFORMS.length);
  for (const { known } of made.booths) {
    const { id } = (await ask(made.url, `/sandbox/${known.channel}/orders`, {})).body;
    expect(await ask(made.url, `/sandbox/${known.channel}/orders/${id}:pay`, {})).toMatchObject({ status: 200 });
    const state = await ask(made.url, `/sandbox/${known.channel}/state`);
    expect(state).toMatchObject({ status: 200, body: { channel: known.channel, acts: expect.arrayContaining(['pay', 'finish']) } });
  }
  expect(await ask(made.url, '/sandbox/nowhere/state')).toMatchObject({ status: 404 });
});

test('where one port of the row is taken, the stand does not open, and leaves none of the others open', async () => {
  const base = 18_000 + (process.pid % 1_000) * 8;
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(base + 2, '127.0.0.1', resolve));
  opened.push(taken);
  await expect(openStand({ seed: 1, port: base })).rejects.toThrow('EADDRINUSE');
  const again = createServer();
  await new Promise<void>((resolve, reject) => again.once('error', reject).listen(base + 1, '127.0.0.1', resolve));
  opened.push(again);
});
