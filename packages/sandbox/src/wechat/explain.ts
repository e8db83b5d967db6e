/** How WeChat's signatures come about, for the page of the sandbox. Calls of api.weixin.qq.com carry none: there the token is the proof. */
import { createPrivateKey, createSign, type KeyObject } from 'node:crypto';
import { type Explained, shownText, type Signed } from '../market/explained.ts';
import type { SandboxApp } from '../market/platform.ts';
import { PLATFORM_KEYS, setting } from './app.ts';
import { fieldsOfXml, sha1Sorted, signBeforeV3 } from './crypto.ts';

export function explain(app: SandboxApp, signed: Signed): Explained | null {
  const url = new URL(signed.url, 'http://sandbox');
  if (signed.way === 'call') return url.pathname.startsWith('/v3/') ? payCall(app, signed, url) : beforeV3(app, signed, url);
  return header(signed, 'wechatpay-signature') === null ? messagePush(app, signed, url) : notification(signed);
}

function header({ headers }: Signed, name: string): string | null {
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1];
  return typeof found === 'string' ? found : null;
}
/** PKCS #1 v1.5 gives the same signature for the same text, so that the two can be laid side by side. */
const rsa = (key: KeyObject, text: string): string => createSign('RSA-SHA256').update(text).sign(key, 'base64');

function payCall(app: SandboxApp, signed: Signed, url: URL): Explained {
  const words = new Map(
    [...(header(signed, 'authorization') ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const text = `${signed.method}\n${url.pathname}${url.search}\n${words.get('timestamp') ?? ''}\n${words.get('nonce_str') ?? ''}\n${signed.body}\n`;
  const [given, expected] = [words.get('signature') ?? null, rsa(createPrivateKey(setting(app, 'merchantKey')), text)];
  return {
    algorithm: 'SHA256-RSA2048',
    text: shownText(text),
    given,
    expected,
    isRight: given === expected,
    zh: '五行：方法、路径与查询串、时间戳、随机串、正文（GET 为空），每行以换行结尾；商户私钥签名后 Base64，放入 Authorization。',
    en: 'Five lines: method, path with query, timestamp, nonce, body (empty for GET), each ending with a newline; signed with the merchant’s private key, Base64, in Authorization.',
  };
}

function beforeV3(app: SandboxApp, { body }: Signed, url: URL): Explained | null {
  if (url.pathname !== '/pay/refundquery') return null;
  const fields = fieldsOfXml(body);
  const [given, expected] = [fields.get('sign') ?? null, signBeforeV3(fields, setting(app, 'apiV2Key'))];
  const names = [...fields.keys()].filter((name) => name !== 'sign' && fields.get(name) !== '').sort();
  return {
    algorithm: 'HMAC-SHA256',
    text: shownText(`${names.map((name) => `${name}=${fields.get(name)}&`).join('')}key={secret}`),
    given,
    expected,
    isRight: given === expected,
    zh: '非空字段按名称排序，name=value 以 & 相连，末尾接 &key= 与 APIv2 密钥；HMAC-SHA256 后转大写。',
    en: 'Fields that are not empty, sorted by name, as name=value joined by &, then &key= and the APIv2 key; HMAC-SHA256 in capitals.',
  };
}

function notification(signed: Signed): Explained {
  const serial = header(signed, 'wechatpay-serial');
  const key = PLATFORM_KEYS.find(({ id }) => id === serial)?.key ?? PLATFORM_KEYS[0].key;
  const text = `${header(signed, 'wechatpay-timestamp') ?? ''}\n${header(signed, 'wechatpay-nonce') ?? ''}\n${signed.body}\n`;
  const [given, expected] = [header(signed, 'wechatpay-signature'), rsa(key, text)];
  return {
    algorithm: 'SHA256-RSA2048',
    text: shownText(text),
    given,
    expected,
    isRight: given === expected,
    zh: '三行：Wechatpay-Timestamp、Wechatpay-Nonce、收到的正文原样，每行以换行结尾；用 Wechatpay-Serial 所指的平台公钥验证。五分钟前的不收。',
    en: 'Three lines: Wechatpay-Timestamp, Wechatpay-Nonce, the body as it came, each ending with a newline; checked with the platform key that Wechatpay-Serial names. Older than five minutes is refused.',
  };
}

function messagePush(app: SandboxApp, { body }: Signed, url: URL): Explained {
  const { searchParams: query } = url;
  const encrypted = body.startsWith('<') ? (fieldsOfXml(body).get('Encrypt') ?? '') : (/"Encrypt":"([^"]*)"/.exec(body)?.[1] ?? '');
  const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? ''];
  const [given, expected] = [query.get('msg_signature'), sha1Sorted([setting(app, 'pushToken'), timestamp, nonce, encrypted])];
  return {
    algorithm: 'SHA-1',
    text: shownText(['{secret}', timestamp, nonce, encrypted].join(' · ')),
    given,
    expected,
    isRight: given === expected,
    zh: 'msg_signature = sha1(Token、timestamp、nonce、Encrypt 四段按字典序排序后相连)。地址里的 signature 不含正文，不能作为凭据。',
    en: 'msg_signature = sha1(Token, timestamp, nonce and Encrypt, sorted and joined). The signature in the address leaves the body out and proves nothing of it.',
  };
}
