/** What went wrong, as a sentence. The code picks it from the contract's catalogue; the words of closed lists in it are ours. */
import { ERRORS, sentence } from '@weir/contract/errors';
import { ApiError } from '../api/client.ts';
import type { List, Words } from '../words/words.ts';

/** Parameters that hold a value of a closed list. */
const NAMED: Readonly<Record<string, List>> = {
  from: 'status',
  to: 'status',
  status: 'status',
  kind: 'hold',
  role: 'role',
  state: 'reviewState',
};

export function sentenceFor(error: unknown, words: Words): string {
  if (!(error instanceof ApiError)) return String((error as Error | undefined)?.message ?? error);
  if (error.code === 'network.down') return words.t('network.down');
  const { document } = error;
  if (document === null) return words.t('network.odd', { status: error.status });
  if (!Object.hasOwn(ERRORS, document.code)) return words.language === 'zh' ? document.detailZh : document.detail;
  const params = Object.fromEntries(Object.entries(document.params ?? {}).map(([name, value]) => [name, named(name, value, words)]));
  return sentence(document.code, words.language, params);
}

function named(name: string, value: string | number, words: Words): string | number {
  const list = NAMED[name];
  return list === undefined ? value : words.name(list, String(value));
}

/** Whether the page is closed to this person, rather than broken. */
export const isRefused = (error: unknown): boolean => error instanceof ApiError && error.status === 403;
export const isLoggedOut = (error: unknown): boolean => error instanceof ApiError && error.status === 401;
export const isMissing = (error: unknown): boolean => error instanceof ApiError && error.status === 404;

/** Problems that a refusal brings along, each as a sentence with its place. */
export function problemsOf(error: unknown, words: Words): readonly string[] {
  const problems = error instanceof ApiError ? (error.document?.problems ?? []) : [];
  return problems.map((each) => {
    const { pointer, zh, en } = each as { pointer?: string; zh?: string; en?: string };
    return [pointer, words.language === 'zh' ? zh : en].filter(Boolean).join(words.language === 'zh' ? '：' : ': ');
  });
}
