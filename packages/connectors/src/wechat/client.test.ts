import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Answer, App, Ask, Call, Send } from '../adapter.ts';
import { wechatAdapter } from './adapter.ts';
import { certificatesIn } from './certificates.ts';
import { createClient } from './client.ts';
import { ERR_CODES, PAY_CODES } from './errors.ts';
import { anOrder, aPayment } from './detail.test-support.ts';
import { certificatesOf, orderOf, ordersPaid, paymentOf, refundOf, stableToken } from './requests.ts';
import { signedFields, signedXml, signFields } from './pay-v2.ts';
import { requestText } from './sign-pay.ts';
import { parseLossless } from '../lossless-json.ts';
import {
  APP,
  fixture,
  merchantPublicKey,
  next,
  NEXT_ID,
  NOW,
  PAID,
  payHeaders,
  plain,
  PLATFORM_ID,
  sealResource,
  without,
} from './world.test-support.ts';

interface Sent {
  readonly url: string;
  readonly init: Parameters<Send>[1];
}
interface Reply {
  readonly status?: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}
/** A wire that answers the same to everything; v3 answers are signed unless the headers are told. */
function wire(reply: Reply | ((sent: Sent) => Reply), app: App = APP) {
  const sent: Sent[] = [];
  const send: Send = async (url, init) => {
    sent.push({ url, init });
    const { status = 200, body, headers } = typeof reply === 'function' ? reply({ url, init }) : reply;
    const told = headers ?? (url.includes('/v3/') ? payHeaders(body, NOW) : {});
    return { status, headers: { get: (name) => told[name] ?? null }, arrayBuffer: async () => new Uint8Array(Buffer.from(body)).buffer };
  };
  const client = createClient({ app, send, now: () => NOW });
  return { sent, client, ask: ((call: Call) => client.call(call, 'TOKEN')) satisfies Ask };
}
const OK = '{"errcode":0,"errmsg":"ok"}';
const PAYMENT = JSON.stringify(aPayment());
const failureOf = (answer: Answer) => (answer.ok ? undefined : answer.failure);

describe('api.weixin.qq.com', () => {
  test('a POST of JSON with the token in the query', async () => {
    const { sent, client } = wire({ body: OK });
    await client.call(orderOf(PAID), 'T+1');
    expect(sent).toMatchObject([{ url: 'https://api.weixin.qq.com/wxa/sec/order/get_order?access_token=T%2B1', init: { method: 'POST' } }]);
    expect(JSON.parse(sent[0]?.init.body ?? '')).toEqual({ merchant_id: PAID.shop, merchant_trade_no: PAID.id });
  });
  test('the call for a token carries AppID and AppSecret in its body, and nowhere else', async () => {
    const { sent, client } = wire({ body: '{"access_token":"A","expires_in":7200}' });
    const answer = await client.call(stableToken(), null);
    expect(sent[0]?.url).toBe('https://api.weixin.qq.com/cgi-bin/stable_token');
    expect(JSON.parse(sent[0]?.init.body ?? '')).toEqual({
      grant_type: 'client_credential',
      force_refresh: false,
      appid: APP.key,
      secret: APP.secret,
    });
    if (!answer.ok) throw new Error('refused');
    const { token } = wechatAdapter.token.read(answer.data, NOW, PAID.shop);
    expect(token).toEqual({ accessToken: 'A', refreshToken: '', expiresAt: NOW + 7_200_000, shop: PAID.shop });
    if (token === null) throw new Error('no token');
    expect([0, 7_200_000 - 240_001, 7_200_000 - 240_000, 7_200_000].map((later) => wechatAdapter.token.state(token, NOW + later))).toEqual([
      'fresh',
      'fresh',
      'refresh',
      'expired',
    ]);
    expect(wechatAdapter.token.refresh(token)).toEqual(wechatAdapter.token.first(PAID.shop, undefined));
  });
  test.each([
    {},
    { access_token: 'A' },
    { access_token: '', expires_in: 7200 },
    { access_token: 'A', expires_in: 'soon' },
    { access_token: 'A', expires_in: 0 },
  ])('%j is no token, and its text stands in no problem', (data) => {
    const read = wechatAdapter.token.read(parseLossless(JSON.stringify(data)), NOW, PAID.shop);
    expect(read.token).toBeNull();
    expect(JSON.stringify(read.problems)).not.toContain('"A"');
  });
  test('every errcode of the table is known, another one is a person’s affair', async () => {
    for (const [code, found] of ERR_CODES)
      expect(
        failureOf(await wire({ body: `{"errcode":${code},"errmsg":"x rid: 650d8748-67e95e45-62971516"}` }).ask(orderOf(PAID))),
      ).toMatchObject({ class: found, code, isKnown: true, logId: '650d8748-67e95e45-62971516', mayHaveHappened: false });
    expect(failureOf(await wire({ body: '{"errcode":99999}' }).ask(orderOf(PAID)))).toMatchObject({ class: 'do_not', isKnown: false });
    expect(failureOf(await wire({ body: '{"errcode":10060001}' }).ask(orderOf(PAID)))).toMatchObject({
      class: 'retry',
      retryAfterMs: 10_000,
    });
  });
});

describe('api.mch.weixin.qq.com v3', () => {
  test('a GET whose signature covers path, query, time and nonce', async () => {
    const { sent, client } = wire({ body: PAYMENT });
    const answer = await client.call(paymentOf(PAID), 'TOKEN');
    expect(answer).toMatchObject({ ok: true, data: { trade_state: 'SUCCESS' } });
    const { url = '', init } = sent[0] ?? {};
    expect(url).toBe('https://api.mch.weixin.qq.com/v3/pay/transactions/out-trade-no/MP20260222093012000731?mchid=1900000001');
    expect(init).not.toHaveProperty('body');
    expect(init?.headers).toMatchObject({ 'wechatpay-serial': PLATFORM_ID, accept: 'application/json' });
    const parts = Object.fromEntries(
      [...(init?.headers['authorization'] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    expect(parts).toMatchObject({ mchid: '1900000001', serial_no: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1', timestamp: '1771723830' });
    const text = requestText({
      method: 'GET',
      path: url.slice('https://api.mch.weixin.qq.com'.length),
      timestamp: parts['timestamp'] ?? '',
      nonce: parts['nonce_str'] ?? '',
      body: '',
    });
    expect(
      verify(
        'sha256',
        Buffer.from(text),
        createPublicKey(merchantPublicKey.export({ type: 'spki', format: 'pem' })),
        Buffer.from(parts['signature'] ?? '', 'base64'),
      ),
    ).toBe(true);
  });
  test('a number with signs of an address in it stays one number', async () => {
    const { sent, ask } = wire({ body: PAYMENT });
    await ask(paymentOf({ ...PAID, id: 'A/../B?x=1' }));
    await ask(refundOf(PAID.shop, 'RF 1'));
    expect(sent.map(({ url }) => url.slice('https://api.mch.weixin.qq.com'.length))).toEqual([
      '/v3/pay/transactions/out-trade-no/A%2F..%2FB%3Fx%3D1?mchid=1900000001',
      '/v3/refund/domestic/refunds/RF%201',
    ]);
  });
  test('a POST signs its body', async () => {
    const { sent, ask } = wire({ body: PAYMENT });
    await ask({ method: 'POST /v3/refund/domestic/refunds', params: { signer: PAID.shop, out_refund_no: '1' } });
    expect(sent[0]).toMatchObject({
      url: 'https://api.mch.weixin.qq.com/v3/refund/domestic/refunds',
      init: { method: 'POST', body: '{"out_refund_no":"1"}', headers: { 'content-type': 'application/json' } },
    });
  });
  test('one simulated address serves both families, and the path that is signed is the platform’s', async () => {
    const sent: string[] = [];
    const send: Send = async (url) => {
      sent.push(url);
      return {
        status: 200,
        headers: { get: (name) => payHeaders(OK, NOW)[name] ?? null },
        arrayBuffer: async () => new Uint8Array(Buffer.from(OK)).buffer,
      };
    };
    const client = createClient({ app: APP, send, now: () => NOW, baseUrl: 'http://127.0.0.1:9/wechat' });
    await client.call(orderOf(PAID), 'T');
    await client.call(paymentOf(PAID), 'T');
    expect(sent.map((url) => new URL(url).pathname)).toEqual([
      '/wechat/wxa/sec/order/get_order',
      `/wechat/v3/pay/transactions/out-trade-no/${PAID.id}`,
    ]);
  });
  test.each<[string, Record<string, string>]>([
    ['no signature', {}],
    ['another key', payHeaders(PAYMENT, NOW, NEXT_ID)],
    ['other bytes', payHeaders(`${PAYMENT} `, NOW)],
    ['an old answer', payHeaders(PAYMENT, NOW - 301_000)],
    ['a key that nobody knows', payHeaders(PAYMENT, NOW, 'UNKNOWN')],
  ])('an answer with %s is not believed', async (_, headers) => {
    expect(failureOf(await wire({ body: PAYMENT, headers }).ask(paymentOf(PAID)))).toMatchObject({
      class: 'retry',
      code: 'signature',
      mayHaveHappened: true,
    });
  });
  test('while keys are rotated an answer by either is believed', async () => {
    for (const headers of [payHeaders(PAYMENT, NOW), payHeaders(PAYMENT, NOW, NEXT_ID, next.privateKey)])
      expect(await wire({ body: PAYMENT, headers }).ask(paymentOf(PAID))).toMatchObject({ ok: true });
  });
  test('every code of the table is known; another one goes by its status', async () => {
    for (const [code, found] of PAY_CODES)
      expect(
        failureOf(
          await wire({ status: 400, body: JSON.stringify({ code, message: '说明' }), headers: { 'request-id': 'R1' } }).ask(
            paymentOf(PAID),
          ),
        ),
      ).toMatchObject({ class: found, code, isKnown: true, logId: 'R1', message: '说明' });
    expect(failureOf(await wire({ status: 404, body: '{"code":"NEW"}' }).ask(paymentOf(PAID)))).toMatchObject({
      class: 'do_not',
      isKnown: false,
      code: 'NEW',
    });
    expect(failureOf(await wire({ status: 401, body: '{}' }).ask(paymentOf(PAID)))).toMatchObject({
      class: 'do_not',
      isKnown: false,
      code: 'http:401',
    });
  });
  test('without what it needs nothing leaves the house, and nothing secret is said', async () => {
    for (const app of [
      without('merchantKey'),
      without('merchantSerial'),
      without('apiV3Key'),
      { ...APP, settings: { ...APP.settings, merchantKey: 'SECRETNONSENSE' } },
    ]) {
      const { sent, ask } = wire({ body: PAYMENT }, app);
      const failure = failureOf(await ask(paymentOf(PAID)));
      expect(failure).toMatchObject({ class: 'do_not', code: 'settings' });
      expect(JSON.stringify(failure)).not.toContain('SECRETNONSENSE');
      expect(sent).toEqual([]);
    }
  });
});

describe('either', () => {
  const both = [orderOf(PAID), paymentOf(PAID)];
  test.each(both)('what is no answer is tried again: $method', async (call) => {
    for (const [reply, expected] of [
      [
        { status: 502, body: '<html>' },
        { class: 'retry', code: 'http:502', mayHaveHappened: true },
      ],
      [
        { status: 200, body: '<html>' },
        { class: 'retry', code: 'http:200' },
      ],
      [
        { status: 429, body: '{}', headers: { 'retry-after': '7' } },
        { class: 'throttled', retryAfterMs: 7_000, mayHaveHappened: false },
      ],
      [
        { status: 404, body: 'nothing here' },
        { class: 'do_not', code: 'http:404', isKnown: false },
      ],
    ] as const)
      expect(failureOf(await wire(reply).ask(call))).toMatchObject(expected);
    const broken = createClient({ app: APP, now: () => NOW, send: async () => Promise.reject(new Error('ECONNRESET')) });
    expect(failureOf(await broken.call(call, 'T'))).toMatchObject({ class: 'retry', code: 'network', message: 'ECONNRESET' });
  });
});

describe('what is asked', () => {
  test('a detail is the payment, and then the shipping where it is paid, each as it came', async () => {
    const order = JSON.stringify(anOrder(1)).replace('"paid_amount":23800', '"paid_amount":23800.0');
    const { ask, sent } = wire(({ url }) => ({ body: url.includes('/v3/') ? PAYMENT : `{"errcode":0,"order":${order}}` }));
    const found = await wechatAdapter.fetchDetail(ask, PAID, NOW);
    if (!found.ok) throw new Error(found.failure.code);
    expect(Buffer.from(found.value).toString()).toBe(`{"askedAt":${NOW},"payment":${PAYMENT},"order":${order},"refunds":[]}`);
    expect(sent).toHaveLength(2);
    expect(wechatAdapter.read('detail', found.value, PAID)).toMatchObject({ messages: [{}, { partial: true }], problems: [] });
  });
  test('an unpaid one is unknown to shipping: the payment decides whether that is a failure', async () => {
    const unpaid = (state: string) =>
      wire(({ url }) => ({ body: url.includes('/v3/') ? JSON.stringify(aPayment({ trade_state: state })) : '{"errcode":10060001}' }));
    const found = await wechatAdapter.fetchDetail(unpaid('NOTPAY').ask, PAID, NOW);
    expect(found.ok && wechatAdapter.read('detail', found.value, PAID)).toMatchObject({
      messages: [{ status: 'awaiting_payment' }],
      problems: [],
    });
    expect(await wechatAdapter.fetchDetail(unpaid('SUCCESS').ask, PAID, NOW)).toMatchObject({
      ok: false,
      failure: { code: '10060001', class: 'retry' },
    });
    const other = wire({ body: '{"errcode":48001}' });
    expect(await wechatAdapter.fetchDetail(other.ask, PAID, NOW)).toMatchObject({ ok: false, failure: { code: '48001' } });
    expect(other.sent).toHaveLength(1);
  });
  describe('where money was asked back, its refunds', () => {
    const V2 = 'an-api-v2-key-of-32-characters-xx';
    const app: App = { ...APP, settings: { ...APP.settings, apiV2Key: V2 } };
    const xml = (fields: Record<string, string>, key = V2): string =>
      signedXml({ return_code: 'SUCCESS', result_code: 'SUCCESS', ...fields }, key);
    const world = (refunds: (page: number) => string, used: App = app) => {
      let page = 0;
      return wire(({ url }) => {
        if (url.endsWith('/pay/refundquery')) return { body: refunds(page++) };
        return {
          body: url.includes('/v3/')
            ? JSON.stringify(aPayment({ trade_state: 'REFUND' }))
            : `{"errcode":0,"order":${JSON.stringify(anOrder(1))}}`,
        };
      }, used);
    };
    const refund = {
      total_refund_count: '1',
      refund_id_0: 'R1',
      refund_status_0: 'SUCCESS',
      refund_fee_0: '4900',
      refund_success_time_0: '2026-02-22 10:15:41',
    };
    test('are asked for with a signature, and told with their amounts', async () => {
      const { ask, sent } = world(() => xml(refund));
      const found = await wechatAdapter.fetchDetail(ask, PAID, NOW);
      expect(found.ok && wechatAdapter.read('detail', found.value, PAID)).toMatchObject({
        messages: [{}, { refunds: [{ id: 'R1', amount: '49.00', status: 'done' }] }],
      });
      expect(signedFields(sent[2]?.init.body ?? '', V2)).toMatchObject({
        appid: APP.key,
        mch_id: PAID.shop,
        out_trade_no: PAID.id,
        sign_type: 'HMAC-SHA256',
      });
      expect(sent[2]?.init.body).not.toContain(V2);
    });
    test('come ten at a time', async () => {
      const { ask, sent } = world((page) => xml({ ...refund, total_refund_count: '11', refund_id_0: `R${page}` }));
      const found = await wechatAdapter.fetchDetail(ask, PAID, NOW);
      expect(found.ok && wechatAdapter.read('detail', found.value, PAID)).toMatchObject({
        messages: [{}, { refunds: [{ id: 'R0' }, { id: 'R1' }] }],
      });
      expect(sent.slice(2).map(({ init }) => signedFields(init.body ?? '', V2)?.['offset'])).toEqual([undefined, '10']);
    });
    test('without a key nobody asks, and the order still waits', async () => {
      const { ask, sent } = world(() => xml(refund), APP);
      const found = await wechatAdapter.fetchDetail(ask, PAID, NOW);
      expect(sent).toHaveLength(2);
      expect(found.ok && wechatAdapter.read('detail', found.value, PAID).messages[1]).toMatchObject({
        doNotShip: [{ code: 'trade_state_REFUND' }],
      });
      expect(found.ok && Buffer.from(found.value).toString()).toContain('"refunds":null');
    });
    test('none is none', async () => {
      const found = await wechatAdapter.fetchDetail(world(() => xml({ result_code: 'FAIL', err_code: 'REFUNDNOTEXIST' })).ask, PAID, NOW);
      expect(found.ok && Buffer.from(found.value).toString()).toContain('"refunds":[]');
    });
    test.each<readonly [string, () => string, object]>([
      ['another key', () => xml(refund, 'another'), { class: 'retry', code: 'signature' }],
      ['a changed amount', () => xml(refund).replace('4900', '9900'), { class: 'retry', code: 'signature' }],
      [
        'a no at the door',
        () => '<xml><return_code>FAIL</return_code><return_msg><![CDATA[签名错误]]></return_msg></xml>',
        { class: 'do_not', code: 'FAIL', message: '签名错误' },
      ],
      ['a fault of theirs', () => xml({ result_code: 'FAIL', err_code: 'SYSTEMERROR' }), { class: 'retry', code: 'SYSTEMERROR' }],
      ['no XML', () => '{}', { class: 'retry', code: 'http:200' }],
    ])('%s is no answer', async (_, body, failure) => {
      expect(await wechatAdapter.fetchDetail(world(body).ask, PAID, NOW)).toMatchObject({ ok: false, failure });
    });
    test('the signature is the one of the documentation’s example', () => {
      const example = {
        appid: 'wxd930ea5d5a258f4f',
        mch_id: '10000100',
        device_info: '1000',
        body: 'test',
        nonce_str: 'ibuaiVcKdpRxkhJA',
        empty: '',
      };
      expect(signFields(example, '192006250b4c09247ec02edce69f6a2d')).toBe(
        '6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6',
      );
    });
  });
  test('a success without the order is none', async () => {
    const { ask } = wire(({ url }) => ({ body: url.includes('/v3/') ? PAYMENT : OK }));
    expect(await wechatAdapter.fetchDetail(ask, PAID, NOW)).toMatchObject({ ok: false, failure: { class: 'retry', code: 'answer' } });
  });
  test('a list walks by its own mark, until WeChat says that there is no more', async () => {
    const list = plain<Record<string, unknown>>('samples/get_order_list.response.json');
    const page = (parts: object) => wire({ body: JSON.stringify({ ...list, ...parts }) });
    const ask = (parts: object, after?: string) =>
      wechatAdapter.listChanged(
        page(parts).ask,
        'orders',
        PAID.shop,
        { from: 1, to: 2 },
        { page: 0, size: 100, ...(after === undefined ? {} : { after }) },
      );
    expect(await ask({})).toMatchObject({
      ok: true,
      value: {
        total: 6,
        next: null,
        rows: [{ id: '4200002226202602220000000731', subject: { shop: PAID.shop, id: 'MP20260222000000000731' } }, {}, {}, {}, {}, {}],
      },
    });
    expect(await ask({ has_more: true })).toMatchObject({ value: { total: null, next: 'ALx0000000006' } });
    expect(await ask({}, 'ALx1')).toMatchObject({ value: { total: null, next: null } });
    expect(await ask({ order_list: undefined })).toMatchObject({ value: { total: 0, next: null, rows: [] } });
    expect(await ask({ order_list: undefined, has_more: undefined })).toMatchObject({ ok: false });
    expect(await ask({ has_more: true, last_index: '' })).toMatchObject({ ok: false, failure: { code: 'answer' } });
    expect(await wechatAdapter.listPlaced(page({}).ask, '1900000002', { from: 1, to: 2 }, { page: 0, size: 100 })).toMatchObject({
      value: { total: 0, rows: [] },
    });
    expect(() => ordersPaid({ from: 1, to: 2 }, { page: 0, size: 101 })).toThrow(RangeError);
    expect(ordersPaid({ from: 1, to: 2 }, { page: 3, size: 100, after: 'ALx1' }).params).toEqual({
      pay_time_range: { begin_time: 1, end_time: 2 },
      page_size: 100,
      last_index: 'ALx1',
    });
  });
  test('certificates are opened with the APIv3 key, and prove the answer that brings them', async () => {
    const vectors = JSON.parse(fixture('vectors-pay.json').toString()) as readonly { readonly input: Record<string, string> }[];
    const pem = vectors.find(({ input }) => input['certificate_pem'] !== undefined)?.input['certificate_pem'] ?? '';
    const private_key =
      vectors.find(({ input }) => input['private_key_pkcs8_base64'] !== undefined)?.input['private_key_pkcs8_base64'] ?? '';
    const key = APP.settings?.['apiV3Key'] ?? '';
    const item = (serial_no: string, text: string) => ({
      serial_no,
      effective_time: '2021-04-27T08:55:23+08:00',
      expire_time: '2031-04-25T08:55:23+08:00',
      encrypt_certificate: {
        algorithm: 'AEAD_AES_256_GCM',
        nonce: '61f9c719728a',
        associated_data: 'certificate',
        ciphertext: sealResource(key, '61f9c719728a', 'certificate', text),
      },
    });
    const body = JSON.stringify({ data: [item('D7CE59D1F522D701', pem), item('ANOTHER', pem), item('X', 'no certificate')] });
    const { createPrivateKey } = await import('node:crypto');
    const signer = createPrivateKey({ key: Buffer.from(private_key, 'base64'), format: 'der', type: 'pkcs8' });
    const answer = await wire({ body, headers: payHeaders(body, NOW, 'D7CE59D1F522D701', signer) }, without('platformKeys')).ask(
      certificatesOf(PAID.shop),
    );
    if (!answer.ok) throw new Error(answer.failure.code);
    expect(certificatesIn(answer.data, key)).toMatchObject([
      { serial: 'D7CE59D1F522D701', pem, until: { text: '2031-04-25T08:55:23+08:00' } },
    ]);
    expect(certificatesIn(answer.data, 'b'.repeat(32))).toEqual([]);
    const forged = await wire({ body, headers: payHeaders(body, NOW) }, without('platformKeys')).ask(certificatesOf(PAID.shop));
    expect(failureOf(forged)).toMatchObject({ code: 'signature' });
  });
});

describe('a signature that is refused', () => {
  const REFUSED = '{"code":"SIGN_ERROR","message":"签名错误"}';
  const refusedAt = (platformNow: number) => wire({ status: 401, body: REFUSED, headers: payHeaders(REFUSED, platformNow) });
  test('for good where the clocks agree', async () => {
    expect(failureOf(await refusedAt(NOW).ask(paymentOf(PAID)))).toMatchObject({ class: 'do_not', code: 'SIGN_ERROR', isKnown: true });
  });
  test.each([-600_000, 600_000])('until the clock is put right where they are %i ms apart', async (apart) => {
    expect(failureOf(await refusedAt(NOW + apart).ask(paymentOf(PAID)))).toMatchObject({ class: 'retry', code: 'SIGN_ERROR' });
  });
});
