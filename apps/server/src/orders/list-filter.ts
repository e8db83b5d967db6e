/** What the order list may be asked: a closed list of filters; `routes.ts` declares how each is read. Pure. */
import { isOrderKey, parseInstant } from '@weir/core';
import { Refusal } from '#web';

export const LIST_FILTERS = ['channel', 'shop', 'status', 'held', 'placedFrom', 'placedTo', 'channelOrderId', 'trackingNumber'] as const;
export type ListFilter = { readonly [K in (typeof LIST_FILTERS)[number]]?: string };
/** The filter's word for an order of which nothing could be accepted yet. */
export const NO_STATUS = 'none';
export const ANY_HOLD = 'any';

/** Where the last page ended: the newest orders stand first. */
export interface Cursor {
  readonly placedAt: string;
  readonly orderKey: string;
}
export const cursorText = ({ placedAt, orderKey }: Cursor): string => `${placedAt}|${orderKey}`;

/** The form; whether its instant and its key are real is checked by `readCursor`. */
export const CURSOR_PATTERN = '^[^|]{20,40}\\|[0-9A-Z]{15,30}$';

export function readCursor(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const [placedAt = '', orderKey = ''] = text.split('|');
  if (parseInstant(placedAt) !== null && isOrderKey(orderKey)) return { placedAt, orderKey };
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
