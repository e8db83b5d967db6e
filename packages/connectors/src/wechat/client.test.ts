import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Send } from '../adapter.ts';
import { wechatAdapter } from './adapter.ts';
import { createClient } from './client.ts';
import { ERR_CODES, PAY_CODES } from './errors.ts';
import { aPayment } from './detail.test-support.ts';
import { orderOf, paymentOf, refundOf, stableToken } from './requests.ts';
import { requestText } from './sign-pay.ts';
import { parseLossless } from '../lossless-json.ts';
import { APP, merchantPublicKey, next, NEXT_ID, NOW, PAID, payHeaders, PLATFORM_ID, without } from './world.test-support.ts';
import { failureOf, wire } from './wire.test-support.ts';

const OK = '{"errcode":0,"errmsg":"ok"}';
const PAYMENT = JSON.stringify(aPayment());

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
      isAboutOne: true,
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
