/** The audit's filters as they stand in the address, and as the server takes them. Pure. */
import { zhNames } from '../words/zh-names.ts';

/** What is written down, as far as this console has words for it. */
export const AUDIT_WHATS = Object.keys(zhNames)
  .filter((key) => key.startsWith('audit.'))
  .map((key) => key.slice('audit.'.length));
const AUDIT_FILTERS = ['who', 'what', 'subject'] as const;
export const AUDIT_SPANS = ['24h', '7d', '30d'] as const;
export type AuditSpan = (typeof AUDIT_SPANS)[number];
export type AuditSearch = { readonly [K in (typeof AUDIT_FILTERS)[number]]?: string } & { readonly since?: AuditSpan };

const DAY_MS = 86_400_000;
const SPAN_MS: Readonly<Record<AuditSpan, number>> = { '24h': DAY_MS, '7d': 7 * DAY_MS, '30d': 30 * DAY_MS };
const VALUE_LIMIT = 200;

/** From an address anyone may have typed: unknown names and values that are no text are left out. */
export function readAuditSearch(raw: Readonly<Record<string, unknown>>): AuditSearch {
  const texts = AUDIT_FILTERS.flatMap((name) => {
    const value = raw[name];
    return typeof value === 'string' && value.trim() !== '' && value.length <= VALUE_LIMIT ? [[name, value.trim()] as const] : [];
  });
  const since = AUDIT_SPANS.find((span) => span === raw['since']);
  return { ...Object.fromEntries(texts), ...(since === undefined ? {} : { since }) };
}

/** Minutes, so that the same view asked twice within one is the same question. */
export function auditQueryOf({ since, ...filter }: AuditSearch, now: number): Readonly<Record<string, string>> {
  if (since === undefined) return filter;
  return { ...filter, from: new Date(Math.floor((now - SPAN_MS[since]) / 60_000) * 60_000).toISOString() };
}

export interface DetailLine {
  readonly name: string;
  readonly before?: string;
  readonly after: string;
}
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === null || value === undefined ? '–' : JSON.stringify(value);

/** What a record tells, line by line: fields that changed with before and after, fields that did not are left out. */
export function linesOf({ before, after, ...rest }: Readonly<Record<string, unknown>>): readonly DetailLine[] {
  const [old, next] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])];
  const changed = names
    .filter((name) => textOf(old[name]) !== textOf(next[name]))
    .map((name) => ({ name, ...(isObject(before) ? { before: textOf(old[name]) } : {}), after: textOf(next[name]) }));
  return [...changed, ...Object.entries(rest).map(([name, value]) => ({ name, after: textOf(value) }))];
}
