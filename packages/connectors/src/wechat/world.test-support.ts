/** WeChat's side of the wire in tests: seals and signs by code of its own, with keys of this run. */
import { createCipheriv, createHash, createSign, generateKeyPairSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NeutralMessage } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { readNeutral } from '../../../../apps/server/src/intake/index.ts';
import type { App, Knock } from '../adapter.ts';
import { type Json, parseBytes } from '../lossless-json.ts';

export const fixture = (path: string): Buffer => readFileSync(join(import.meta.dirname, 'fixtures', path));
export const json = (path: string): Json => parseBytes(fixture(path));
/** For what a test changes: plain values. */
export const plain = <T>(path: string): T => JSON.parse(fixture(path).toString()) as T;

const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const platform = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const next = generateKeyPairSync('rsa', { modulusLength: 2048 });
export const merchantPublicKey = merchant.publicKey;
export const [PLATFORM_ID, NEXT_ID] = ['PUB_KEY_ID_0114232134912410000000000000', '7132D72A03E93CDDF8C03BBD1F37EEDF00000000'];
const pem = (key: typeof platform.publicKey): string => key.export({ type: 'spki', format: 'pem' }).toString();

export const APP: App = {
  key: 'wxba5fad812f8e6fb9',
  secret: 'app-secret',
  settings: {
    apiV3Key: 'a7cde1ZJB1kG2e7VfTs3jQzaWizur8Gb',
    merchantSerial: '5157F09EFDC096DE15EBE81A47057A7232F1B8E1',
    merchantKey: merchant.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    platformKeys: `${PLATFORM_ID}\n${pem(platform.publicKey)}\n${NEXT_ID}: ${pem(next.publicKey)}`,
    pushToken: 'AAAAA',
    encodingAesKey: 'A'.repeat(43),
    senderContact: '138****0001',
  },
};
export const without = (...names: readonly string[]): App => ({
  ...APP,
  settings: Object.fromEntries(Object.entries(APP.settings ?? {}).filter(([name]) => !names.includes(name))),
});
export const NOW = Date.parse('2026-02-22T09:30:30+08:00');
export const PAID: Subject = { kind: 'order', channel: 'wechat', shop: '1900000001', id: 'MP20260222093012000731' };

export const sha1 = (...parts: readonly string[]): string => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** The secure mode's encryption, as the guide words it. */
export function encryptMessage(encodingAesKey: string, random: string, message: string, receiver: string): string {
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(message));
  const content = Buffer.concat([Buffer.from(random), length, Buffer.from(message), Buffer.from(receiver)]);
  const count = 32 - (content.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat([content, Buffer.alloc(count, count)])), cipher.final()]).toString('base64');
}

export function sealResource(key: string, nonce: string, associatedData: string, text: string): string {
  const cipher = createCipheriv('aes-256-gcm', Buffer.from(key), Buffer.from(nonce)).setAAD(Buffer.from(associatedData));
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Headers of WeChat Pay over these bytes. */
export function payHeaders(body: string, at: number, serial = PLATFORM_ID, key = platform.privateKey): Record<string, string> {
  const [timestamp, nonce] = [String(Math.floor(at / 1_000)), 'A1B2C3D4E5F6G7'];
  const signature = createSign('RSA-SHA256').update(`${timestamp}\n${nonce}\n${body}\n`).sign(key, 'base64');
  return { 'wechatpay-timestamp': timestamp, 'wechatpay-nonce': nonce, 'wechatpay-serial': serial, 'wechatpay-signature': signature };
}

export const aKnock = (body: string, parts: Partial<Knock> = {}): Knock => ({
  method: 'POST',
  headers: {},
  query: {},
  body: Buffer.from(body),
  ...parts,
});

/** Query of a message in plain mode, or in secure mode where `encrypted` is told. */
export function messageQuery(at: number, encrypted?: string): Record<string, string> {
  const [timestamp, nonce] = [String(Math.floor(at / 1_000)), '415670741'];
  const signature = sha1('AAAAA', timestamp, nonce);
  if (encrypted === undefined) return { timestamp, nonce, signature };
  return { timestamp, nonce, signature, encrypt_type: 'aes', msg_signature: sha1('AAAAA', timestamp, nonce, encrypted) };
}

/** The house's own validation, as the server runs it. */
export const validate = (message: unknown, receivedAt = Date.parse('2026-11-25T00:00:00Z')) =>
  readNeutral(message, { receivedAt, rank: 3, fingerprint: (text) => text, listsShipments: true });
export const reportOf = (message: NeutralMessage) => {
  const { report, problems } = validate(message);
  if (report === null) throw new Error(JSON.stringify(problems));
  return report;
};
