/** How the signatures of TOP come about, for the page of the sandbox. Messages are fetched, or come over a socket whose first frame alone is signed. */
import { type Explained, shownText, type Signed } from '../market/explained.ts';
import type { SandboxApp } from '../market/platform.ts';
import { paramsOf, signedText, signOf } from './check-call.ts';

const NAMES: Readonly<Record<string, string>> = { md5: 'MD5', hmac: 'HMAC-MD5', 'hmac-sha256': 'HMAC-SHA256' };

export function explain({ secret }: SandboxApp, { way, url, body }: Signed): Explained | null {
  if (way === 'push') return null;
  const params = paramsOf(new URL(url, 'http://sandbox'), body);
  const [text, how, given] = [signedText(params), params.get('sign_method'), params.get('sign') ?? null];
  const expected = signOf(secret, how, text) ?? '';
  return {
    algorithm: NAMES[how ?? ''] ?? 'none',
    text: shownText(how === 'md5' ? `{secret}${text}{secret}` : text),
    given,
    expected,
    isRight: given === expected,
    zh: '除 sign 外的全部参数按名排序，名值直接相连（未做 URL 编码的 UTF-8）。md5 首尾各加一次密钥；hmac 以密钥为键，不再首尾加。结果大写十六进制。',
    en: 'All parameters but sign, sorted by name, each followed by its value (UTF-8 before URL encoding). md5 has the secret at both ends; hmac has it as its key and nowhere else. Upper-case hex.',
  };
}
