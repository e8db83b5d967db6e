/** From a key to a sentence. Pure: the language is an argument. */
import { en } from './en.ts';
import { type WordKey, zh } from './zh.ts';

export type Language = 'zh' | 'en';
export type Params = Readonly<Record<string, string | number>>;
export interface Words {
  readonly language: Language;
  readonly t: (key: WordKey, params?: Params) => string;
  /** The word for one value of a closed list, e.g. `name('status', 'paid')`; a value newer than this console stands for itself. */
  readonly name: (list: List, value: string) => string;
}
export type List =
  | 'status'
  | 'payment'
  | 'refund'
  | 'refundStatus'
  | 'hold'
  | 'why'
  | 'role'
  | 'event'
  | 'payer'
  | 'reviewState'
  | 'audit'
  | 'via'
  | 'shopHint'
  | 'deadWhat'
  | 'deadCause'
  | 'deadDo';

const CATALOGUES: Readonly<Record<Language, Readonly<Record<string, string>>>> = { zh, en };

/** One pass, so that a value with braces in it is never read as a template. `{n:order|orders}` is the first of both where `n` is one. */
export const fill = (template: string, params: Params): string =>
  template.replace(/\{(\w+)(?::([^{}|]*)\|([^{}|]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = params[name];
    if (one !== undefined && many !== undefined) return String(value) === '1' ? one : many;
    return String(value ?? whole);
  });

export function wordsOf(language: Language): Words {
  const catalogue = CATALOGUES[language];
  return {
    language,
    t: (key, params = {}) => fill(catalogue[key] ?? key, params),
    name: (list, value) => (Object.hasOwn(catalogue, `${list}.${value}`) ? (catalogue[`${list}.${value}`] as string) : value),
  };
}

export function languageOf(saved: string | null): Language {
  return saved === 'en' ? 'en' : 'zh';
}
