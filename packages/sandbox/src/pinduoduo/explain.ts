/** How Pinduoduo's signatures come about, for the page of the sandbox. Its messages carry none: they are believed for the address that was connected to. */
import { createHash } from 'node:crypto';
import { type Explained, shownText, type Signed } from '../market/explained.ts';
import type { SandboxApp } from '../market/platform.ts';

export function explain({ secret }: SandboxApp, { way, body }: Signed): Explained | null {
  const params = way === 'call' ? objectIn(body) : null;
  if (params === null) return null;
  const { sign, ...rest } = params;
  const middle = Object.entries(rest)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => name + String(value))
    .join('');
  const expected = createHash('md5').update(`${secret}${middle}${secret}`, 'utf8').digest('hex').toUpperCase();
  return {
    algorithm: 'MD5',
    text: shownText(`{secret}${middle}{secret}`),
    given: typeof sign === 'string' ? sign : null,
    expected,
    isRight: sign === expected,
    zh: '除 sign 外的全部参数按名称排序，名值直接相连，首尾各加一次密钥；MD5 后转大写。布尔写作 true/false，嵌套的值用所发送的 JSON 文本。',
    en: 'Every parameter but sign, sorted by name, each followed by its value, the secret at both ends; MD5 in capitals. Booleans as true/false, nested values as the JSON text that is sent.',
  };
}

function objectIn(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
