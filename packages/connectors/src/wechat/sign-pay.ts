/**
 * WeChat Pay v3: how calls and notifications are signed, and how what is secret in them is opened. Source: the official SDKs for Java and Go and their tests;
 * read 2026-11-25 by way of our protocol notes. What is signed is the raw body, byte for byte.
 */
import { createDecipheriv, type KeyObject, sign, verify } from 'node:crypto';
import { textOfBytes } from '../lossless-json.ts';

const SCHEMA = 'WECHATPAY2-SHA256-RSA2048';
const TAG_BYTES = 16;
const CIPHER_BY_KEY_BYTES: Readonly<Record<number, 'aes-256-gcm' | 'aes-128-gcm'>> = { 32: 'aes-256-gcm', 16: 'aes-128-gcm' };
/** WeChat tries from time to time whether we look: these signatures are wrong on purpose. Source: general knowledge. */
const PROBE = 'WECHATPAY/SIGNTEST/';

export interface SignedRequest {
  readonly method: string;
  /** With its query, without the host. */
  readonly path: string;
  readonly timestamp: string;
  readonly nonce: string;
  readonly body: string;
}
export const requestText = ({ method, path, timestamp, nonce, body }: SignedRequest): string =>
  `${method}\n${path}\n${timestamp}\n${nonce}\n${body}\n`;
export const signText = (key: KeyObject, text: string): string => sign('sha256', Buffer.from(text), key).toString('base64');

export function authorization(key: KeyObject, mchid: string, serial: string, request: SignedRequest): string {
  const { nonce, timestamp } = request;
  const parts = { mchid, nonce_str: nonce, timestamp, serial_no: serial, signature: signText(key, requestText(request)) };
  return `${SCHEMA} ${Object.entries(parts)
    .map(([name, value]) => `${name}="${value}"`)
    .join(',')}`;
}

/** What stands in the headers of an answer or a notification; null when one of them is missing. */
export interface PaySignature {
  readonly timestamp: string;
  readonly nonce: string;
  readonly serial: string;
  readonly signature: string;
}
export function paySignature(header: (name: string) => string | null | undefined): PaySignature | null {
  const [timestamp, nonce, serial, signature] = ['timestamp', 'nonce', 'serial', 'signature'].map((name) => header(`wechatpay-${name}`));
  return timestamp && nonce && serial && signature ? { timestamp, nonce, serial, signature } : null;
}

/** Further from our clock than this and it is not believed, in either direction. Source: the SDKs. */
export const FRESH_SECONDS = 300;
export const isFresh = (timestamp: string, nowMs: number): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1_000 - Number(timestamp)) <= FRESH_SECONDS;

export function isSignedBy(keys: ReadonlyMap<string, KeyObject>, told: PaySignature, body: Uint8Array): boolean {
  const key = keys.get(told.serial);
  if (key === undefined || told.signature.startsWith(PROBE)) return false;
  const text = Buffer.concat([Buffer.from(`${told.timestamp}\n${told.nonce}\n`), body, Buffer.from('\n')]);
  try {
    return verify('sha256', text, key, Buffer.from(told.signature, 'base64'));
  } catch {
    return false;
  }
}

export interface SealedResource {
  readonly nonce: string;
  readonly associatedData: string;
  readonly ciphertext: string;
}
/** The text within; null when the key is another one or a byte was changed. */
export function openResource(apiV3Key: string, { nonce, associatedData, ciphertext }: SealedResource): string | null {
  const cipher = CIPHER_BY_KEY_BYTES[Buffer.byteLength(apiV3Key)];
  const sealed = Buffer.from(ciphertext, 'base64');
  if (cipher === undefined || nonce === '' || sealed.length < TAG_BYTES) return null;
  try {
    const open = createDecipheriv(cipher, Buffer.from(apiV3Key), Buffer.from(nonce), { authTagLength: TAG_BYTES });
    open.setAAD(Buffer.from(associatedData)).setAuthTag(sealed.subarray(-TAG_BYTES));
    return textOfBytes(Buffer.concat([open.update(sealed.subarray(0, -TAG_BYTES)), open.final()]));
  } catch {
    return null;
  }
}
