/** The overview's numbers, each with the list that it counts. Pure. */
import { HOLD_KINDS, ORDER_STATUSES } from '@weir/contract/statuses';
import type { Away, Endpoint, HourCount, Overview } from '../api/types.ts';
import { isLate, lagNow, type ShopRow, summaryOf } from '../channels/view-model.ts';
import type { OrderSearch } from '../orders/filters.ts';
import { channelName } from '../shared/channel-name.ts';
import type { Tone } from '../shared/tone.ts';
import { chinaClock } from '../shared/time.ts';
import type { Words } from '../words/words.ts';

const HOUR_MS = 3_600_000;
const HOURS = 24;

export interface Todo {
  readonly id: string;
  readonly label: string;
  readonly count: number;
  readonly tone: Tone;
  readonly to?:
    | { readonly page: 'reviews' | 'dead-letters' | 'troubles' }
    | { readonly page: 'orders'; readonly search: OrderSearch }
    | { readonly page: 'endpoint'; readonly id: string };
  readonly note?: string;
  /** A pull that stands still until somebody says that its few rows are right. */
  readonly pull?: { readonly channel: string; readonly shop: string; readonly feed: string };
}

const NAMES_SHOWN = 3;
/** As many as the page of channels shows under the same filter. */
function troubledShops(rows: readonly ShopRow[], { t, language }: Words): Todo {
  const troubled = rows.filter(({ troubles }) => troubles.length > 0);
  const said = troubled
    .slice(0, NAMES_SHOWN)
    .map(({ shop, state }) => `${shop.name} ${t(`channels.state.${state}`)}`)
    .join(language === 'zh' ? '、' : ', ');
  return {
    id: 'shops',
    label: t('overview.shopsInTrouble'),
    count: summaryOf(rows).trouble,
    tone: troubled.some(({ tone }) => tone === 'bad') ? 'bad' : 'waiting',
    to: { page: 'troubles' },
    note: troubled.length > NAMES_SHOWN ? `${said} …` : said,
  };
}

/** What waits for a person, most pressing first; what counts nothing is not shown. `rows`: how each connected shop stands, null while nobody knows. */
export function todosOf(
  { reviewsOpen, deadLetters, endpoints, held, pullAlarms = [], linksDown = [] }: Overview,
  rows: readonly ShopRow[] | null,
  words: Words,
): readonly Todo[] {
  const { t, name, language } = words;
  const all: readonly Todo[] = [
    ...pullAlarms.map(
      ({ channel, shop, feed, rows, expected }): Todo => ({
        id: `pull.${channel}/${shop}.${feed}`,
        label: t('overview.pullAlarm', { shop: `${channelName(channel, language)} ${shop}` }),
        count: 1,
        tone: 'bad',
        note: t('overview.pullAlarmRows', { rows, expected }),
        pull: { channel, shop, feed },
      }),
    ),
    ...linksDown.map(
      ({ app, channel, name: appName, kind, lastError }): Todo => ({
        id: `link.${app}.${kind}`,
        label: t(`overview.linkDown.${kind}`, { app: `${channelName(channel, language)} ${appName}` }),
        count: 1,
        tone: 'bad',
        to: { page: 'troubles' },
        ...(lastError === null ? {} : { note: t('channels.theirWords', { text: lastError }) }),
      }),
    ),
    ...(rows === null ? [] : [troubledShops(rows, words)]),
    { id: 'deadLetters', label: t('overview.deadLetters'), count: deadLetters, tone: 'bad', to: { page: 'dead-letters' } },
    { id: 'reviews', label: t('overview.reviews'), count: reviewsOpen, tone: 'waiting', to: { page: 'reviews' } },
    ...endpoints.map(
      ({ id, name: endpoint, parked }): Todo => ({
        id: `parked.${id}`,
        label: t('overview.parked'),
        count: parked,
        tone: 'bad',
        note: endpoint,
        to: { page: 'endpoint', id },
      }),
    ),
    ...HOLD_KINDS.filter((kind) => kind !== 'review').map(
      (kind): Todo => ({
        id: `held.${kind}`,
        label: t('overview.held', { kind: name('hold', kind) }),
        count: held[kind] ?? 0,
        tone: 'waiting',
        to: { page: 'orders', search: { held: kind } },
      }),
    ),
  ];
  return all.filter(({ count }) => count > 0);
}

/** What came while we were away, in one sentence. While it catches up the figures only say what is here by now. */
export function awayLead({ orders, mustShipWithin2h, completeAt }: Away, { t }: Words): string {
  if (orders === 0) return t(completeAt === null ? 'overview.awayNothingYet' : 'overview.awayNothing');
  return t(completeAt === null ? 'overview.awaySoFar' : 'overview.awayLead', { n: orders, m: mustShipWithin2h });
}

/** Statuses in the order of an order's walk; those without orders stay, so that the row never jumps. */
export function statusCounts({ byStatus }: Overview): readonly { readonly status: string | null; readonly count: number }[] {
  const known = ORDER_STATUSES.map((status) => ({ status, count: byStatus[status] ?? 0 }));
  const none = byStatus.none ?? 0;
  return none > 0 ? [{ status: null, count: none }, ...known] : known;
}

export interface HourBar {
  readonly from: number;
  /** "09", the hour in +08:00. */
  readonly label: string;
  readonly total: number;
  readonly parts: readonly { readonly channel: string; readonly count: number; readonly below: number }[];
}
export interface HourChart {
  readonly bars: readonly HourBar[];
  readonly channels: readonly string[];
  readonly highest: number;
}

/** The last 24 hours up to that of `now`, empty hours too; channels keep their place in every bar, the biggest lowest. */
export function hourChart(counts: readonly HourCount[], now: number): HourChart {
  const totals = new Map<string, number>();
  const byHour = new Map<number, Map<string, number>>();
  for (const { hour, channel, count } of counts) {
    const at = Math.floor(Date.parse(hour) / HOUR_MS) * HOUR_MS;
    const ofHour = byHour.get(at) ?? new Map<string, number>();
    byHour.set(at, ofHour.set(channel, (ofHour.get(channel) ?? 0) + count));
    totals.set(channel, (totals.get(channel) ?? 0) + count);
  }
  const channels = [...totals].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([channel]) => channel);
  const first = Math.floor(now / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS;
  const bars = Array.from({ length: HOURS }, (_, index) => barOf(first + index * HOUR_MS, byHour, channels));
  return { bars, channels, highest: Math.max(1, ...bars.map(({ total }) => total)) };
}

function barOf(from: number, byHour: ReadonlyMap<number, ReadonlyMap<string, number>>, channels: readonly string[]): HourBar {
  let below = 0;
  const parts = channels.flatMap((channel) => {
    const count = byHour.get(from)?.get(channel) ?? 0;
    const part = { channel, count, below };
    below += count;
    return count > 0 ? [part] : [];
  });
  return { from, label: chinaClock(from).time.slice(0, 2), total: below, parts };
}

export interface SourceLag {
  readonly ms: number | null;
  readonly isLate: boolean;
  /** It catches up by itself: nobody need look. */
  readonly isMoving: boolean;
}
/** How late what comes from a shop is: of a list that is walked no less than the walk is behind, so that it grows while nothing comes. */
export function sourceLag(lagMs: number | null, row: ShopRow | undefined, now: number): SourceLag {
  const behind = row === undefined ? null : lagNow(row, now);
  const isMoving = row?.state === 'behind';
  if (row !== undefined && behind !== null && isLate(row, behind)) return { ms: Math.max(behind, lagMs ?? 0), isLate: true, isMoving };
  return { ms: lagMs, isLate: lagMs !== null && lagMs > LATE_MS, isMoving };
}
/** Later than this somebody should look at the source. */
const LATE_MS = 60_000;

/** What an endpoint's last try ended with, in words; the code stands behind them. */
export function failureText(code: string, { t }: Words): string {
  const status = /^http[_ ](\d{3})\b/i.exec(code)?.[1];
  if (status !== undefined) return t('overview.errorHttp', { status });
  if (/timeout|timed_?out/i.test(code)) return t('overview.errorLate', { code });
  return t('overview.errorUnreached', { code });
}

export function endpointState({ state, lag, parked }: Endpoint): {
  readonly word: 'active' | 'someParked' | 'behind' | 'paused' | 'broken' | 'full' | 'gone';
  readonly tone: Tone;
  readonly shape: string;
} {
  if (state === 'broken' || state === 'full' || state === 'gone') return { word: state, tone: 'bad', shape: '■' };
  if (state === 'paused') return { word: 'paused', tone: 'waiting', shape: '‖' };
  if (parked > 0) return { word: 'someParked', tone: 'waiting', shape: '▲' };
  if ((lag ?? 0) > 0) return { word: 'behind', tone: 'moving', shape: '▶' };
  return { word: 'active', tone: 'calm', shape: '●' };
}
