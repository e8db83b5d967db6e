/** How WeChat's signatures come about, for the page of the sandbox: RSA where money is spoken of, SHA-1 over sorted words where the mini-program is. */
import { createSign } from 'node:crypto';
import { type Explained, shownText, type Signed } from '../market/explained.ts';
import type { SandboxApp } from '../market/platform.ts';
import { PLATFORM_KEYS, setting } from './app.ts';
import { sha1Sorted } from './crypto.ts';

export function explain(app: SandboxApp, signed: Signed): Explained | null {
  if (signed.way === 'call') return new URL(signed.url, 'http://sandbox').pathname.startsWith('/v3/') ? explainCall(app, signed) : null;
  return headerOf(signed, 'Wechatpay-Signature') === null ? explainMessage(app, signed) : explainNotification(signed);
}

const signRsa = (text: string, key: Parameters<ReturnType<typeof createSign>['sign']>[0]): string =>
  createSign('RSA-SHA256').update(text).sign(key).toString('base64');
const headerOf = ({ headers }: Signed, name: string): string | null => {
  const found = Object.entries(headers).find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
  return typeof found === 'string' ? found : null;
};

function explainCall(app: SandboxApp, signed: Signed): Explained {
  const words = new Map(
    [...(headerOf(signed, 'authorization') ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]),
  );
  const text = `${signed.method}\n${signed.url}\n${words.get('timestamp') ?? ''}\n${words.get('nonce_str') ?? ''}\n${signed.body}\n`;
  const [given, expected] = [words.get('signature') ?? null, signRsa(text, setting(app, 'merchantKey'))];
  return {
    algorithm: 'SHA256 with RSA',
    text: shownText(text),
    given,
    expected,
    isRight: given === expected,
    zh: '五行：方法、带查询的路径、时间戳、随机串、正文，每行以换行结束；用商户私钥签名，Base64。',
    en: 'Five lines, each ended by a newline: method, path with its query, timestamp, nonce, body; signed with the merchant’s private key, Base64.',
  };
}

function explainNotification(signed: Signed): Explained {
  const [timestamp, nonce, serial, given] = ['Wechatpay-Timestamp', 'Wechatpay-Nonce', 'Wechatpay-Serial', 'Wechatpay-Signature'].map(
    (name) => headerOf(signed, name),
  );
  const text = `${timestamp}\n${nonce}\n${signed.body}\n`;
  const key = PLATFORM_KEYS.find(({ id }) => id === serial)?.key;
  const expected = key === undefined ? '' : signRsa(text, key);
  return {
    algorithm: 'SHA256 with RSA',
    text: shownText(text),
    given: given ?? null,
    expected,
    isRight: given === expected,
    zh: '三行：时间戳、随机串、收到的字节原样；按 Wechatpay-Serial 选平台公钥验签，五分钟内有效。resource 再用 APIv3 密钥以 AES-256-GCM 解开。',
    en: 'Three lines: timestamp, nonce, the bytes as they came; verified with the platform’s public key of that serial, within five minutes. Then resource is opened with the APIv3 key, AES-256-GCM.',
  };
}

function explainMessage(app: SandboxApp, { url, body }: Signed): Explained {
  const { searchParams: query } = new URL(url, 'http://sandbox');
  const encrypted = /"Encrypt":\s*"([^"]*)"|<Encrypt>(?:<!\[CDATA\[)?([^\]<]*)/.exec(body);
  const words = [setting(app, 'pushToken'), query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypted?.[1] ?? encrypted?.[2] ?? ''];
  const [given, expected] = [query.get('msg_signature'), sha1Sorted(words)];
  return {
    algorithm: 'SHA-1',
    text: shownText(['{token}', ...words.slice(1)].toSorted().join('')),
    given,
    expected,
    isRight: given === expected,
    zh: 'msg_signature = sha1(token、timestamp、nonce、Encrypt 四个词排序后相连)。查询里的 signature 不含正文，不能当作证明。再用 EncodingAESKey 以 AES-256-CBC 解开，核对 AppID。',
    en: 'msg_signature = sha1 of token, timestamp, nonce and Encrypt, sorted and joined. The query’s signature does not cover the body and proves nothing. Then opened with EncodingAESKey, AES-256-CBC, and the AppID checked.',
  };
}
