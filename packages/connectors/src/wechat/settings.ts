/** What a mini-program and its merchant number have beside AppID and AppSecret, and how it is read. */
import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { App, Setting } from '../adapter.ts';

export const SETTINGS: readonly Setting[] = [
  { name: 'apiV3Key', isRequired: true, zh: '商户平台的 APIv3 密钥（32 位）', en: 'the merchant’s APIv3 key (32 characters)' },
  {
    name: 'merchantSerial',
    isRequired: true,
    zh: '商户 API 证书序列号',
    en: 'serial number of the merchant’s API certificate',
    form: 'line',
  },
  {
    name: 'merchantKey',
    isRequired: true,
    zh: '商户 API 私钥（PEM，apiclient_key.pem 的内容）',
    en: 'the merchant’s private key (PEM, what apiclient_key.pem holds)',
    form: 'lines',
  },
  {
    name: 'apiV2Key',
    isRequired: false,
    zh: '商户平台的 APIv2 密钥（32 位）；填写后可查一笔订单的全部退款，漏收的退款通知也能补上',
    en: 'the merchant’s APIv2 key (32 characters); with it all refunds of an order can be asked for, also when their notification was lost',
  },
  {
    name: 'platformKeys',
    isRequired: true,
    zh: '微信支付平台证书（PEM）和/或微信支付公钥（PEM，前一行写公钥 ID）；轮换期间可同时放几份',
    en: 'WeChat Pay’s certificates (PEM) and public keys (PEM, its id in the line before); several at once while they are rotated',
    form: 'lines',
  },
  { name: 'pushToken', isRequired: false, zh: '消息推送的 Token', en: 'the Token of message push' },
  {
    name: 'encodingAesKey',
    isRequired: false,
    zh: '消息推送的 EncodingAESKey（43 位）；填写后只接受安全模式',
    en: 'the EncodingAESKey of message push (43 characters); with it only secure mode is believed',
  },
  {
    name: 'senderContact',
    isRequired: false,
    zh: '寄件人电话掩码，如 138****0004；顺丰发货必填',
    en: 'the sender’s phone, masked as in 138****0004; shipping by SF needs it',
    form: 'line',
  },
];

export const settingOf = (app: App, name: string): string | undefined => {
  const value = app.settings?.[name]?.trim();
  return value === undefined || value === '' ? undefined : value;
};

/** More keys at once than any rotation needs. */
const MAX_KEYS = 20;
const PEM = /(?:([0-9A-Za-z_]{4,128})\s*[:=]?\s*)?(-----BEGIN (CERTIFICATE|PUBLIC KEY)-----[\s\S]{1,8192}?-----END \3-----)/g;

/** Keys by the serial that a signature names. What is no key is left out; its signatures are then by nobody we know. */
export function platformKeys(app: App): ReadonlyMap<string, KeyObject> {
  const found = new Map<string, KeyObject>();
  for (const [, id, pem = '', kind] of [...(settingOf(app, 'platformKeys') ?? '').matchAll(PEM)].slice(0, MAX_KEYS)) {
    const serial = kind === 'CERTIFICATE' ? serialOf(pem) : id;
    const key = keyOf(pem);
    if (serial !== undefined && key !== null) found.set(serial, key);
  }
  return found;
}

/** As WeChat writes it: upper-case hex. */
export function serialOf(certificate: string): string | undefined {
  try {
    return new X509Certificate(certificate).serialNumber.toUpperCase();
  } catch {
    return undefined;
  }
}
export function keyOf(pem: string): KeyObject | null {
  try {
    return createPublicKey(pem);
  } catch {
    return null;
  }
}
export function merchantKey(app: App): KeyObject | null {
  try {
    return createPrivateKey(settingOf(app, 'merchantKey') ?? '');
  } catch {
    return null;
  }
}
