import { createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openMessage, signMessage } from './sign-message.ts';
import { authorization, isFresh, isSignedBy, openResource, paySignature, requestText, signText } from './sign-pay.ts';
import { platformKeys, serialOf } from './settings.ts';
import { encryptMessage, fixture, merchantPublicKey, APP, NEXT_ID, PLATFORM_ID } from './world.test-support.ts';
import { merchantKey } from './settings.ts';
import { verify } from 'node:crypto';

interface Vector {
  readonly name: string;
  readonly algorithm: string;
  readonly input: Readonly<Record<string, string>> & { readonly headers?: Readonly<Record<string, string>> };
  readonly expected: unknown;
  readonly mistakes?: readonly { readonly what: string; readonly value: string }[];
}
const vectors = (file: string): Vector[] => JSON.parse(fixture(file).toString()) as Vector[];
const of = ({ input }: Vector, name: string): string => input[name] ?? '';

const COMPUTED: Readonly<Record<string, (vector: Vector) => unknown>> = {
  'wechat-push-signature': (v) => signMessage(of(v, 'token'), of(v, 'timestamp'), of(v, 'nonce'), v.input['encrypt']),
  'wechat-push-decrypt': (v) => openMessage(of(v, 'encoding_aes_key'), of(v, 'encrypt')),
  'wechat-push-encrypt': (v) => encryptMessage(of(v, 'encoding_aes_key'), of(v, 'random'), of(v, 'message'), of(v, 'receiver_id')),
  'wechatpay-aead-aes-gcm': (v) =>
    openResource(of(v, 'key'), { nonce: of(v, 'nonce'), associatedData: of(v, 'associated_data'), ciphertext: of(v, 'ciphertext') }),
  'wechatpay-notify-verify': (v) => {
    const signature = paySignature((name) => Object.entries(v.input.headers ?? {}).find(([each]) => each.toLowerCase() === name)?.[1]);
    const keys = platformKeys({ key: '', secret: '', settings: { platformKeys: of(v, 'certificate_pem') } });
    return signature !== null && isSignedBy(keys, signature, Buffer.from(of(v, 'body')));
  },
  'wechatpay-request-message': (v) =>
    requestText({
      method: of(v, 'http_method'),
      path: of(v, 'url'),
      timestamp: of(v, 'timestamp'),
      nonce: of(v, 'nonce'),
      body: of(v, 'body'),
    }),
  'wechatpay-rsa-sign': (v) => {
    const der = Buffer.from(of(v, 'private_key_pkcs8_base64'), 'base64');
    return signText(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }), of(v, 'message'));
  },
  // The payment sheet is the shop's own affair; its text is the same kind of lines.
  'wechatpay-jsapi-pay-message': (v) => `${of(v, 'appid')}\n${of(v, 'timestamp')}\n${of(v, 'nonce')}\nprepay_id=${of(v, 'prepay_id')}\n`,
};
/** What we answer where the notes have a shape of their own. */
const asOurs = ({ algorithm, expected }: Vector): unknown => {
  if (algorithm === 'wechat-push-decrypt') {
    const { message, receiver_id: receiver } = expected as { readonly message: string; readonly receiver_id: string };
    return { message, receiver };
  }
  return typeof expected === 'object' && expected !== null && 'error' in expected ? null : expected;
};

describe.each(['vectors.json', 'vectors-pay.json'])('%s', (file) => {
  test.each(vectors(file))('$name', (vector) => {
    const compute = COMPUTED[vector.algorithm];
    expect(compute, vector.algorithm).toBeDefined();
    expect(compute?.(vector)).toEqual(asOurs(vector));
    for (const { what, value } of vector.mistakes ?? []) expect(compute?.(vector), what).not.toBe(value);
  });
});

test('a certificate names its serial itself, a public key has its id before it, and several stand side by side', () => {
  const { input } = vectors('vectors-pay.json').find(({ algorithm }) => algorithm === 'wechatpay-notify-verify') as Vector;
  const certificate = input['certificate_pem'] ?? '';
  expect(serialOf(certificate)).toBe('D7CE59D1F522D701');
  const both = { ...APP, settings: { platformKeys: `${APP.settings?.['platformKeys']}\n${certificate}` } };
  expect([...platformKeys(both).keys()]).toEqual([PLATFORM_ID, NEXT_ID, 'D7CE59D1F522D701']);
  expect(platformKeys({ ...APP, settings: { platformKeys: 'no key at all' } }).size).toBe(0);
  expect(
    platformKeys({ ...APP, settings: { platformKeys: 'ID_1\n-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----' } }).size,
  ).toBe(0);
});

test('a call carries merchant, nonce, time, serial and a signature over exactly its path, query and body', () => {
  const key = merchantKey(APP);
  if (key === null) throw new Error('no key');
  const request = { method: 'GET', path: '/v3/pay/transactions/out-trade-no/A?mchid=1', timestamp: '1771723830', nonce: 'N', body: '' };
  const header = authorization(key, '1900000001', 'S1', request);
  const [, signature = ''] =
    /^WECHATPAY2-SHA256-RSA2048 mchid="1900000001",nonce_str="N",timestamp="1771723830",serial_no="S1",signature="([^"]+)"$/.exec(header) ??
    [];
  const text = Buffer.from('GET\n/v3/pay/transactions/out-trade-no/A?mchid=1\n1771723830\nN\n\n');
  expect(
    verify('sha256', text, createPublicKey(merchantPublicKey.export({ type: 'spki', format: 'pem' })), Buffer.from(signature, 'base64')),
  ).toBe(true);
});

test('five minutes, to either side, and no number that is none', () => {
  const now = 1_771_723_826_000;
  for (const [timestamp, fresh] of [
    ['1771723826', true],
    ['1771723526', true],
    ['1771723525', false],
    ['1771724126', true],
    ['1771724127', false],
    ['', false],
    ['1771723826x', false],
    ['NaN', false],
  ] as const)
    expect([timestamp, isFresh(timestamp, now)]).toEqual([timestamp, fresh]);
});

describe('what cannot be opened is nothing, and never thrown', () => {
  const key = 'A'.repeat(43);
  test.each([
    ['', ''],
    [key, ''],
    [key, '!!!'],
    [key, 'AAAA'],
    ['short', 'AAAA'],
    [key, Buffer.alloc(32).toString('base64')],
    [key, Buffer.alloc(48, 7).toString('base64')],
  ])('a message %#', (aesKey, text) => expect(openMessage(aesKey, text)).toBeNull());
  test('a message whose length reaches beyond its end', () => {
    const good = encryptMessage(key, 'r'.repeat(16), '{}', 'wx1');
    expect(openMessage(key, good)).toEqual({ message: '{}', receiver: 'wx1' });
    expect(openMessage('B'.repeat(43), good)).toBeNull();
  });
  test.each([
    ['', 'x', 'AAAA'],
    ['k'.repeat(32), '', 'AAAA'],
    ['k'.repeat(32), 'n', ''],
    ['k'.repeat(31), 'nonce-nonce-', 'A'.repeat(40)],
    ['k'.repeat(32), 'nonce-nonce-', 'A'.repeat(40)],
  ])('a resource %#', (apiKey, nonce, ciphertext) => expect(openResource(apiKey, { nonce, associatedData: '', ciphertext })).toBeNull());
});
