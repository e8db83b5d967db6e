import { describe, expect, test } from 'vitest';
import type { App, Knock } from '../adapter.ts';
import { parseBytes } from '../lossless-json.ts';
import { wechatDoor } from './door.ts';
import {
  aKnock,
  APP,
  encryptMessage,
  messageQuery,
  next,
  NEXT_ID,
  NOW,
  payHeaders,
  plain,
  sealResource,
  sha1,
  without,
} from './world.test-support.ts';

const open = (knock: Knock, app: App = APP, now = NOW) => wechatDoor.open(knock, app, now);
const documentIn = (knock: Knock, app: App = APP, now = NOW): unknown => {
  const opened = open(knock, app, now);
  if (opened.kind !== 'message') throw new Error(opened.kind);
  return parseBytes(opened.bytes);
};
const REFUSED = { kind: 'refused' };

describe('the check of the address (GET)', () => {
  const at = 1_714_036_504_000;
  const query = {
    signature: 'f464b24fc39322e44b38aa78f5edd27bd1441696',
    timestamp: '1714036504',
    nonce: '1514711492',
    echostr: '4375120948345356249',
  };
  const get = (more: object = {}): Knock => aKnock('', { method: 'GET', query: { ...query, ...more } });
  test('answers the text as it came, as text', () => {
    expect(open(get(), APP, at)).toEqual({ kind: 'answered', reply: { status: 200, body: '4375120948345356249' } });
  });
  test('another signature, no token, a time of long ago, parameters twice: nothing', () => {
    expect(open(get({ signature: '0'.repeat(40) }), APP, at)).toEqual(REFUSED);
    expect(open(get({ echostr: undefined }), APP, at)).toEqual(REFUSED);
    expect(open(get(), without('pushToken'), at)).toEqual(REFUSED);
    expect(open(get(), APP, at + 601_000)).toEqual(REFUSED);
    expect(open(get({ nonce: ['1514711492', 'x'] }), APP, at)).toEqual(REFUSED);
  });
});

const EVENT = plain<object[]>('samples/push_events.plain.json')[0];
const TEXT = JSON.stringify(EVENT);
const XML =
  '<xml><ToUserName><![CDATA[gh_97417a04a28d]]></ToUserName><Event><![CDATA[trade_manage_remind_shipping]]></Event><merchant_id>1900000001</merchant_id></xml>';

describe('message push in plain mode', () => {
  const app = without('encodingAesKey');
  test('JSON and XML are kept as they came, with what they say beside', () => {
    expect(documentIn(aKnock(TEXT, { query: messageQuery(NOW) }), app)).toMatchObject({
      from: 'message',
      body: TEXT,
      opened: { Event: 'trade_manage_remind_shipping', CreateTime: '1771898400' },
      app: APP.key,
    });
    expect(documentIn(aKnock(XML, { query: messageQuery(NOW) }), app)).toEqual({
      from: 'message',
      body: XML,
      opened: { ToUserName: 'gh_97417a04a28d', Event: 'trade_manage_remind_shipping', merchant_id: '1900000001' },
      app: APP.key,
    });
  });
  test('what was signed and says nothing readable is kept all the same', () => {
    for (const body of ['', 'words', '<xml>', '[1', '<!DOCTYPE a><xml/>'])
      expect(documentIn(aKnock(body, { query: messageQuery(NOW) }), app)).toEqual({ from: 'message', body, opened: null, app: app.key });
  });
  test('a wrong signature, a stale one, bytes that are no text: refused', () => {
    expect(open(aKnock(TEXT, { query: { ...messageQuery(NOW), signature: sha1('x') } }), app)).toEqual(REFUSED);
    expect(open(aKnock(TEXT, { query: messageQuery(NOW - 700_000) }), app)).toEqual(REFUSED);
    expect(open({ ...aKnock(''), body: Buffer.of(0xff, 0xfe), query: messageQuery(NOW) }, app)).toEqual(REFUSED);
    expect(open(aKnock(TEXT), app)).toEqual(REFUSED);
  });
});

describe('message push in secure mode', () => {
  const encrypted = encryptMessage('A'.repeat(43), 'a8eedb185eb2fecf', TEXT, APP.key);
  const body = (text = encrypted): string => JSON.stringify({ ToUserName: 'gh_97417a04a28d', Encrypt: text });
  test('is opened when msg_signature covers it, in JSON and in XML', () => {
    expect(documentIn(aKnock(body(), { query: messageQuery(NOW, encrypted) }))).toMatchObject({
      body: body(),
      opened: { transaction_id: '4200002226202602220000000731' },
    });
    const xml = `<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[${encrypted}]]></Encrypt></xml>`;
    expect(documentIn(aKnock(xml, { query: messageQuery(NOW, encrypted) }))).toMatchObject({
      body: xml,
      opened: { merchant_id: '1900000001' },
    });
  });
  test('the signature without the body, which comes too, proves nothing', () => {
    const { signature, timestamp, nonce } = messageQuery(NOW, encrypted);
    expect(open(aKnock(body(), { query: { signature: signature ?? '', timestamp: timestamp ?? '', nonce: nonce ?? '' } }))).toEqual(
      REFUSED,
    );
    expect(open(aKnock(body(), { query: { ...messageQuery(NOW, encrypted), msg_signature: signature } }))).toEqual(REFUSED);
  });
  test('a plain message is not believed where secure mode is set, nor another AppID, nor another key, nor an encrypted one without a key', () => {
    expect(open(aKnock(TEXT, { query: messageQuery(NOW) }))).toEqual(REFUSED);
    const foreign = encryptMessage('A'.repeat(43), 'a8eedb185eb2fecf', TEXT, 'wx0000000000000000');
    expect(open(aKnock(body(foreign), { query: messageQuery(NOW, foreign) }))).toEqual(REFUSED);
    const otherKey = encryptMessage('B'.repeat(43), 'a8eedb185eb2fecf', TEXT, APP.key);
    expect(open(aKnock(body(otherKey), { query: messageQuery(NOW, otherKey) }))).toEqual(REFUSED);
    expect(open(aKnock(body(), { query: messageQuery(NOW, encrypted) }), without('encodingAesKey'))).toEqual(REFUSED);
  });
  test('XML inside of JSON is opened like any other', () => {
    const inner = encryptMessage('A'.repeat(43), 'a8eedb185eb2fecf', XML, APP.key);
    expect(documentIn(aKnock(body(inner), { query: messageQuery(NOW, inner) }))).toMatchObject({
      opened: { Event: 'trade_manage_remind_shipping' },
    });
  });
});

interface Sample {
  readonly body: { readonly event_type: string };
  readonly decrypted: object;
}
describe('payment notifications', () => {
  const samples = ['transaction_success', 'refund_success'].map((name) => plain<Sample>(`samples/pay_notify.${name}.json`));
  test.each(samples)('$body.event_type is opened', (sample) => {
    const body = JSON.stringify(sample.body);
    expect(documentIn(aKnock(body, { headers: payHeaders(body, NOW) }))).toMatchObject({ from: 'pay', body });
    const { opened } = documentIn(aKnock(body, { headers: payHeaders(body, NOW) })) as { readonly opened: object };
    expect(Object.keys(opened)).toEqual(Object.keys(sample.decrypted));
  });
  const body = JSON.stringify(samples[0]?.body);
  const knock = (headers: object, text = body): Knock => aKnock(text, { headers: { ...payHeaders(body, NOW), ...headers } });
  test('both keys count while they are rotated', () => {
    expect(open(knock(payHeaders(body, NOW, NEXT_ID, next.privateKey)))).toMatchObject({ kind: 'message' });
    expect(open(knock(payHeaders(body, NOW, NEXT_ID)))).toEqual(REFUSED);
    expect(open(knock({ 'wechatpay-serial': 'UNKNOWN' }))).toEqual(REFUSED);
  });
  test('five minutes, to either side', () => {
    expect(open(knock({}), APP, NOW + 299_000)).toMatchObject({ kind: 'message' });
    expect(open(knock({}), APP, NOW + 301_000)).toEqual(REFUSED);
    expect(open(knock({}), APP, NOW - 301_000)).toEqual(REFUSED);
  });
  test('a changed byte, a probe of theirs, two headers of one name: refused', () => {
    expect(open(knock({}, body.replace('SUCCESS', 'SUCCESs')))).toEqual(REFUSED);
    expect(open(knock({ 'wechatpay-signature': `WECHATPAY/SIGNTEST/${payHeaders(body, NOW)['wechatpay-signature']}` }))).toEqual(REFUSED);
    expect(open(knock({ 'wechatpay-nonce': ['a', 'b'] }))).toEqual(REFUSED);
  });
  test('a resource that our key does not open is refused, so that it comes again when the key is right', () => {
    expect(open(knock({}), { ...APP, settings: { ...APP.settings, apiV3Key: 'b'.repeat(32) } })).toEqual(REFUSED);
    expect(open(knock({}), without('apiV3Key'))).toEqual(REFUSED);
    expect(open(knock({}), without('platformKeys'))).toEqual(REFUSED);
  });
  test('signed and of a kind we do not know is kept, and what is sealed may be any text', () => {
    const strange = JSON.stringify({ id: '1', event_type: 'X', resource: { algorithm: 'OTHER' } });
    expect(documentIn(aKnock(strange, { headers: payHeaders(strange, NOW) }))).toEqual({
      from: 'pay',
      body: strange,
      opened: null,
      app: APP.key,
    });
    const ciphertext = sealResource(APP.settings?.['apiV3Key'] ?? '', 'Kj7QIyUiYx1q', 'a', 'no json');
    const odd = JSON.stringify({ resource: { algorithm: 'AEAD_AES_256_GCM', nonce: 'Kj7QIyUiYx1q', associated_data: 'a', ciphertext } });
    expect(documentIn(aKnock(odd, { headers: payHeaders(odd, NOW) }))).toEqual({ from: 'pay', body: odd, opened: null, app: APP.key });
  });
  test('the ids within are text, character for character', () => {
    const resource = '{"mchid":1900000001,"out_trade_no":90071992547409931234}';
    const ciphertext = sealResource(APP.settings?.['apiV3Key'] ?? '', 'Kj7QIyUiYx1q', 'a', resource);
    const text = JSON.stringify({ resource: { algorithm: 'AEAD_AES_256_GCM', nonce: 'Kj7QIyUiYx1q', associated_data: 'a', ciphertext } });
    expect(documentIn(aKnock(text, { headers: payHeaders(text, NOW) }))).toMatchObject({
      opened: { out_trade_no: '90071992547409931234' },
    });
  });
});

test('one answer is understood by both: an empty 200 is taken, anything else comes again', () => {
  const { taken, refused, later } = wechatDoor.replies;
  expect(taken).toEqual({ status: 200, body: '' });
  const answers = plain<{ readonly http_status: number; readonly body: object | null }[]>('samples/pay_notify.answers.json');
  expect([refused, later].map(({ status, body }) => ({ http_status: status, body }))).toEqual(
    answers.slice(2).map(({ http_status, body }) => ({ http_status, body })),
  );
});
