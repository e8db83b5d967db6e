/** The one address for all that WeChat tells us: message push (checks of the address, plain and secure mode, JSON and XML) and payment notifications. */
import type { App, Headers, Knock, Opened, PushDoor, Reply } from '../adapter.ts';
import { Fields, field, filled, isObject } from '../fields.ts';
import { textOfBytes } from '../lossless-json.ts';
import { isSameSignature } from '../signature.ts';
import { readBody, sealEnvelope } from './envelope.ts';
import { platformKeys, settingOf } from './settings.ts';
import { openMessage, signMessage } from './sign-message.ts';
import { isFresh, isSignedBy, openResource, type PaySignature, paySignature } from './sign-pay.ts';

const REFUSED: Opened = { kind: 'refused' };
/** Message push signs its time and nothing says how old it may be; as long as other platforms allow (our judgement). */
const MESSAGE_FRESH_SECONDS = 600;

/**
 * Both kinds of sender understand these. Message push wants `success` or nothing, payments want status 200 or 204; what else we say is a no to both,
 * and payments show its words to people.
 */
export const wechatDoor: PushDoor = {
  replies: {
    taken: { status: 200, body: '' },
    refused: { status: 401, body: { code: 'FAIL', message: '签名验证失败' } },
    later: { status: 500, body: { code: 'FAIL', message: '稍后重试' } },
  },
  open(knock, app, now) {
    if (knock.method === 'GET') return checkAddress(knock, app, now);
    const signature = paySignature((name) => single(knock.headers[name]));
    if (signature !== null) return openNotification(knock.body, signature, app, now);
    return openPush(knock, app, now);
  },
};

const single = (value: Headers[string]): string | undefined => (typeof value === 'string' ? value : undefined);

interface Signed {
  readonly token: string;
  readonly timestamp: string;
  readonly nonce: string;
}
/** Token, time and nonce of a message; null when one is missing or the time is not of now. */
function signedBy({ query }: Knock, app: App, now: number): Signed | null {
  const token = settingOf(app, 'pushToken');
  const [timestamp, nonce] = [single(query['timestamp']), single(query['nonce'])];
  if (token === undefined || timestamp === undefined || nonce === undefined || !/^\d{1,12}$/.test(timestamp)) return null;
  return Math.abs(now / 1_000 - Number(timestamp)) <= MESSAGE_FRESH_SECONDS ? { token, timestamp, nonce } : null;
}
const isSigned = (given: string | undefined, { token, timestamp, nonce }: Signed, encrypted?: string): boolean =>
  given !== undefined && isSameSignature(given, signMessage(token, timestamp, nonce, encrypted));

/** WeChat asks whether the address is ours: the same text back, as text and nothing else. */
function checkAddress(knock: Knock, app: App, now: number): Opened {
  const signed = signedBy(knock, app, now);
  const echo = single(knock.query['echostr']);
  if (signed === null || echo === undefined || !isSigned(single(knock.query['signature']), signed)) return REFUSED;
  const reply: Reply = { status: 200, body: echo };
  return { kind: 'answered', reply };
}

/** In secure mode `signature` comes too and says nothing of the body: there only `msg_signature` is a proof. */
function openPush(knock: Knock, app: App, now: number): Opened {
  const signed = signedBy(knock, app, now);
  const body = textOfBytes(knock.body);
  if (signed === null || body === null) return REFUSED;
  const encrypted = filled(field(readBody(body) ?? undefined, 'Encrypt'));
  const key = settingOf(app, 'encodingAesKey');
  if (key === undefined && encrypted === undefined)
    return isSigned(single(knock.query['signature']), signed) ? message('message', body, body, app) : REFUSED;
  if (key === undefined || encrypted === undefined || !isSigned(single(knock.query['msg_signature']), signed, encrypted)) return REFUSED;
  const opened = openMessage(key, encrypted);
  return opened !== null && opened.receiver === app.key ? message('message', body, opened.message, app) : REFUSED;
}

function openNotification(bytes: Uint8Array, signature: PaySignature, app: App, now: number): Opened {
  const body = textOfBytes(bytes);
  const apiV3Key = settingOf(app, 'apiV3Key');
  if (body === null || apiV3Key === undefined || !isFresh(signature.timestamp, now)) return REFUSED;
  if (!isSignedBy(platformKeys(app), signature, bytes)) return REFUSED;
  const resource = new Fields(readBody(body) ?? undefined).child('resource');
  if (!isObject(resource.value) || resource.text('algorithm') !== 'AEAD_AES_256_GCM') return message('pay', body, 'null', app);
  const sealed = { nonce: resource.text('nonce') ?? '', associatedData: resource.text('associated_data') ?? '' };
  const opened = openResource(apiV3Key, { ...sealed, ciphertext: resource.text('ciphertext') ?? '' });
  // Their signature is right and our key is not: they try again for a day, and until then somebody has put the new key in.
  return opened === null ? REFUSED : message('pay', body, opened, app);
}

const message = (from: 'pay' | 'message', body: string, opened: string, app: App): Opened => ({
  kind: 'message',
  bytes: sealEnvelope(from, body, opened, app.key),
});
