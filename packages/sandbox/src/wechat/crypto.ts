/** Signing and sealing by WeChat's rules, in code of its own: nothing here is shared with the connector that is tried against it. */
import { createCipheriv, createHash, createHmac, createPublicKey, createSign, createVerify, type KeyObject } from 'node:crypto';

/** As ids of notifications look; the same for the same text. */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

export const sha1Sorted = (parts: readonly string[]): string => createHash('sha1').update(parts.toSorted().join('')).digest('hex');

/** AES-256-CBC over 16 random bytes, the length, the message and the AppID, padded to 32 bytes. */
export function encryptMessage(aesKey: string, random: string, message: string, appId: string): string {
  const key = Buffer.from(`${aesKey}=`, 'base64');
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(message));
  const content = Buffer.concat([Buffer.from(random), length, Buffer.from(message), Buffer.from(appId)]);
  const padding = 32 - (content.length % 32);
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(content), cipher.update(Buffer.alloc(padding, padding)), cipher.final()]).toString('base64');
}

export function sealResource(apiV3Key: string, nonce: string, associatedData: string, text: string): string {
  const cipher = createCipheriv('aes-256-gcm', apiV3Key, nonce);
  cipher.setAAD(Buffer.from(associatedData));
  return Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

/** Headers with which the payment API signs what it says. */
export function payHeaders(signer: { readonly id: string; readonly key: KeyObject }, nonce: string, now: number, body: string) {
  const signature = createSign('RSA-SHA256').update(`${now}\n${nonce}\n${body}\n`).sign(signer.key, 'base64');
  return { 'Wechatpay-Timestamp': String(now), 'Wechatpay-Nonce': nonce, 'Wechatpay-Serial': signer.id, 'Wechatpay-Signature': signature };
}

/** Whether the merchant signed this call; the words of the header by name. */
export function isSignedByMerchant(
  merchantKeyPem: string,
  words: ReadonlyMap<string, string>,
  method: string,
  path: string,
  body: string,
): boolean {
  const text = `${method}\n${path}\n${words.get('timestamp')}\n${words.get('nonce_str')}\n${body}\n`;
  return createVerify('RSA-SHA256')
    .update(text)
    .verify(createPublicKey(merchantKeyPem), words.get('signature') ?? '', 'base64');
}

export function signBeforeV3(fields: ReadonlyMap<string, string>, key: string): string {
  const names = [...fields.keys()].filter((name) => name !== 'sign' && fields.get(name) !== '').sort();
  const text = [...names.map((name) => `${name}=${fields.get(name)}`), `key=${key}`].join('&');
  return createHmac('sha256', key).update(text).digest('hex').toUpperCase();
}

/** The fields of flat XML, as a seller's program writes them. */
export const fieldsOfXml = (text: string): Map<string, string> =>
  new Map(
    [...text.matchAll(/<(\w+)>(?:<!\[CDATA\[([\s\S]*?)\]\]>|([^<]*))<\/\1>/g)].map(([, name = '', sealed, plain]) => [
      name,
      sealed ?? plain ?? '',
    ]),
  );
