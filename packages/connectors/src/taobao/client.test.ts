import { describe, expect, test } from 'vitest';
import { type Answer, FAILURE_CLASSES, type FailureClass, type Send } from '../adapter.ts';
import { taobaoAdapter } from './adapter.ts';
import { createClient } from './client.ts';
import { fixture, json, platform, SHOP } from './judge.test-support.ts';
import { MAX_ROWS, tradeDetail, tradesChanged } from './requests.ts';
import { signCall } from './sign.ts';
import { createToken, readToken, REFRESH_AHEAD_MS, refreshToken, tokenState } from './token.ts';

const app = { key: '12345678', secret: 'helloworld' };
const NOW = Date.parse('2026-02-22T09:30:00.900+08:00');
interface Sent {
  readonly url: string;
  readonly form: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client whose platform answers `status` and `body`; what was sent is kept. */
function talk(body: string | Buffer | Error, status = 200, headers: Readonly<Record<string, string>> = {}) {
  const sent: Sent[] = [];
  const send: Send = async (url, init) => {
    sent.push({ url, form: Object.fromEntries(new URLSearchParams(init.body)), headers: init.headers });
    if (body instanceof Error) throw body;
    return { status, headers: new Headers(headers), arrayBuffer: async () => new Uint8Array(Buffer.from(body)).buffer };
  };
  return { client: createClient({ app, send, now: () => NOW }), sent };
}
const ask = (body: string | Buffer | Error, status?: number, headers?: Readonly<Record<string, string>>): Promise<Answer> =>
  talk(body, status, headers).client.call(tradeDetail('1'), 'tok');

test('a call is one form to one address, signed over all that it says, with the token under the name session', async () => {
  const { client, sent } = talk('{"trade_memo_update_response":{}}');
  await client.call(
    { method: 'taobao.trade.memo.update', params: { tid: '3724561098877120001', memo: '加急 & 改地址', flag: 1, none: undefined } },
    'tok',
  );
  const [call] = sent;
  expect(call?.url).toBe('https://eco.taobao.com/router/rest');
  expect(call?.headers['content-type']).toBe('application/x-www-form-urlencoded;charset=utf-8');
  const { sign, ...params } = call?.form ?? {};
  expect(params).toEqual({
    method: 'taobao.trade.memo.update',
    app_key: '12345678',
    session: 'tok',
    timestamp: '2026-02-22 09:30:00',
    v: '2.0',
    format: 'json',
    sign_method: 'hmac-sha256',
    tid: '3724561098877120001',
    memo: '加急 & 改地址',
    flag: '1',
  });
  expect(sign).toBe(signCall(app, params, 'hmac-sha256'));
});

test('nested parameters travel as JSON text; an app asks without a session', async () => {
  const { client, sent } = talk('{"tmc_messages_consume_response":{}}');
  await client.call({ method: 'taobao.tmc.messages.consume', params: { list: [{ a: '1' }] } }, null);
  expect(sent[0]?.form['list']).toBe('[{"a":"1"}]');
  expect(sent[0]?.form).not.toHaveProperty('session');
});

test('an answer keeps its bytes for the inbox and its ids as text', async () => {
  const bytes = fixture('samples/trade_fullinfo_get.paid_with_coupons.response.json');
  const answer = await ask(bytes);
  expect(answer).toMatchObject({ ok: true, logId: '16testrequest0000002', data: { trade: { tid: '3724561098877120118' } } });
  expect(answer.ok && Buffer.from(answer.bytes).equals(bytes)).toBe(true);
});

describe('refusals', () => {
  const SAMPLES: readonly (readonly [code: string, subCode: string, expected: FailureClass])[] = [
    ['25', 'isv.invalid-signature', 'do_not'],
    ['26', '', 'do_not'],
    ['27', 'sessionkey-not-generated-by-server', 'token_expired'],
    ['7', 'accesscontrol.limited-by-api-access-count', 'throttled'],
    ['15', 'isv.logistics-offline-service-error:B27', 'already_done'],
    ['15', 'isp.top-remote-connection-timeout', 'retry'],
  ];
  test('every sample has the class that its code asks for, and was certainly not carried out', async () => {
    const samples = JSON.parse(fixture('samples/errors.json').toString()) as readonly object[];
    const answers = await Promise.all(samples.map((sample) => ask(JSON.stringify(sample))));
    expect(answers.map((answer) => (answer.ok ? null : [answer.failure.code, answer.failure.subCode, answer.failure.class]))).toEqual(
      SAMPLES,
    );
    expect(answers.every((answer) => !answer.ok && answer.failure.isKnown && !answer.failure.mayHaveHappened)).toBe(true);
    expect(new Set(SAMPLES.map(([, , name]) => name)).size).toBe(FAILURE_CLASSES.length);
  });
  test('a ban says how long it lasts', async () => {
    const errors = json('samples/errors.json') as readonly object[];
    expect(await ask(JSON.stringify(errors[3]))).toMatchObject({
      failure: { retryAfterMs: 1_000, message: 'This ban will last for 1 more seconds' },
    });
  });
  test.each([
    [{ code: 15, sub_code: 'isv.trade-not-exist' }, 'do_not', true],
    [{ code: 10, msg: 'Service Currently Unavailable' }, 'retry', true],
    [{ code: 41, sub_code: 'isv.session-expired' }, 'token_expired', true],
    [{ code: 15, sub_code: 'isv.logistics-offline-service-error:S01' }, 'retry', true],
    [{ code: 15 }, 'do_not', false],
    [{ code: 15, sub_code: 'odd' }, 'do_not', false],
    [{ code: 999 }, 'do_not', false],
    [{}, 'do_not', false],
  ] as const)('%j is %s, known: %s', async (error, expected, isKnown) => {
    expect(await ask(JSON.stringify({ error_response: error }))).toMatchObject({ ok: false, failure: { class: expected, isKnown } });
  });
  test('no error at all stands beside some successes as null', async () => {
    expect(await ask('{"trade_fullinfo_get_response":{"trade":{}},"error_response":null}')).toMatchObject({ ok: true });
  });
});

describe('no answer', () => {
  test('a broken connection, an error page, half an answer or the answer to something else may be tried again, and may have been carried out', async () => {
    for (const answer of [
      await ask(new Error('ECONNRESET')),
      await ask('<html>', 502),
      await ask('{"trade_fullinfo_get_response":', 200),
      await ask('{"refund_get_response":{}}', 200),
      await ask('{"trade_fullinfo_get_response":[]}', 200),
      await ask('', 200),
    ])
      expect(answer).toMatchObject({ ok: false, failure: { class: 'retry', mayHaveHappened: true } });
  });
  test('a page of somebody else that says no is not tried again for ever, and 429 waits as long as it says', async () => {
    expect(await ask('<html>', 403)).toMatchObject({ ok: false, failure: { class: 'do_not' } });
    expect(await ask('{}', 429, { 'retry-after': '7' })).toMatchObject({ ok: false, failure: { class: 'throttled', retryAfterMs: 7_000 } });
  });
});

describe('the token', () => {
  const result = {
    access_token: 'at',
    refresh_token: 'rt',
    expires_in: 86_400,
    taobao_user_id: '2200000000001',
    taobao_user_nick: '%E6%B8%85%E7%A6%BE',
    sub_taobao_user_id: '9',
  };
  const read = (told: unknown) => readToken({ token_result: typeof told === 'string' ? told : JSON.stringify(told) }, 1_000);
  test('is JSON text inside the JSON; the shop is the seller, also when a sub-account agreed', () => {
    expect(read(result)).toEqual({
      token: { accessToken: 'at', refreshToken: 'rt', expiresAt: 86_401_000, shop: '2200000000001', shopName: '清禾' },
      problems: [],
    });
  });
  test('may say when it ends instead of how long it lasts', () => {
    expect(read({ ...result, expires_in: undefined, expire_time: 1_800_000_000_000 }).token?.expiresAt).toBe(1_800_000_000_000);
  });
  test('is none when something of it is missing, and no problem holds what was read', () => {
    for (const name of ['access_token', 'refresh_token', 'taobao_user_id', 'expires_in']) {
      const { token, problems } = read({ ...result, [name]: undefined });
      expect(token).toBeNull();
      expect(JSON.stringify(problems)).not.toContain('at"');
    }
    for (const odd of ['', '{', '[]', 'null']) expect(read(odd).token).toBeNull();
    expect(read({ ...result, taobao_user_nick: '%' }).token).toMatchObject({ shopName: '%' });
  });
  test('is asked for with a code, renewed with its other half, an hour before it ends', () => {
    expect(createToken('c')).toEqual({ method: 'taobao.top.auth.token.create', params: { code: 'c' } });
    const token = { accessToken: 'at', refreshToken: 'rt', expiresAt: 10_000_000, shop: SHOP };
    expect(refreshToken(token).params).toEqual({ refresh_token: 'rt' });
    const states = [10_000_000 - REFRESH_AHEAD_MS - 1, 10_000_000 - REFRESH_AHEAD_MS, 10_000_000].map((now) => tokenState(token, now));
    expect(states).toEqual(['fresh', 'refresh', 'expired']);
  });
});

const root = (name: string, value: unknown) => JSON.stringify({ [name]: value });

describe('lists', () => {
  const page = { page: 0, size: 50 };
  test('each row as it was written, with its own id and its order', async () => {
    const { ask: asks } = platform({ 'taobao.refunds.receive.get': fixture('samples/refunds_receive_get.response.json').toString() });
    const read = await taobaoAdapter.listChanged(asks, 'after_sales', SHOP, { from: 1, to: 2 }, page);
    expect(read).toMatchObject({ ok: true, value: { total: 3 } });
    const rows = read.ok ? read.value.rows : [];
    expect(rows.map(({ id, subject }) => [id, subject?.shop, subject?.id])).toEqual([
      ['151243567890003321', SHOP, '3724561098877120332'],
      ['151243567890004491', SHOP, '3724561098877120449'],
      ['151243567890005561', SHOP, '3724561098877120556'],
    ]);
    expect(Buffer.from(rows[0]?.bytes ?? []).toString()).toContain('"tid": 3724561098877120332,');
  });
  test('an answer that hides the total proves nothing; an empty one with its total does', async () => {
    const rows = fixture('samples/trades_sold_increment_get.response.json').toString();
    const read = async (body: string) => {
      const answer = await taobaoAdapter.listChanged(
        platform({ 'taobao.trades.sold.increment.get': body }).ask,
        'orders',
        SHOP,
        { from: 1, to: 2 },
        page,
      );
      return answer.ok ? { total: answer.value.total, rows: answer.value.rows.length } : answer.failure.code;
    };
    expect(await read(rows)).toEqual({ total: null, rows: 9 });
    expect(await read('{"trades_sold_increment_get_response":{"total_results":0}}')).toEqual({ total: 0, rows: 0 });
    expect(await read('{"trades_sold_increment_get_response":{"total_results":"x","trades":{}}}')).toEqual({ total: null, rows: 0 });
    expect(await read('{"trades_sold_increment_get_response":{"total_results":1,"trades":[]}}')).toBe('answer');
  });
  test('trades of every type are asked for: what is not asked for by name is in no list', async () => {
    const empty = (name: string) => root(name, { total_results: 0 });
    const { ask: asks, asked } = platform({
      'taobao.trades.sold.increment.get': empty('trades_sold_increment_get_response'),
      'taobao.trades.sold.get': empty('trades_sold_get_response'),
    });
    await taobaoAdapter.listChanged(asks, 'orders', SHOP, { from: 1, to: 2 }, page);
    await taobaoAdapter.listPlaced(asks, SHOP, { from: 1, to: 2 }, page);
    for (const { params } of asked)
      expect(String(params['type']).split(',')).toEqual(
        expect.arrayContaining(['guarantee_trade', 'fixed', 'cod', 'step', 'tmall_i18n', 'nopaid']),
      );
    expect(asked).toHaveLength(2);
  });
  test('a row without an id names no order, and is kept', async () => {
    const { ask: asks } = platform({
      'taobao.trades.sold.get': '{"trades_sold_get_response":{"total_results":2,"trades":{"trade":[{"tid":"x"},7]}}}',
    });
    const read = await taobaoAdapter.listPlaced(asks, SHOP, { from: 1, to: 2 }, page);
    expect(read).toMatchObject({ ok: true, value: { rows: [{ subject: null }, { subject: null }] } });
  });
  test('a page that lies beyond what the platform gives is not asked for', () => {
    for (const wrong of [
      { page: -1, size: 50 },
      { page: 0, size: 51 },
      { page: 0.5, size: 50 },
      { page: MAX_ROWS / 50, size: 50 },
    ])
      expect(() => tradesChanged({ from: 1, to: 2 }, wrong)).toThrow(RangeError);
  });
});

describe('the detail', () => {
  const fullinfo = (path: string) => fixture(`samples/trade_fullinfo_get.${path}.response.json`).toString();
  const subject = { kind: 'order' as const, channel: 'taobao', shop: SHOP, id: '1' };
  test('a trade without a refund is one call', async () => {
    const { ask: asks, asked } = platform({ 'taobao.trade.fullinfo.get': fullinfo('unpaid') });
    const read = await taobaoAdapter.fetchDetail(asks, subject, 0);
    expect(asked).toHaveLength(1);
    expect(String(asked[0]?.params['fields']).split(',')).toEqual(
      expect.arrayContaining(['oaid', 'orders', 'promotion_details', 'modified']),
    );
    expect(read.ok && Buffer.from(read.value).toString()).toContain('{"refunds":[],"trade":{\n   "tid": 3724561098877120001,');
  });
  test('the refunds are those of its buyer that are about it, earlier ones of a line too; the others of the buyer are not taken', async () => {
    const list = (refunds: readonly object[]) =>
      root('refunds_receive_get_response', { total_results: refunds.length, refunds: { refund: refunds } });
    const { ask: asks, asked } = platform({
      'taobao.trade.fullinfo.get': fullinfo('shipped_refund_requested'),
      'taobao.refunds.receive.get': list([
        { refund_id: '151243567890003321', tid: '1' },
        { refund_id: '151243567890003000', tid: '1' },
        { refund_id: '2', tid: '2' },
      ]),
    });
    const read = await taobaoAdapter.fetchDetail(asks, subject, 0);
    expect(asked[1]?.params).toMatchObject({ buyer_open_uid: 'AAEtEST00000000000000000000332', page_no: 1 });
    expect(asked.map(({ method }) => method)).not.toContain('taobao.refund.get');
    expect(read.ok && Buffer.from(read.value).toString()).toContain(
      '{"refunds":[{"refund_id":"151243567890003321","tid":"1"},{"refund_id":"151243567890003000","tid":"1"}],"trade":',
    );
  });
  test('one with refunds is read again after them, so that it is at least as new', async () => {
    const { ask: asks, asked } = platform({
      'taobao.trade.fullinfo.get': (_, nth) => fullinfo(nth === 0 ? 'shipped_refund_requested' : 'finished_one_line_refunded'),
      'taobao.refunds.receive.get': root('error_response', { code: 11, sub_code: 'isv.permission-api-package-limit' }),
      'taobao.refund.get': ({ refund_id }) => `{"refund_get_response":{"refund":{"refund_id":${String(refund_id)}}}}`,
    });
    const read = await taobaoAdapter.fetchDetail(asks, subject, 0);
    expect(asked.map(({ method }) => method)).toEqual([
      'taobao.trade.fullinfo.get',
      'taobao.refunds.receive.get',
      'taobao.refund.get',
      'taobao.trade.fullinfo.get',
    ]);
    const text = read.ok ? Buffer.from(read.value).toString() : '';
    expect(text).toContain('{"refunds":[{"refund_id":151243567890003321}],"trade":');
    expect(text).toContain('TRADE_FINISHED');
  });
  test('a success that holds no trade, or no refund, is a doubt, and a refusal is one', async () => {
    const fetch = (script: Parameters<typeof platform>[0]) => taobaoAdapter.fetchDetail(platform(script).ask, subject, 0);
    expect(await fetch({ 'taobao.trade.fullinfo.get': root('trade_fullinfo_get_response', {}) })).toMatchObject({
      ok: false,
      failure: { code: 'answer' },
    });
    expect(
      await fetch({
        'taobao.trade.fullinfo.get': fullinfo('shipped_refund_requested'),
        'taobao.refunds.receive.get': root('refunds_receive_get_response', {}),
        'taobao.refund.get': root('refund_get_response', {}),
      }),
    ).toMatchObject({ ok: false, failure: { code: 'answer' } });
    expect(
      await fetch({ 'taobao.trade.fullinfo.get': root('error_response', { code: 15, sub_code: 'isv.trade-not-exist' }) }),
    ).toMatchObject({
      ok: false,
      failure: { class: 'do_not' },
    });
  });
});

describe('opening a receiver', () => {
  const open = async (receiver: object, tid = '1') => {
    const { ask: asks, asked } = platform({
      'taobao.top.oaid.decrypt': JSON.stringify({ top_oaid_decrypt_response: { receiver_list: { receiver: [receiver] } } }),
    });
    const read = await taobaoAdapter.openReceiver?.(asks, { kind: 'order', channel: 'taobao', shop: SHOP, id: tid }, 'OAID');
    return { read, asked };
  };
  test('asks for this order and this token, and answers with what the platform opened', async () => {
    const { read, asked } = await open({
      tid: '1',
      name: '张三',
      mobile: '15400000001-1234',
      state: '浙江省',
      city: '杭州市',
      district: '西湖区',
      town: '测试街道',
      address_detail: '路1号',
      matched: true,
    });
    expect(asked).toEqual([{ method: 'taobao.top.oaid.decrypt', params: { query_list: [{ oaid: 'OAID', tid: '1' }] } }]);
    expect(read).toEqual({
      ok: true,
      value: { name: '张三', phone: '15400000001-1234', province: '浙江省', city: '杭州市', district: '西湖区', detail: '测试街道路1号' },
    });
  });
  test('a token that the order has no more is said to be so, and the receiver of another order is not taken', async () => {
    expect((await open({ tid: '1', matched: false, name: '张三' })).read).toMatchObject({
      ok: false,
      failure: { subCode: 'not_matched', isKnown: true },
    });
    expect((await open({ tid: '2', name: '张三' })).read).toMatchObject({ ok: false, failure: { code: 'answer' } });
  });
});
