/** The list's filters as they stand in the address, as chips that read as a sentence, and as saved views. Pure. */
import { prefixOf } from '@weir/contract/channels';
import type { StreamItem } from '../api/types.ts';
import { channelName } from '../shared/channel-name.ts';
import { shortText } from '../shared/time.ts';
import type { Words } from '../words/words.ts';

export const FILTER_NAMES = ['channel', 'shop', 'status', 'held', 'channelOrderId', 'trackingNumber', 'placedFrom', 'placedTo'] as const;
/** Orders of which nothing could be accepted yet. */
export const NO_STATUS = 'none';
export type FilterName = (typeof FILTER_NAMES)[number];
export type OrderFilter = { readonly [K in FilterName]?: string };
/** `since` is a span that ends now, so that a saved view stays true tomorrow. `open` is the order in the side panel. */
export const SPANS = ['1h', 'today', '24h', '7d'] as const;
export type Span = (typeof SPANS)[number];
export interface OrderSearch extends OrderFilter {
  readonly since?: Span;
  readonly open?: string;
}

const HOUR_MS = 3_600_000;
const CHINA_MS = 8 * HOUR_MS;
const DAY_MS = 24 * HOUR_MS;
const VALUE_LIMIT = 200;

/** From an address anyone may have typed: unknown names and values that are no text are left out. */
export function readSearch(raw: Readonly<Record<string, unknown>>): OrderSearch {
  const text = (name: string): Record<string, string> => {
    const value = raw[name];
    return typeof value === 'string' && value !== '' && value.length <= VALUE_LIMIT ? { [name]: value } : {};
  };
  const known = Object.assign({}, ...[...FILTER_NAMES, 'open'].map(text)) as OrderSearch;
  const since = SPANS.find((span) => span === raw.since);
  return since === undefined ? known : { ...known, since };
}

/** Minutes, so that the same view asked twice within one is the same question. */
export function filterOf({ since, open: _, ...filter }: OrderSearch, now: number): Readonly<Record<string, string>> {
  if (since === undefined) return filter;
  const starts: Readonly<Record<Span, number>> = {
    '1h': now - HOUR_MS,
    '24h': now - DAY_MS,
    '7d': now - 7 * DAY_MS,
    today: Math.floor((now + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS,
  };
  const { placedTo: __, ...rest } = filter;
  return { ...rest, placedFrom: new Date(Math.floor(starts[since] / 60_000) * 60_000).toISOString() };
}

export interface Chip {
  readonly id: string;
  readonly text: string;
  /** What the address becomes without it. */
  readonly without: OrderSearch;
}
const SPAN_WORDS = { '1h': 'orders.last1h', '24h': 'orders.last24h', '7d': 'orders.last7d', today: 'orders.today' } as const;

export function chipsOf(search: OrderSearch, now: number, words: Words): readonly Chip[] {
  const chips: Chip[] = [];
  const add = (text: string, ...names: (keyof OrderSearch)[]): void => {
    const without = Object.fromEntries(
      Object.entries(search).filter(([name]) => name !== 'open' && !names.includes(name as keyof OrderSearch)),
    );
    chips.push({ id: names.join(), text, without });
  };
  const { t, name, language } = words;
  if (search.channel) add(channelName(search.channel, language), 'channel');
  if (search.shop) add(t('orders.chipShop', { shop: search.shop }), 'shop');
  if (search.status) add(search.status === NO_STATUS ? t('orders.noStatus') : name('status', search.status), 'status');
  if (search.held) add(search.held === 'any' ? t('orders.heldAny') : name('hold', search.held), 'held');
  if (search.since) add(t(SPAN_WORDS[search.since]), 'since');
  else {
    const [from, to] = [instant(search.placedFrom, now), instant(search.placedTo, now)];
    if (from && to) add(t('orders.fromTo', { from, to }), 'placedFrom', 'placedTo');
    else if (from) add(t('orders.from', { from }), 'placedFrom');
    else if (to) add(t('orders.to', { to }), 'placedTo');
  }
  if (search.channelOrderId) add(t('orders.chipId', { id: search.channelOrderId }), 'channelOrderId');
  if (search.trackingNumber) add(t('orders.chipTracking', { number: search.trackingNumber }), 'trackingNumber');
  return chips;
}

function instant(text: string | undefined, now: number): string | null {
  if (text === undefined) return null;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? text : shortText(ms, now);
}

export interface View {
  readonly id: string;
  readonly search: OrderSearch;
}
/** The views that everybody has; people save more of their own. */
export const VIEWS: readonly View[] = [
  { id: 'all', search: {} },
  { id: 'held', search: { held: 'any' } },
  ...['awaiting_payment', 'paid', 'packed', 'shipped', 'in_delivery', 'delivered'].map((status) => ({ id: status, search: { status } })),
];
export const sameSearch = ({ open: _, ...a }: OrderSearch, { open: __, ...b }: OrderSearch): boolean => textOf(a) === textOf(b);
const textOf = (search: OrderSearch): string => JSON.stringify(Object.entries(search).sort());

/**
 * Whether a change announced live brings an order into this list. One that is new comes into every list it fits; an older one comes into a list of
 * its new status, or of the held. A stream item tells no more than key, shop, status and what happened.
 */
export function mayBelong({ type, status, orderKey, shop }: StreamItem, filter: OrderSearch): boolean {
  if (filter.channelOrderId || filter.trackingNumber || filter.placedTo) return false;
  if (filter.channel !== undefined && !orderKey.startsWith(prefixOf(filter.channel))) return false;
  if (filter.shop !== undefined && filter.shop !== shop) return false;
  if (filter.status !== undefined && filter.status !== (status ?? NO_STATUS)) return false;
  if (filter.held !== undefined) return type === 'order.held';
  return type === 'order.created' || (filter.status !== undefined && STATUS_EVENTS.has(type));
}
/** After these an order has another status than before. */
const STATUS_EVENTS: ReadonlySet<string> = new Set([
  'order.paid',
  'order.status_changed',
  'order.shipped',
  'order.delivered',
  'order.completed',
  'order.cancelled',
  'order.closed',
]);
