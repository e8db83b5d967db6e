/** What the order list may be asked: a closed list of filters, each read strictly. Pure. */
import { HOLD_KINDS, ORDER_STATUSES } from '@weir/contract';
import { isOrderKey, parseInstant } from '@weir/core';
import { Refusal } from '#web';

export const LIST_FILTERS = ['channel', 'shop', 'status', 'held', 'placedFrom', 'placedTo', 'channelOrderId', 'trackingNumber'] as const;
export type ListFilter = { readonly [K in (typeof LIST_FILTERS)[number]]?: string };
/** The filter's word for an order of which nothing could be accepted yet. */
export const NO_STATUS = 'none';
export const ANY_HOLD = 'any';

const VALUE_LIMIT = 200;
const STATUSES: readonly string[] = [...ORDER_STATUSES, NO_STATUS];
const HOLDS: readonly string[] = [...HOLD_KINDS, ANY_HOLD];

interface Problem {
  readonly pointer: string;
  readonly en: string;
  readonly zh: string;
}
const oneOf = (pointer: string, known: readonly string[]): Problem => ({
  pointer,
  en: `expected one of ${known.join(', ')}`,
  zh: `应为以下之一：${known.join('、')}`,
});

/** Values are never quoted in a problem: somebody may have typed a person's number into an address. */
function problemOf(name: string, value: unknown): Problem | null {
  if (!(LIST_FILTERS as readonly string[]).includes(name))
    return {
      pointer: name,
      en: `unknown filter; known: ${LIST_FILTERS.join(', ')}`,
      zh: `不认识的筛选条件；可用：${LIST_FILTERS.join('、')}`,
    };
  if (typeof value !== 'string' || value === '' || value.length > VALUE_LIMIT || value.includes('\0'))
    return { pointer: name, en: `expected one text of 1 to ${VALUE_LIMIT} characters`, zh: `应为一段 1 到 ${VALUE_LIMIT} 个字的文本` };
  if (name === 'status' && !STATUSES.includes(value)) return oneOf(name, STATUSES);
  if (name === 'held' && !HOLDS.includes(value)) return oneOf(name, HOLDS);
  if ((name === 'placedFrom' || name === 'placedTo') && parseInstant(value) === null)
    return {
      pointer: name,
      en: 'expected ISO 8601 with an offset, e.g. 2026-02-20T20:00:00+08:00',
      zh: '应为带时区的 ISO 8601 时间，例如 2026-02-20T20:00:00+08:00',
    };
  return null;
}

/** Throws `request.invalid` with every problem. */
export function readListFilter(query: Readonly<Record<string, unknown>>): ListFilter {
  const problems = Object.entries(query).flatMap(([name, value]) => problemOf(name, value) ?? []);
  if (problems.length > 0) throw new Refusal('request.invalid', {}, { problems });
  return query;
}

/** Where the last page ended: the newest orders stand first. */
export interface Cursor {
  readonly placedAt: string;
  readonly orderKey: string;
}
export const cursorText = ({ placedAt, orderKey }: Cursor): string => `${placedAt}|${orderKey}`;

export function readCursor(text: unknown): Cursor | null {
  if (text === undefined) return null;
  const [placedAt = '', orderKey = '', ...more] = typeof text === 'string' ? text.split('|') : [];
  if (parseInstant(placedAt) !== null && isOrderKey(orderKey) && more.length === 0) return { placedAt, orderKey };
  throw new Refusal(
    'request.invalid',
    {},
    { problems: [{ pointer: 'cursor', en: 'expected the nextCursor of the page before', zh: '应为上一页的 nextCursor' }] },
  );
}

export interface Place {
  readonly channel: string;
  readonly shop: string;
}
export const placeText = ({ channel, shop }: Place): string => `${channel}/${shop}`;
/** A shop's id may hold a slash, a channel's may not. */
const placeOf = (text: string): Place => ({ channel: text.slice(0, text.indexOf('/')), shop: text.slice(text.indexOf('/') + 1) });

export const fits = (filter: ListFilter, place: Place): boolean =>
  (filter.channel === undefined || filter.channel === place.channel) && (filter.shop === undefined || filter.shop === place.shop);

/** The shops that a filter and a caller's scope name between them; null when they name none, which means every shop. */
export function namedPlaces(filter: ListFilter, scope: ReadonlySet<string> | null): readonly Place[] | null {
  if (filter.channel !== undefined && filter.shop !== undefined) {
    const place = { channel: filter.channel, shop: filter.shop };
    return scope === null || scope.has(placeText(place)) ? [place] : [];
  }
  return scope === null ? null : [...scope].map(placeOf).filter((place) => fits(filter, place));
}
