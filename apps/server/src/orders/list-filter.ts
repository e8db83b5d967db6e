/** What the order list may be asked: a closed list of filters, each read strictly. Pure. */
import { HOLD_KINDS, ORDER_STATUSES } from '@weir/contract';
import { isOrderKey, parseInstant } from '@weir/core';
import Type from 'typebox';
import { filterText, instant, Refusal } from '#web';

/** The filter's word for an order of which nothing could be accepted yet. */
export const NO_STATUS = 'none';
export const ANY_HOLD = 'any';

export const LIST_FILTERS = {
  channel: filterText,
  shop: filterText,
  status: Type.Optional(Type.Enum([...ORDER_STATUSES, NO_STATUS])),
  held: Type.Optional(Type.Enum([...HOLD_KINDS, ANY_HOLD])),
  placedFrom: instant,
  placedTo: instant,
  channelOrderId: filterText,
  trackingNumber: filterText,
} as const;
export const CountQuery = Type.Object(LIST_FILTERS, { additionalProperties: false });
export type ListFilter = { readonly [K in keyof typeof LIST_FILTERS]?: string };

/** Where the last page ended: the newest orders stand first. */
export interface Cursor {
  readonly placedAt: string;
  readonly orderKey: string;
}
export const cursorText = ({ placedAt, orderKey }: Cursor): string => `${placedAt}|${orderKey}`;

export const CURSOR_PATTERN = '^[^|]{10,40}\\|[0-9A-Z]{16,20}$';
/** Throws `request.invalid` for a text of the right shape that no page ever said. */
export function readCursor(text: string | undefined): Cursor | null {
  if (text === undefined) return null;
  const [placedAt = '', orderKey = '', ...more] = text.split('|');
  if (parseInstant(placedAt) !== null && isOrderKey(orderKey) && more.length === 0) return { placedAt, orderKey };
  throw new Refusal(
    'request.invalid',
    {},
    { problems: [{ pointer: '/cursor', en: 'expected the nextCursor of the page before', zh: '应为上一页的 nextCursor' }] },
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
