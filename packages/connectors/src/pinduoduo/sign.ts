/**
 * Signatures of the open platform: our calls, and the address of its message socket. Source: official document 8EC06C399636041E with its worked
 * example, and two SDKs for the socket; read 2026-11-25 by way of our protocol notes. What is signed must be what is sent.
 */
import { createHash } from 'node:crypto';
import type { App } from '../adapter.ts';

/** What a parameter is in the signature: text as it is, a number or true/false as they are written, anything else as the JSON text that is sent. */
export const signedText = (value: unknown): string => (typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value));

export function signCall({ secret }: App, params: Readonly<Record<string, unknown>>): string {
  const names = Object.keys(params).filter((name) => name !== 'sign');
  const glued = names.sort().map((name) => `${name}${signedText(params[name])}`);
  return createHash('md5')
    .update(`${secret}${glued.join('')}${secret}`)
    .digest('hex')
    .toUpperCase();
}

export const socketDigest = ({ key, secret }: App, ms: number): string => createHash('md5').update(`${key}${ms}${secret}`).digest('hex');

/** The digest's 32 characters are what goes into Base64, not the 16 bytes that they stand for. */
export const socketPath = (app: App, ms: number): string =>
  `/message/${app.key}/${ms}/${encodeURIComponent(Buffer.from(socketDigest(app, ms)).toString('base64'))}`;
