import { describe, expect, test } from 'vitest';
import { type Answer, FAILURE_CLASSES, type FailureClass, type Send } from '../adapter.ts';
import { createClient } from './client.ts';
import { fixture, json } from './judge.test-support.ts';
import { afterSalesChanged, afterSalesOf, confirmAddress, MAX_ROWS, orderDetail, ordersChanged, ordersPlaced, rowsOf } from './requests.ts';
import { createOwnToken, createToken, readToken, REFRESH_AHEAD_MS, refreshToken, tokenState } from './token.ts';

const app = { key: '3409409348479354011', secret: '2ad2355c-01d0-11f8-91dc-05a8cd1054b1' };
const NOW = 1771725800_000;
interface Sent {
  readonly url: URL;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A client whose platform answers `status` and `body`; what was sent is kept. */
function talk(body: string | Buffer | Error, status = 200, headers: Readonly<Record<string, string>> = {}) {
  const sent: Sent[] = [];
  const send: Send = async (url, init) => {
    sent.push({ url: new URL(url), body: init.body ?? '', headers: init.headers });
    if (body instanceof Error) throw body;
    return { status, headers: new Headers(headers), arrayBuffer: async () => new Uint8Array(Buffer.from(body)).buffer };
  };
  return { client: createClient({ app, send, now: () => NOW }), sent };
}
const ask = (body: string | Buffer | Error, status?: number, headers?: Readonly<Record<string, string>>): Promise<Answer> =>
  talk(body, status, headers).client.call(orderDetail('1'), 'tok');

test('the call of the notes is sent as they write it, with the signature of the vectors', async () => {
  const { client, sent } = talk('{"code":10000,"data":{}}');
  const query = { update_time_start: 1771723800, update_time_end: 1771725600, order_asc: true, order_by: 'update_time', page: 0, size: 50 };
  await client.call({ method: 'order.searchList', params: { ...query, combine_status: [{ order_status: '2,101' }] } }, 'tok');
  const [call] = sent;
  expect(`${call?.url.origin}${call?.url.pathname}`).toBe('https://openapi-fxg.jinritemai.com/order/searchList');
  expect(Object.fromEntries(call?.url.searchParams ?? [])).toEqual({
    app_key: app.key,
    method: 'order.searchList',
    access_token: 'tok',
    timestamp: '1771725800',
    v: '2',
    sign_method: 'hmac-sha256',
    sign: '73eabd0788f4342d0b8c5d26f600255fc20d30aac002fcba061d9b5bec55e84e',
  });
  expect(call?.body).toBe(
    '{"combine_status":[{"order_status":"2,101"}],"order_asc":true,"order_by":"update_time","page":0,"size":50,"update_time_end":1771725600,"update_time_start":1771723800}',
  );
  expect(call?.headers['content-type']).toBe('application/json');
});

test('an answer keeps its bytes for the inbox and its ids as text', async () => {
  const bytes = fixture('samples/order_orderDetail.with_three_payers.response.json');
  const answer = await ask(bytes);
  expect(answer).toMatchObject({
    ok: true,
    logId: '20260222093500010TESTLOGID',
    data: { shop_order_detail: { order_id: '6930000000000002002' } },
  });
  expect(answer.ok && Buffer.from(answer.bytes).equals(bytes)).toBe(true);
});

test('an old answer without `code` is a success when its err_no is 0', async () => {
  expect(await ask('{"err_no":0,"message":"success","data":{"a":1}}')).toMatchObject({ ok: true, data: { a: '1' } });
});

describe('refusals', () => {
  const SAMPLES: readonly (readonly [subCode: string, expected: FailureClass])[] = [
    ['isv.parameter-invalid:20022', 'do_not'],
    ['isv.parameter-invalid:20013', 'do_not'],
    ['isv.parameter-invalid:20011', 'do_not'],
    ['isp.service-error:20005', 'retry'],
    ['isv.missing-parameter:50050', 'do_not'],
    ['isv.business-failed:60040', 'do_not'],
    ['isv.business-failed:60068', 'do_not'],
    ['isv.business-failed:60109', 'retry'],
    ['isv.business-failed:60110', 'already_done'],
    ['isv.business-failed:60128', 'do_not'],
    ['isv.business-failed:50042', 'do_not'],
    ['', 'token_expired'],
  ];
  test('every sample has the class that its code asks for, and was certainly not carried out', async () => {
    const samples = JSON.parse(fixture('samples/errors.json').toString()) as readonly object[];
    const answers = await Promise.all(samples.map((sample) => ask(JSON.stringify(sample))));
    expect(answers.map((answer) => (answer.ok ? null : [answer.failure.subCode, answer.failure.class]))).toEqual(SAMPLES);
    expect(answers.every((answer) => !answer.ok && answer.failure.isKnown && !answer.failure.mayHaveHappened)).toBe(true);
  });
  test.each([
    [{ code: 60000 }, 'throttled'],
    [{ err_no: 9 }, 'throttled'],
    [{ code: 40003, sub_code: 'isv.access-token-expired' }, 'token_expired'],
    [{ code: 40003, sub_code: 'isv.access-token-no-existed' }, 'token_expired'],
    [{ code: 40003, sub_code: 'isv.timestamp-invalid' }, 'retry'],
    [{ code: 40003, sub_code: 'isv.signature-invalid' }, 'do_not'],
    [{ code: 30002 }, 'do_not'], // our address is not on the allow list …
    [{ err_no: 30002 }, 'token_expired'], // … the same number in the old shape is an expired token
    [{ code: 50002, sub_code: 'isp.business-failed:99997' }, 'retry'],
    [{ code: 50002, sub_code: 'isv.business-failed:20004' }, 'retry'], // 系统繁忙 of order.orderDetail
    [{ code: 70000, sub_code: 'isp.api-service-off' }, 'do_not'],
  ] as const)('%j is %s', async (refusal, expected) => {
    expect(await ask(JSON.stringify(refusal))).toMatchObject({ ok: false, failure: { class: expected, isKnown: true } });
  });
  test('a code that no table holds is not tried again, and is said to be unknown', async () => {
    for (const refusal of ['{"code":12345}', '{"err_no":12345}', '{}', '{"code":"10000x"}'])
      expect(await ask(refusal)).toMatchObject({ ok: false, failure: { class: 'do_not', isKnown: false } });
  });
  test('there are five classes', () => {
    expect(new Set(SAMPLES.map(([, name]) => name)).size + 1).toBe(FAILURE_CLASSES.length); // throttling has no sample
  });
});

describe('no answer', () => {
  test('a broken connection, an error page or half an answer may be tried again, and may have been carried out', async () => {
    for (const answer of [
      await ask(new Error('ECONNRESET')),
      await ask('<html>', 502),
      await ask('{"code":10000', 200),
      await ask('', 200),
    ])
      expect(answer).toMatchObject({ ok: false, failure: { class: 'retry', mayHaveHappened: true } });
  });
  test('a page of somebody else that says no is not tried again for ever', async () => {
    expect(await ask('<html>', 403)).toMatchObject({
      ok: false,
      failure: { class: 'do_not', isKnown: false, code: 'http:403', mayHaveHappened: false },
    });
  });
  test('too many requests says how long to wait, when it does', async () => {
    expect(await ask('', 429, { 'retry-after': '7' })).toMatchObject({
      ok: false,
      failure: { class: 'throttled', retryAfterMs: 7_000, mayHaveHappened: false },
    });
    expect(await ask('{"code":60000}', 200, { 'retry-after': '2' })).toMatchObject({ ok: false, failure: { retryAfterMs: 2_000 } });
    for (const wrong of ['soon', '-1', '']) {
      const answer = await ask('', 429, { 'retry-after': wrong });
      expect(answer.ok ? null : (answer.failure.retryAfterMs ?? 0)).toBe(0);
    }
    expect(await ask('', 429, { 'retry-after': '99999999' })).toMatchObject({ failure: { retryAfterMs: 86_400_000 } });
  });
});

describe('questions', () => {
  const window = { from: 1771723800, to: 1771725600 };
  test('walk from the oldest change to the newest', () => {
    expect(ordersChanged(window, { page: 0, size: 100 }).params).toMatchObject({ order_by: 'update_time', order_asc: true });
    expect(afterSalesChanged(window, { page: 0, size: 100 }).params).toMatchObject({ order_by: ['update_time asc'] });
    expect(ordersPlaced(window, { page: 3, size: 20 }).params).toMatchObject({ create_time_start: window.from, page: 3 });
    expect(afterSalesOf('6001', { page: 0, size: 100 })).toMatchObject({ method: 'afterSale.List', params: { order_id: '6001' } });
  });
  test('reach no further than the platform allows', () => {
    expect(ordersChanged(window, { page: MAX_ROWS / 100 - 1, size: 100 }).params).toMatchObject({ page: 499 });
    for (const page of [
      { page: 500, size: 100 },
      { page: 0, size: 101 },
      { page: -1, size: 10 },
      { page: 0.5, size: 10 },
      { page: 0, size: 0 },
    ])
      expect(() => ordersChanged(window, page)).toThrow(RangeError);
  });
  test('a list is told from something that only looks empty', () => {
    expect(rowsOf({ shop_order_list: [], total: '0' }, 'shop_order_list')).toEqual({ rows: [], total: 0 });
    expect(rowsOf({}, 'shop_order_list')).toEqual({ rows: [], total: null });
    expect(rowsOf(null, 'items')).toBeNull();
    expect(rowsOf({ items: 'none' }, 'items')).toBeNull();
  });
  test('the answer to a wish for another address is the sample of the notes', () => {
    const sample = JSON.parse(fixture('samples/order_addressConfirm.request.json').toString()) as object;
    expect(confirmAddress('6930000000000002002', 'picking').params).toEqual(sample);
    expect(confirmAddress('1', 'agree').params).toMatchObject({ is_approved: 0 });
  });
});

describe('token', () => {
  const data = { access_token: 'a', refresh_token: 'r', expires_in: '604800', shop_id: '1234567', shop_name: '店', scope: 'SCOPE' };
  test('is asked for without a token, by code or as the shop itself, and refreshed with its own', async () => {
    const { client, sent } = talk('{"code":10000,"data":{}}');
    await client.call(createOwnToken('1234567'), null);
    expect(sent[0]?.url.searchParams.has('access_token')).toBe(false);
    expect(sent[0]?.body).toBe('{"code":"","grant_type":"authorization_self","shop_id":"1234567"}');
    expect(createToken('c')).toMatchObject({ method: 'token.create', params: { grant_type: 'authorization_code', code: 'c' } });
    const { token } = readToken(data, NOW);
    expect(token && refreshToken(token).params).toMatchObject({ grant_type: 'refresh_token', refresh_token: 'r' });
  });
  test('lives from when it was asked for, and is refreshed a little before it ends', () => {
    const { token } = readToken(data, NOW);
    const end = NOW + 604_800_000;
    expect(token).toEqual({ accessToken: 'a', refreshToken: 'r', expiresAt: end, shop: '1234567', shopName: '店' });
    if (token === null) throw new Error('no token');
    expect([NOW, end - REFRESH_AHEAD_MS - 1, end - REFRESH_AHEAD_MS, end - 1, end].map((at) => tokenState(token, at))).toEqual([
      'fresh',
      'fresh',
      'refresh',
      'refresh',
      'expired',
    ]);
  });
  test('an answer that holds no whole token says so without showing any of it', () => {
    for (const name of ['access_token', 'refresh_token', 'expires_in', 'shop_id']) {
      const { token, problems } = readToken({ ...data, [name]: null }, NOW);
      expect(token).toBeNull();
      expect(JSON.stringify(problems)).not.toMatch(/"[ar]"/);
    }
    expect(readToken(json('samples/push.probe.json'), NOW).token).toBeNull();
  });
});

test('a total that is no number is none: neither a throw nor a zero', () => {
  for (const total of ['', ' ', 'x', '-1', { toString: '1' }, ['5'], true])
    expect(rowsOf({ items: [], total }, 'items')).toEqual({ rows: [], total: null });
});
