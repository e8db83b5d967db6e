/** How a signature came about, step by step, so that somebody whose own is refused sees where the two part. The secret is the sandbox's own. */
import { createHash, createHmac } from 'node:crypto';

export interface SandboxApp {
  readonly key: string;
  readonly secret: string;
}
export interface Explained {
  readonly algorithm: 'HMAC-SHA256' | 'MD5';
  /** What is signed; `{secret}` stands for the app's secret. */
  readonly text: string;
  readonly given: string | null;
  readonly expected: string;
  readonly isRight: boolean;
  readonly zh: string;
  readonly en: string;
}

const MAX_SHOWN = 4_000;
const shown = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);

export function explainCall({ key, secret }: SandboxApp, url: string, body: string): Explained {
  const { searchParams: query } = new URL(url, 'http://sandbox');
  const [method, timestamp] = [query.get('method') ?? '', query.get('timestamp') ?? ''];
  const middle = `app_key${key}method${method}param_json${body}timestamp${timestamp}v2`;
  const isHmac = query.get('sign_method') === 'hmac-sha256';
  const text = secret + middle + secret;
  const expected = isHmac ? createHmac('sha256', secret).update(text).digest('hex') : createHash('md5').update(text).digest('hex');
  const given = query.get('sign');
  return {
    algorithm: isHmac ? 'HMAC-SHA256' : 'MD5',
    text: shown(`{secret}${middle}{secret}`),
    given,
    expected,
    isRight: given === expected,
    zh: '参数名按字母排序、名值直接相连、首尾各加一次密钥；access_token 与 sign_method 不参与。param_json 是正文原样，键须排序。',
    en: 'Names in alphabetical order, each followed by its value, the secret at both ends; access_token and sign_method take no part. param_json is the body as it is, its keys sorted.',
  };
}

export function explainPush({ key, secret }: SandboxApp, headers: Readonly<Record<string, string>>, body: string): Explained {
  const expected = createHash('md5').update(`${key}${body}${secret}`, 'utf8').digest('hex');
  const given = headers['event-sign'] ?? null;
  return {
    algorithm: 'MD5',
    text: shown(`${key}${body}{secret}`),
    given,
    expected,
    isRight: given === expected,
    zh: 'event-sign = md5(app_key + 收到的字节原样 + 密钥)。先验签，再解析。',
    en: 'event-sign = md5(app_key + the bytes as they came + secret). Check it before anything is parsed.',
  };
}
