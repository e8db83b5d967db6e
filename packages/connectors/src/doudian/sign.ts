/**
 * Signatures of the open platform: our calls, its pushes, its calls to us (SPI). Source: official guide "API 调用签名" and the official Go SDK,
 * two more SDKs agree; read 2026-11-25 by way of our protocol notes. What is signed must be what is sent, byte for byte.
 */
import { createHash, createHmac } from 'node:crypto';
import type { App } from '../adapter.ts';
import { canonicalJson } from '../lossless-json.ts';
import { isSameSignature } from '../signature.ts';

/** Calls without a method are taken for md5 by the platform; we always say which. */
export type SignMethod = 'hmac-sha256' | 'md5';

export interface SignedCall {
  readonly method: string;
  /** Canonical JSON of the business parameters, `{}` when there are none. */
  readonly paramJson: string;
  /** As it is sent: epoch seconds, or Beijing text in older clients. */
  readonly timestamp: string;
}

export const signCall = (app: App, { method, paramJson, timestamp }: SignedCall, how: SignMethod = 'hmac-sha256'): string =>
  digest(app, `app_key${app.key}method${method}param_json${paramJson}timestamp${timestamp}v2`, how);

const digest = ({ secret }: App, pattern: string, how: SignMethod): string => {
  const text = `${secret}${pattern}${secret}`;
  return (how === 'md5' ? createHash('md5') : createHmac('sha256', secret)).update(text).digest('hex');
};

/** event-sign of a push: over the bytes as they came, before anything is parsed. */
export const signPush = (app: App, body: Uint8Array): string =>
  createHash('md5').update(app.key).update(body).update(app.secret).digest('hex');

export interface SpiCall {
  readonly paramJson: string;
  readonly timestamp: string;
  readonly signMethod: SignMethod;
  /** `sign` and, where it was sent, `sign_v2`: one of the two must be right. */
  readonly signatures: readonly string[];
}

export const signSpi = (app: App, paramJson: string, timestamp: string, how: SignMethod): string =>
  digest(app, `app_key${app.key}param_json${paramJson}timestamp${timestamp}`, how);

/** The platform's own encoder writes & < > in an escaped form before it signs; newer ones do not. */
export const htmlEscaped = (json: string): string =>
  json.replaceAll(/[&<>]/g, (mark) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** Whether a call of the platform to us is signed with our secret, in either spelling. False for a body that is no JSON. */
export function verifySpi(app: App, call: SpiCall): boolean {
  const sorted = sortedOrNull(call.paramJson);
  if (sorted === null) return false;
  const right = [htmlEscaped(sorted), sorted].map((text) => signSpi(app, text, call.timestamp, call.signMethod));
  return call.signatures.some((given) => right.some((signature) => isSameSignature(given, signature)));
}

function sortedOrNull(json: string): string | null {
  try {
    return canonicalJson(json);
  } catch {
    return null;
  }
}
