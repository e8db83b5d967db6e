import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../lossless-json.ts';
import { fixture } from './judge.test-support.ts';
import { verifyPush } from './push.ts';
import { isSameSignature } from '../signature.ts';
import { htmlEscaped, signCall, type SignMethod, signPush, signSpi, verifySpi } from './sign.ts';

interface Vector {
  readonly name: string;
  readonly algorithm: string;
  readonly input: Readonly<Record<'secret' | 'app_key' | 'method' | 'param_json' | 'timestamp' | 'body' | 'json_text', string>>;
  readonly expected: string;
  readonly mistakes?: readonly { readonly what: string; readonly value: string }[];
}
const VECTORS = JSON.parse(fixture('vectors.json').toString()) as readonly Vector[];
const app = { key: '3409409348479354011', secret: '2ad2355c-01d0-11f8-91dc-05a8cd1054b1' };

const how = (algorithm: string): SignMethod => (algorithm.endsWith('md5') ? 'md5' : 'hmac-sha256');
const COMPUTE: Readonly<Record<string, (vector: Vector) => string>> = {
  'doudian-canonical-param-json': ({ input }) => canonicalJson(input.json_text),
  'doudian-api-hmac-sha256': callOf,
  'doudian-api-md5': callOf,
  'doudian-spi-md5': spiOf,
  'doudian-spi-hmac-sha256': spiOf,
  'doudian-spi-html-escaped-param-json': ({ input }) => htmlEscaped(canonicalJson(input.json_text)),
  'doudian-event-sign-md5': ({ input }) => signPush({ key: input.app_key, secret: input.secret }, Buffer.from(input.body)),
};
function callOf({ input, algorithm }: Vector): string {
  const { app_key, secret, method, param_json, timestamp } = input;
  return signCall({ key: app_key, secret }, { method, paramJson: param_json, timestamp }, how(algorithm));
}
function spiOf({ input, algorithm }: Vector): string {
  return signSpi({ key: input.app_key, secret: input.secret }, input.param_json, input.timestamp, how(algorithm));
}

test('no vector is left out', () => {
  expect(VECTORS).toHaveLength(11);
  expect(VECTORS.flatMap(({ mistakes = [] }) => mistakes)).toHaveLength(4);
});

test.each(VECTORS)('$name', (vector) => {
  const computed = COMPUTE[vector.algorithm]?.(vector);
  expect(computed).toBe(vector.expected);
  for (const mistake of vector.mistakes ?? []) expect(computed, mistake.what).not.toBe(mistake.value);
});

test('the rounded id of a parse with doubles gives the very signature that the vectors call wrong', () => {
  const push = VECTORS.find(({ mistakes, algorithm }) => algorithm === 'doudian-event-sign-md5' && mistakes !== undefined);
  const [message] = JSON.parse(push?.input.body ?? '') as [{ tag: string; msg_id: string; data: string }];
  const rounded = JSON.stringify([{ ...message, data: JSON.stringify(JSON.parse(message.data)) }]);
  expect(signPush(app, Buffer.from(rounded))).toBe(push?.mistakes?.[0]?.value);
});

describe('a push is believed only when', () => {
  const body = fixture('samples/push.batch_string_data.json');
  const signature = signPush(app, body);
  const headers = { 'app-id': app.key, 'event-sign': signature };

  test('its signature is over these very bytes with our secret', () => {
    expect(verifyPush(headers, body, app)).toEqual({ ok: true });
    expect(verifyPush(headers, Buffer.concat([body, Buffer.from(' ')]), app)).toEqual({ ok: false, why: 'wrong_signature' });
    expect(verifyPush(headers, body, { ...app, secret: 'another' })).toEqual({ ok: false, why: 'wrong_signature' });
  });
  test.each([
    ['upper case', signature.toUpperCase()],
    ['cut short', signature.slice(0, -1)],
    ['empty', ''],
    ['not even ASCII', '签名'],
  ])('it is spelt exactly: %s is wrong', (_, wrong) => {
    expect(verifyPush({ ...headers, 'event-sign': wrong }, body, app)).toEqual({ ok: false, why: 'wrong_signature' });
  });
  test('both headers are there, once', () => {
    expect(verifyPush({ 'event-sign': signature }, body, app)).toEqual({ ok: false, why: 'no_signature' });
    expect(verifyPush({ 'app-id': app.key }, body, app)).toEqual({ ok: false, why: 'no_signature' });
    expect(verifyPush({ ...headers, 'event-sign': [signature, signature] }, body, app)).toEqual({ ok: false, why: 'no_signature' });
  });
  test('it is meant for our app', () => {
    expect(verifyPush({ ...headers, 'app-id': '1' }, body, app)).toEqual({ ok: false, why: 'other_app' });
  });
});

describe('a call of the platform to us is believed', () => {
  const paramJson = '{"order_id":"6920848291947709954","address":{"detail":"A座&B座","city":"杭州市"}}';
  const timestamp = '2021-06-06 13:39:42';
  const call = (signatures: readonly string[]) => verifySpi(app, { paramJson, timestamp, signMethod: 'hmac-sha256', signatures });
  const right = (json: string) => signSpi(app, json, timestamp, 'hmac-sha256');
  const sorted = canonicalJson(paramJson);

  test('in either spelling of & < >, whatever the order of the names, by sign or by sign_v2', () => {
    expect(call([right(sorted)])).toBe(true);
    expect(call([right(htmlEscaped(sorted))])).toBe(true);
    expect(call(['wrong', right(sorted)])).toBe(true);
  });
  test('and never for the unsorted text, another time, or a body that is no JSON', () => {
    expect(call([right(paramJson)])).toBe(false);
    expect(call([])).toBe(false);
    expect(verifySpi(app, { paramJson: '{', timestamp, signMethod: 'md5', signatures: [signSpi(app, '{', timestamp, 'md5')] })).toBe(false);
  });
});

test('comparing texts of different length is a no, not an error', () => {
  expect(isSameSignature('a', 'aa')).toBe(false);
  expect(isSameSignature('ä', 'a')).toBe(false);
});
