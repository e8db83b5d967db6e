import { describe, expect, test } from 'vitest';
import type { App } from '../adapter.ts';
import { wechatAdapter } from './adapter.ts';
import { certificatesIn } from './certificates.ts';
import { anOrder, aPayment } from './detail.test-support.ts';
import { certificatesOf, ordersPaid } from './requests.ts';
import { signedFields, signedXml, signFields } from './pay-v2.ts';
import { APP, fixture, NOW, PAID, payHeaders, plain, sealResource, validate, without } from './world.test-support.ts';
import { failureOf, wire } from './wire.test-support.ts';

const OK = '{"errcode":0,"errmsg":"ok"}';
const PAYMENT = JSON.stringify(aPayment());

describe('what is asked', () => {
  test('a detail is the shipping and the payment, each as it came', async () => {
    const order = JSON.stringify(anOrder(1)).replace('"paid_amount":23800', '"paid_amount":23800.0');
    const { ask, sent } = wire(({ url }) => ({ body: url.includes('/v3/') ? PAYMENT : `{"errcode":0,"order":${order}}` }));
    const found = await wechatAdapter.fetchDetail(ask, PAID, NOW);
    if (!found.ok) throw new Error(found.failure.code);
    expect(Buffer.from(found.value).toString()).toBe(`{"askedAt":${NOW},"payment":${PAYMENT},"order":${order},"refunds":[]}`);
    expect(sent).toHaveLength(2);
    expect(wechatAdapter.read('detail', found.value, PAID)).toMatchObject({
      messages: [{}, { partial: true }, { partial: true }],
      problems: [],
    });
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
        messages: [{}, { refunds: [{ id: 'R1', amount: '49.00', status: 'done' }] }, {}],
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
        messages: [{}, { refunds: [{ id: 'R0' }, { id: 'R1' }] }, {}],
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
      ['a fault of theirs', () => xml({ result_code: 'FAIL', err_code: 'SYSTEMERROR' }), { class: 'retry', code: 'SYSTEMERROR' }],
      ['no XML', () => '{}', { class: 'retry', code: 'http:200' }],
    ])('%s is no answer', async (_, body, failure) => {
      expect(await wechatAdapter.fetchDetail(world(body).ask, PAID, NOW)).toMatchObject({ ok: false, failure });
    });
    test.each([
      ['a wrong key', () => '<xml><return_code>FAIL</return_code><return_msg><![CDATA[签名错误]]></return_msg></xml>', 'FAIL'],
      ['a no for good', () => xml({ result_code: 'FAIL', err_code: 'MCHID_NOT_EXIST' }), 'MCHID_NOT_EXIST'],
      ['a no that nobody knows', () => xml({ result_code: 'FAIL', err_code: 'what 是' }), 'refused'],
    ])(
      '%s: that money was asked back is known all the same, the order waits, and shows why no amount stands there',
      async (_, body, code) => {
        const found = await wechatAdapter.fetchDetail(world(body).ask, PAID, NOW);
        const heard = found.ok ? wechatAdapter.read('detail', found.value, PAID) : null;
        expect(heard?.problems).toEqual([]);
        expect(heard?.messages[1]?.doNotShip?.map((sign) => sign.code)).toEqual(['trade_state_REFUND', `refundquery_${code}`]);
        for (const message of heard?.messages ?? []) expect(validate(message).problems).toEqual([]);
      },
    );
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
    const theirs = await wechatAdapter.listPlaced(page({}).ask, '1900000002', { from: 1, to: 2 }, { page: 0, size: 100 });
    expect(theirs, 'rows of another merchant number are told, and not counted').toMatchObject({ value: { total: 0 } });
    expect(theirs.ok && theirs.value.rows.map(({ subject }) => subject?.shop)).toEqual(Array.from({ length: 6 }, () => PAID.shop));
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
