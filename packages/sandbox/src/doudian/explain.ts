/** How Douyin's signatures come about, for the page of the sandbox. */
import { createHash, createHmac } from 'node:crypto';
import { type Explained, shownText, type Signed } from '../market/explained.ts';
import type { SandboxApp } from '../market/platform.ts';

export const explain = (app: SandboxApp, signed: Signed): Explained => (signed.way === 'call' ? explainCall : explainPush)(app, signed);

function explainCall({ key, secret }: SandboxApp, { url, body }: Signed): Explained {
  const { searchParams: query } = new URL(url, 'http://sandbox');
  const [method, timestamp] = [query.get('method') ?? '', query.get('timestamp') ?? ''];
  const middle = `app_key${key}method${method}param_json${body}timestamp${timestamp}v2`;
  const isHmac = query.get('sign_method') === 'hmac-sha256';
  const text = secret + middle + secret;
  const expected = isHmac ? createHmac('sha256', secret).update(text).digest('hex') : createHash('md5').update(text).digest('hex');
  const given = query.get('sign');
  return {
    algorithm: isHmac ? 'HMAC-SHA256' : 'MD5',
    text: shownText(`{secret}${middle}{secret}`),
    given,
    expected,
    isRight: given === expected,
    zh: '参数名按字母排序、名值直接相连、首尾各加一次密钥；access_token 与 sign_method 不参与。param_json 是正文原样，键须排序。',
    en: 'Names in alphabetical order, each followed by its value, the secret at both ends; access_token and sign_method take no part. param_json is the body as it is, its keys sorted.',
  };
}

function explainPush({ key, secret }: SandboxApp, { headers, body }: Signed): Explained {
  const expected = createHash('md5').update(`${key}${body}${secret}`, 'utf8').digest('hex');
  const given = headers['event-sign'];
  return {
    algorithm: 'MD5',
    text: shownText(`${key}${body}{secret}`),
    given: typeof given === 'string' ? given : null,
    expected,
    isRight: given === expected,
    zh: 'event-sign = md5(app_key + 收到的字节原样 + 密钥)。先验签，再解析。',
    en: 'event-sign = md5(app_key + the bytes as they came + secret). Check it before anything is parsed.',
  };
}
