/**
 * Calls of both families over a fetch that is given to it: api.weixin.qq.com with a token in the query, api.mch.weixin.qq.com with a signature of ours, whose
 * answers are signed too. It has no network, clock, timer or token of its own and never tries twice.
 */
import { type KeyObject, randomBytes } from 'node:crypto';
import type { Answer, Call, Client, ClientOptions, Failure, Response } from '../adapter.ts';
import { type Json, parseBytes, textOfBytes } from '../lossless-json.ts';
import { brokenOff, noAnswer, retryAfterMs, unlessAnswered } from '../no-answer.ts';
import { certificatesIn } from './certificates.ts';
import { beforeV3Failure, notSet, openFailure, payFailure, unsignedFailure } from './errors.ts';
import { parseFlatXml } from './flat-xml.ts';
import { signedFields, signedXml } from './pay-v2.ts';
import { CERTIFICATES, REFUND_LIST, STABLE_TOKEN, UPLOAD_SHIPPING } from './requests.ts';
import { merchantKey, platformKeys, settingOf } from './settings.ts';
import { withContacts } from './shipping.ts';
import { authorization, isFresh, isSignedBy, paySignature } from './sign-pay.ts';

const OPEN_URL = 'https://api.weixin.qq.com';
const PAY_URL = 'https://api.mch.weixin.qq.com';
const NONCE_BYTES = 16;
const PUBLIC_KEY_ID = 'PUB_KEY_ID_';
const JSON_TYPE = { 'content-type': 'application/json' };
const IDENTITY = { accept: 'application/json', 'user-agent': 'weir' };

export function createClient(options: ClientOptions): Client {
  return {
    async call(call, accessToken) {
      try {
        if (call.method === REFUND_LIST) return await callBeforeV3(options, call);
        return await (call.method.includes(' /v3/') ? callPay(options, call) : callOpen(options, call, accessToken));
      } catch (error) {
        return fail(brokenOff(error));
      }
    },
  };
}
const fail = (failure: Failure): Answer => ({ ok: false, failure });

async function callOpen(
  { app, send, baseUrl = OPEN_URL }: ClientOptions,
  { method, params }: Call,
  accessToken: string | null,
): Promise<Answer> {
  const path = method.slice(method.indexOf('/'));
  const query = accessToken === null ? '' : `?${new URLSearchParams({ access_token: accessToken }).toString()}`;
  const told = method === UPLOAD_SHIPPING ? withContacts(params, settingOf(app, 'senderContact')) : params;
  if (told === null) return fail(notSet('contact', 'a parcel of this carrier needs a phone: set senderContact'));
  const secret = method === STABLE_TOKEN ? { appid: app.key, secret: app.secret } : {};
  const response = await send(`${baseUrl}${path}${query}`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...IDENTITY },
    body: JSON.stringify({ ...told, ...secret }),
  });
  const { status } = response;
  const [bytes, answer] = await readBody(response);
  const broken = unlessAnswered(response.status, answer, retryAfterMs(response));
  if (broken !== null || status >= 400) return fail(broken ?? openFailure(answer) ?? payFailure(status, answer, '', undefined));
  const failure = openFailure(answer);
  return failure === null ? { ok: true, data: answer, bytes, logId: '' } : fail(withPause(failure, retryAfterMs(response)));
}
const withPause = (failure: Failure, pauseMs: number | undefined): Failure =>
  pauseMs === undefined ? failure : { ...failure, retryAfterMs: pauseMs };

async function callPay({ app, send, now, baseUrl = PAY_URL }: ClientOptions, call: Call): Promise<Answer> {
  const [key, serial, apiV3Key] = [merchantKey(app), settingOf(app, 'merchantSerial'), settingOf(app, 'apiV3Key')];
  if (key === null || serial === undefined || apiV3Key === undefined)
    return fail(notSet('settings', 'apiV3Key, merchantSerial and merchantKey must be set'));
  const [method = 'GET'] = call.method.split(' ');
  const { path, body, signer } = payRequest(call);
  const timestamp = String(Math.floor(now() / 1_000));
  const request = { method, path, timestamp, nonce: randomBytes(NONCE_BYTES).toString('hex').toUpperCase(), body };
  const keys = platformKeys(app);
  const response = await send(`${baseUrl}${path}`, {
    method: method === 'POST' ? 'POST' : 'GET',
    headers: {
      ...IDENTITY,
      ...(body === '' ? {} : JSON_TYPE),
      ...wantedKey(keys),
      authorization: authorization(key, signer, serial, request),
    },
    ...(body === '' ? {} : { body }),
  });
  const [bytes, answer] = await readBody(response);
  const broken = unlessAnswered(response.status, answer, retryAfterMs(response));
  const logId = response.headers.get('request-id') ?? '';
  if (broken !== null) return fail(broken);
  if (response.status >= 400) {
    const refused = payFailure(response.status, answer, logId, retryAfterMs(response));
    return fail(
      refused.code === WRONG_SIGNATURE && isClockOff(response, Number(timestamp) * 1_000) ? { ...refused, class: 'retry' } : refused,
    );
  }
  const told = call.method === CERTIFICATES ? withTold(keys, answer, apiV3Key) : keys;
  return isTheirs(response, told, bytes, now()) ? { ok: true, data: answer, bytes, logId } : fail(notTheirs(logId));
}

async function callBeforeV3({ app, send, baseUrl = PAY_URL }: ClientOptions, { method, params }: Call): Promise<Answer> {
  const key = settingOf(app, 'apiV2Key');
  if (key === undefined) return fail(notSet('settings', 'apiV2Key is not set'));
  const told = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
  const fields = { appid: app.key, nonce_str: randomBytes(NONCE_BYTES).toString('hex'), sign_type: 'HMAC-SHA256', ...told };
  const response = await send(`${baseUrl}${method.slice(method.indexOf('/'))}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', 'user-agent': 'weir' },
    body: signedXml(fields, key),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = textOfBytes(bytes) ?? '';
  const answer = signedFields(text, key);
  const broken = unlessAnswered(response.status, answer ?? parseFlatXml(text), retryAfterMs(response));
  if (broken !== null) return fail(broken);
  if (answer === null) return fail(unsignedFailure(parseFlatXml(text)));
  const failure = beforeV3Failure(answer);
  return failure === null ? { ok: true, data: answer, bytes, logId: '' } : fail(failure);
}

/** `signer` and `mchid`: whose signature; of a GET, what no `{name}` took is its query. */
function payRequest({ method, params }: Call): { readonly path: string; readonly body: string; readonly signer: string } {
  const { signer, ...rest } = params;
  const left = new Map(Object.entries(rest));
  const path = method.slice(method.indexOf('/')).replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = wordOf(left.get(name));
    left.delete(name);
    return encodeURIComponent(value);
  });
  const mchid = wordOf(signer ?? rest['mchid']);
  if (method.startsWith('POST')) return { path, body: JSON.stringify(Object.fromEntries(left)), signer: mchid };
  const query = new URLSearchParams([...left].map(([name, value]) => [name, String(value)])).toString();
  return { path: query === '' ? path : `${path}?${query}`, body: '', signer: mchid };
}

/** Our own parameters are texts and numbers. */
const wordOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** Merchants with a public key of WeChat Pay say that they have it; without this word old ones get answers by certificate. Source: general knowledge. */
function wantedKey(keys: ReadonlyMap<string, KeyObject>): Readonly<Record<string, string>> {
  const id = [...keys.keys()].findLast((serial) => serial.startsWith(PUBLIC_KEY_ID));
  return id === undefined ? {} : { 'wechatpay-serial': id };
}

/** The first certificates of all can only be proven by themselves: whoever sealed them knows the APIv3 key. */
function withTold(keys: ReadonlyMap<string, KeyObject>, answer: Json, apiV3Key: string): ReadonlyMap<string, KeyObject> {
  return new Map([...keys, ...certificatesIn(answer, apiV3Key).map(({ serial, key }) => [serial, key] as const)]);
}

const WRONG_SIGNATURE = 'SIGN_ERROR';
/** A signature is refused for its time too. The answer says what time it is there: where that is minutes from what we signed, some clock will be put right. */
function isClockOff(response: Response, signedMs: number): boolean {
  const theirs = response.headers.get('wechatpay-timestamp');
  return theirs !== null && !isFresh(theirs, signedMs);
}

function isTheirs(response: Response, keys: ReadonlyMap<string, KeyObject>, bytes: Uint8Array, nowMs: number): boolean {
  const signature = paySignature((name) => response.headers.get(name));
  return signature !== null && isFresh(signature.timestamp, nowMs) && isSignedBy(keys, signature, bytes);
}
/** Somebody between us, a key that was rotated and is not set here, or a clock that is off: nothing in it is believed. */
const notTheirs = (logId: string): Failure => ({
  ...noAnswer('signature', 'the answer is not signed by a key in platformKeys, or minutes away from our clock'),
  isKnown: false,
  logId,
});

async function readBody(response: Response): Promise<readonly [Uint8Array, Json]> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  return [bytes, parseBytes(bytes)];
}
