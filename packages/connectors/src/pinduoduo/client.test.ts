import { describe, expect, test } from 'vitest';
import type { Answer, FailureClass, Send } from '../adapter.ts';
import { pinduoduoAdapter } from './adapter.ts';
import { createClient } from './client.ts';
import { ERROR_CODES } from './errors.ts';
import { app, fixture, platform, SHOP, subjectOf } from './judge.test-support.ts';
import { afterSalesChanged, MAX_ROWS, orderDetail, ordersChanged, ordersPlaced, rowsOf } from './requests.ts';
import { ROOT_KEYS } from './root-keys.ts';
import { pinduoduoToken } from './token.ts';

const NOW = 1771725800_000;
const WINDOW = { from: 1771723800, to: 1771725600 };

function talk(body: string | Buffer | Error, status = 200, headers: Readonly<Record<string, string>> = {}) {
  const sent: { readonly url: string; readonly body: string }[] = [];
  const send: Send = async (url, init) => {
    sent.push({ url, body: init.body ?? '' });
    if (body instanceof Error) throw body;
    return { status, headers: new Headers(headers), arrayBuffer: async () => new Uint8Array(Buffer.from(body)).buffer };
  };
  return { client: createClient({ app, send, now: () => NOW }), sent };
}
const ask = (body: string | Buffer | Error, status?: number, headers?: Readonly<Record<string, string>>): Promise<Answer> =>
  talk(body, status, headers).client.call(orderDetail('260222-100000000000101'), 'tok');

test('a call is sent as the notes write it, with the signature of the vectors', async () => {
  const { client, sent } = talk('{}');
  const { method, params } = ordersChanged(WINDOW, { page: 0, size: 100 });
  await client.call({ method, params: { ...params, use_has_next: true } }, 'tok');
  expect(sent[0]?.url).toBe('https://gw-api.pinduoduo.com/api/router');
  const sample = JSON.parse(fixture('samples/order_number_list_increment_get.request.json').toString()) as Record<string, unknown>;
  expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
    ...sample,
    start_updated_at: WINDOW.from,
    end_updated_at: WINDOW.to,
    timestamp: '1771725800',
    sign: '13337F23147D97DEFE21F3215C472128',
  });
});

test('what is nested goes as the JSON text that was signed, what is absent not at all', async () => {
  const { client, sent } = talk('{}');
  await client.call({ method: 'pdd.open.decrypt.batch', params: { data_list: [{ data_tag: '1' }], no: undefined, none: null } }, null);
  const body = JSON.parse(sent[0]?.body ?? '') as Record<string, unknown>;
  expect(body['data_list']).toBe('[{"data_tag":"1"}]');
  expect(Object.keys(body).toSorted()).toEqual(['client_id', 'data_list', 'data_type', 'sign', 'timestamp', 'type']);
});

describe('answers', () => {
  test('the root key is the one of the table, and ids stay text', async () => {
    const bytes = fixture('samples/order_information_get.deposit_order.response.json');
    const answer = await ask(bytes);
    expect(answer).toMatchObject({
      ok: true,
      logId: '17000000000000002',
      data: { order_info: { item_list: [{ sku_id: '5201000000001' }] } },
    });
    expect(answer.ok && Buffer.from(answer.bytes).equals(bytes)).toBe(true);
  });
  test('a success under a name that follows from the call, but is not in the table, is none', async () => {
    expect(await ask('{"order_information_get_response":{}}')).toMatchObject({
      ok: false,
      failure: { code: 'answer', class: 'retry', isKnown: false },
    });
  });
  test('the slips of the platform stand in the table as it makes them', () => {
    expect(ROOT_KEYS.get('pdd.logistics.ordertrace.get')).toBe('logistics_ordertrace_get_resposne');
    expect(ROOT_KEYS.get('pdd.pmc.accrue.query')).toBe('pmc_user_get_response');
    expect(ROOT_KEYS.get('pdd.order.number.list.increment.get')).toBe('order_sn_increment_get_response');
  });
  test('every sample of a refusal has the class that its code asks for, and was certainly not carried out', async () => {
    const samples = JSON.parse(fixture('samples/errors.json').toString()) as readonly object[];
    const answers = await Promise.all(samples.map((sample) => ask(JSON.stringify(sample))));
    expect(answers.map((answer) => (answer.ok ? null : [answer.failure.code, answer.failure.class]))).toEqual([
      ['20004', 'do_not'],
      ['10019', 'token_expired'],
      ['70031', 'throttled'],
      ['52103', 'retry'],
    ]);
    expect(answers.every((answer) => !answer.ok && answer.failure.isKnown && !answer.failure.mayHaveHappened)).toBe(true);
  });
  const refused = (code: unknown, subCode: unknown = null) =>
    ask(JSON.stringify({ error_response: { error_code: code, error_msg: '说明', sub_code: subCode, sub_msg: null, request_id: '1' } }));
  test('every code of the table', async () => {
    for (const [code, expected] of ERROR_CODES)
      expect(await refused(Number(code)), code).toMatchObject({ failure: { class: expected, isKnown: true } });
  });
  test.each([
    [50001, '50001', 'retry', true],
    [50001, '70031', 'throttled', true],
    [50001, '110012', 'do_not', false],
    [50003, null, 'retry', true],
    [51099, '51099', 'retry', true],
    [50001, '51001', 'retry', true],
    [49999, null, 'do_not', false],
    [52003, null, 'do_not', false],
    ['50003x', null, 'do_not', false],
    [99999, null, 'do_not', false],
    [undefined, null, 'do_not', false],
  ] as const)('%s with sub_code %s is %s', async (code, subCode, expected, isKnown) => {
    expect(await refused(code, subCode)).toMatchObject({ failure: { class: expected satisfies FailureClass, isKnown } });
  });
  test('a call whose time was refused is tried again, for it is signed anew', async () => {
    const refusal = { error_code: 10001, error_msg: '公共参数错误:timestamp', sub_code: '10001', sub_msg: null, request_id: '1' };
    expect(await ask(JSON.stringify({ error_response: refusal }))).toMatchObject({ failure: { class: 'retry', isKnown: true } });
  });
  test('no answer may have been carried out; a wall before the platform was not reached', async () => {
    for (const answer of [await ask(new Error('ECONNRESET')), await ask('<html>', 502), await ask('{"order_info', 200), await ask('', 200)])
      expect(answer).toMatchObject({ ok: false, failure: { class: 'retry', mayHaveHappened: true } });
    expect(await ask('<html>', 403)).toMatchObject({ failure: { class: 'do_not', code: 'http:403', mayHaveHappened: false } });
    expect(await ask('', 429, { 'retry-after': '7' })).toMatchObject({ failure: { class: 'throttled', retryAfterMs: 7_000 } });
  });
});

describe('questions', () => {
  test('pages count from 1 there and from 0 here, and reach no further than the platform lets them', () => {
    expect(ordersChanged(WINDOW, { page: 2, size: 50 }).params).toMatchObject({ page: 3, page_size: 50 });
    expect(ordersPlaced(WINDOW, { page: 0, size: 100 })).toMatchObject({
      method: 'pdd.order.list.get',
      params: { start_confirm_at: WINDOW.from, end_confirm_at: WINDOW.to },
    });
    for (const page of [
      { page: -1, size: 10 },
      { page: 0, size: 101 },
      { page: 0, size: 0 },
      { page: MAX_ROWS, size: 100 },
      { page: 0.5, size: 1 },
    ])
      expect(() => afterSalesChanged(WINDOW, page)).toThrow(RangeError);
  });
  test('a list without a count proves nothing, and what is no list is none', () => {
    expect(rowsOf({ refund_list: [] }, 'refund_list')).toEqual({ rows: [], total: null });
    expect(rowsOf({ total_count: '3', refund_list: ['a'] }, 'refund_list')).toEqual({ rows: ['a'], total: 3 });
    expect(rowsOf({ refund_list: 'x' }, 'refund_list')).toBeNull();
    expect(rowsOf(null, 'refund_list')).toBeNull();
  });
  test('a row that names no order is kept whole, for a person', async () => {
    const { ask: asked } = platform({
      'pdd.order.list.get': '{"order_list_get_response":{"total_count":1,"order_list":[{"order_sn":7}]}}',
    });
    const read = await pinduoduoAdapter.listPlaced(asked, SHOP, WINDOW, { page: 0, size: 10 });
    expect(read.ok && read.value.rows.map(({ subject, bytes }) => [subject, Buffer.from(bytes).toString()])).toEqual([
      [null, '{"order_sn":7}'],
    ]);
  });
  test('the shop is permitted once, and a no is no success', async () => {
    const yes = platform({ 'pdd.pmc.user.permit': '{"pmc_user_permit_response":{"is_success":true}}' });
    expect(await pinduoduoAdapter.permit?.(yes.ask)).toEqual({ ok: true, value: null });
    const no = platform({ 'pdd.pmc.user.permit': '{"pmc_user_permit_response":{"is_success":false}}' });
    expect(await pinduoduoAdapter.permit?.(no.ask)).toMatchObject({ ok: false });
  });
});

describe('tokens', () => {
  const told = { access_token: 'a', refresh_token: 'r', owner_id: SHOP, owner_name: '清禾', expires_in: '86400', expires_at: '1771812200' };
  test('are asked for with the code of the consent and refreshed with their own', () => {
    expect(pinduoduoToken.first(SHOP, 'code')).toEqual({ method: 'pdd.pop.auth.token.create', params: { code: 'code' } });
    const { token } = pinduoduoToken.read(told, NOW, SHOP);
    expect(token && pinduoduoToken.refresh(token)).toEqual({ method: 'pdd.pop.auth.token.refresh', params: { refresh_token: 'r' } });
  });
  test('belong to the owner, who is the shop, and end at the earlier of the two times told', () => {
    expect(pinduoduoToken.read(told, NOW, SHOP).token).toEqual({
      accessToken: 'a',
      refreshToken: 'r',
      shop: SHOP,
      shopName: '清禾',
      expiresAt: 1771812200_000,
    });
    expect(pinduoduoToken.read({ ...told, expires_at: '1771729400' }, NOW, SHOP).token?.expiresAt).toBe(1771729400_000);
    expect(pinduoduoToken.read({ ...told, expires_in: null }, NOW, SHOP).token?.expiresAt).toBe(1771812200_000);
  });
  test('are asked anew only when they end: refreshing lengthens nothing', () => {
    const { token } = pinduoduoToken.read(told, NOW, SHOP);
    if (token === null) throw new Error('no token');
    expect([token.expiresAt - 60_000, token.expiresAt - 1, token.expiresAt].map((now) => pinduoduoToken.state(token, now))).toEqual([
      'fresh',
      'refresh',
      'expired',
    ]);
  });
  test('without their parts are none, and no part of them is said', () => {
    for (const name of ['access_token', 'refresh_token', 'owner_id'])
      expect(JSON.stringify(pinduoduoToken.read({ ...told, [name]: '' }, NOW, SHOP))).not.toContain('"r"');
    expect(pinduoduoToken.read({ ...told, expires_in: '', expires_at: '' }, NOW, SHOP).token).toBeNull();
    expect(pinduoduoToken.read({ ...told, expires_at: '1' }, NOW, SHOP).token).toBeNull();
  });
});

describe('opening the receiver', () => {
  const token = 'tel=$a$b=$2$$ name=~c=~d~2~~ detail=~e=~f~2~~';
  const item = (cipher: string, clear: string, error = 0) => ({
    data_tag: '1',
    encrypted_data: cipher,
    decrypted_data: clear,
    error_code: error,
  });
  const answer = (items: readonly object[]) => JSON.stringify({ open_decrypt_batch_response: { data_decrypt_list: items } });
  test('asks for the ciphertexts of the token under the order they belong to', async () => {
    const all = [item('~c=~d~2~~', '王小明'), item('$a$b=$2$$', '$13800000000$#1234#'), item('~e=~f~2~~', '测试路1号')];
    const { ask: asked, calls } = platform({ 'pdd.open.decrypt.batch': answer(all) });
    expect(await pinduoduoAdapter.openReceiver?.(asked, subjectOf('260222-100000000000101'), token)).toEqual({
      ok: true,
      value: { name: '王小明', phone: '13800000000#1234', detail: '测试路1号' },
    });
    expect(calls[0]?.params['data_list']).toEqual(
      ['$a$b=$2$$', '~c=~d~2~~', '~e=~f~2~~'].map((each) => ({ data_tag: '260222-100000000000101', encrypted_data: each })),
    );
  });
  test('says what could be opened; nothing opened is no success', async () => {
    const some = platform({ 'pdd.open.decrypt.batch': answer([item('~c=~d~2~~', '王小明'), item('$a$b=$2$$', '', 7)]) });
    expect(await pinduoduoAdapter.openReceiver?.(some.ask, subjectOf('1'), token)).toEqual({ ok: true, value: { name: '王小明' } });
    const none = platform({ 'pdd.open.decrypt.batch': answer([item('$a$b=$2$$', '1', 7)]) });
    expect(await pinduoduoAdapter.openReceiver?.(none.ask, subjectOf('1'), token)).toMatchObject({ ok: false });
  });
});
