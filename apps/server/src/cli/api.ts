/** The running server, as the commands see it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProblemDocument } from '@weir/contract';
import { readConfig } from '#platform';
import { Failure, type Io } from './command.ts';

export interface Api {
  readonly base: string;
  readonly headers: Readonly<Record<string, string>>;
  call<T = unknown>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T>;
}

export function apiOf({ env }: Io): Api {
  const config = readConfig(env);
  const base = config.publicUrl ?? `http://${config.host}:${config.port}`;
  const headers = { authorization: `Bearer ${config.adminToken ?? tokenIn(config.home)}` };
  return {
    base,
    headers,
    async call<T>(method: string, path: string, body?: unknown): Promise<T> {
      const withBody =
        body === undefined ? { headers } : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
      const response = await fetch(new URL(path, base), { method, ...withBody }).catch(() => {
        throw unreachable(base);
      });
      const answer = (await response.json().catch(() => null)) as T | ProblemDocument | null;
      if (!response.ok) throw refusal(response.status, answer as ProblemDocument | null);
      return answer as T;
    },
  };
}

function tokenIn(home: string): string {
  try {
    return readFileSync(join(home, 'admin.token'), 'utf8').trim();
  } catch {
    throw new Failure(
      '找不到管理员令牌：请在数据目录所在处运行，或设置 WEIR_ADMIN_TOKEN',
      'No administrator token: run beside the data directory or set WEIR_ADMIN_TOKEN',
    );
  }
}

export const unreachable = (base: string): Failure =>
  new Failure(`连不上 ${base}：服务器没有运行？`, `Cannot reach ${base}: is the server running?`);

interface Item {
  readonly pointer?: string;
  readonly zh?: string;
  readonly en?: string;
}
export function refusal(status: number, problem: ProblemDocument | null): Failure {
  const items = (problem?.problems ?? []) as readonly Item[];
  const list = (language: 'zh' | 'en'): string => items.map((item) => `\n  ${item.pointer ?? ''}: ${item[language] ?? ''}`).join('');
  return new Failure(`${problem?.detailZh ?? status}${list('zh')}`, `${problem?.detail ?? status}${list('en')}`);
}
