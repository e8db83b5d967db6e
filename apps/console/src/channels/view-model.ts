/** How each connected shop stands, and what is to be done when it does not flow: from the server's answers alone. Pure. */
import type { App, AppLink, Channel, Pull, Shop } from '../api/channel-types.ts';
import type { LinkDown } from '../api/types.ts';
import { chinaClock } from '../shared/time.ts';
import type { Tone } from '../shared/tone.ts';

const MINUTE_MS = 60_000;
/** Pulls run once a minute; one that is further behind than this, and than its platform's list lags, is catching up. One failed try is nothing, several in a row are told. */
const BEHIND_MS = 3 * MINUTE_MS;
/** Without a good answer for so long nothing moves. */
const STILL_MS = 10 * MINUTE_MS;
/** A link that ended begins again within seconds. */
const DOWN_MS = MINUTE_MS;
/** Wrong signatures of longer ago are history. */
const SIGNATURES_MS = 24 * 60 * MINUTE_MS;

/** What can be wrong, the worst first: the first of a shop gives its state. */
const TROUBLES = {
  reauthorise: 'bad',
  appRefused: 'bad',
  fewRows: 'bad',
  stalled: 'bad',
  socketDown: 'bad',
  queueDown: 'bad',
  notPermitted: 'bad',
  noToken: 'waiting',
  wrongSignatures: 'waiting',
  dead: 'waiting',
  failing: 'waiting',
} as const satisfies Readonly<Record<string, Tone>>;
export type TroubleKind = keyof typeof TROUBLES;
const ORDER = Object.keys(TROUBLES) as readonly TroubleKind[];
/** These are the app's. */
export const OF_APP: ReadonlySet<TroubleKind> = new Set(['appRefused', 'socketDown', 'queueDown', 'wrongSignatures']);
/** Without a token no list is walked: that it is not walked needs no second explanation. */
const NO_TOKEN: ReadonlySet<TroubleKind> = new Set(['reauthorise', 'appRefused', 'noToken']);
const FOLLOWS: ReadonlySet<TroubleKind> = new Set(['stalled', 'failing']);

export interface Trouble {
  readonly kind: TroubleKind;
  readonly tone: Tone;
  readonly params: Readonly<Record<string, string | number>>;
  /** In the channel's own words. */
  readonly error?: string;
  readonly since?: string;
  /** The lists that it is about, where it is about lists. */
  readonly feeds?: readonly string[];
  /** The name of a shop above that has the same app and with it the same trouble: there it is explained. */
  readonly sameAs?: string;
}
export type StateWord = TroubleKind | 'behind' | 'starting' | 'told' | 'fine';
export interface ShopRow {
  /** `channel/shop`, as it stands in the address. */
  readonly key: string;
  readonly shop: Shop;
  /** Null where the shop has none, and where this person may not see it. */
  readonly app: App | null;
  readonly pulls: readonly Pull[];
  readonly state: StateWord;
  readonly tone: Tone;
  readonly shape: string;
  readonly troubles: readonly Trouble[];
  /** When a list of it was last walked with success; null when none was. */
  readonly ranAt: string | null;
  /** Everything that changed before is here, in each of its lists; null before the first walk. */
  readonly cursor: string | null;
  /** Further behind than this it is late, ms. */
  readonly lateMs: number;
  readonly waiting: number;
  readonly dead: number;
}
export interface Answers {
  readonly shops: readonly Shop[];
  readonly pulls: readonly Pull[];
  /** Null where this person may not see them. */
  readonly apps: readonly App[] | null;
  /** Links that have been down for long, which everybody is told. */
  readonly linksDown: readonly LinkDown[];
  readonly offered: readonly Channel[];
}

export const keyOf = ({ channel, shop }: Pick<Shop, 'channel' | 'shop'>): string => `${channel}/${shop}`;

export function shopRows(answers: Answers, now: number): readonly ShopRow[] {
  const explained = new Map<string, string>();
  return answers.shops.map((shop) => {
    const row = rowOf(shop, answers, now);
    return { ...row, troubles: row.troubles.map((trouble) => explainedOnce(trouble, shop, explained)) };
  });
}

/** What is wrong with an app is wrong for each of its shops, and explained at the first of them. */
function explainedOnce(trouble: Trouble, { app, name }: Shop, explained: Map<string, string>): Trouble {
  if (!OF_APP.has(trouble.kind)) return trouble;
  const key = `${app} ${trouble.kind}`;
  const sameAs = explained.get(key);
  if (sameAs === undefined) explained.set(key, name);
  return sameAs === undefined ? trouble : { ...trouble, sameAs };
}

function rowOf(shop: Shop, { pulls: all, apps, linksDown, offered }: Answers, now: number): ShopRow {
  const pulls = all.filter((pull) => keyOf(pull) === keyOf(shop));
  const app = apps?.find(({ id }) => id === shop.app) ?? null;
  const links = app?.links ?? linksDown.filter((link) => link.app === shop.app).map(asLink);
  const channel = offered.find((each) => each.channel === shop.channel);
  const ofShop = troublesOfShop(shop, channel);
  const lateMs = BEHIND_MS + (channel?.settleSeconds ?? 0) * 1_000;
  const ofPulls = merged(pulls.flatMap((pull) => pullTrouble(pull, now)));
  const hasToken = !ofShop.some(({ kind }) => NO_TOKEN.has(kind));
  const troubles = [
    ...ofShop,
    ...links.flatMap((link) => linkTrouble(link, now)),
    ...signatureTrouble(app, now),
    ...ofPulls.filter(({ kind }) => hasToken || !FOLLOWS.has(kind)),
    ...deadTrouble(pulls),
  ].toSorted((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const state = troubles[0]?.kind ?? quietState(shop, pulls, lateMs, now);
  /** Before the first walk a cursor says how far back it will begin, not how late anything is. */
  const cursors = pulls.flatMap(({ cursor, ranAt }) => (ranAt === null ? [] : [cursor])).toSorted();
  const ran = pulls.flatMap(({ ranAt }) => ranAt ?? []).toSorted();
  return {
    key: keyOf(shop),
    shop,
    app,
    pulls,
    state,
    ...lookOf(state),
    troubles,
    ranAt: ran.at(-1) ?? null,
    cursor: cursors[0] ?? null,
    lateMs,
    waiting: Math.max(0, ...pulls.map(({ fetches }) => fetches.waiting)),
    dead: Math.max(0, ...pulls.map(({ fetches }) => fetches.dead)),
  };
}

const asLink = ({ kind, since, lastError }: LinkDown): AppLink => ({
  kind,
  upSince: null,
  downSince: since,
  lastMessageAt: null,
  lastError,
});
const trouble = (kind: TroubleKind, more: Partial<Trouble> = {}): Trouble => ({ kind, tone: TROUBLES[kind], params: {}, ...more });
const because = (error: string | null): Pick<Trouble, 'error'> => (error === null ? {} : { error });

/** With these the platform itself was not reached: asking again may help, a new consent does not. */
const UNREACHED = /^(network|http:)/;

function troublesOfShop({ tokenError, permitError }: Shop, channel: Channel | undefined): readonly Trouble[] {
  /** Where no seller consents to anything, the app itself was refused. */
  const refused = channel?.consentCode === 'none' ? 'appRefused' : 'reauthorise';
  return [
    ...(tokenError === undefined ? [] : [trouble(UNREACHED.test(tokenError) ? 'noToken' : refused, { error: tokenError })]),
    ...(permitError === undefined ? [] : [trouble('notPermitted', { error: permitError })]),
  ];
}

function linkTrouble({ kind, downSince, lastError }: AppLink, now: number): readonly Trouble[] {
  if (downSince === null || now - Date.parse(downSince) < DOWN_MS) return [];
  return [trouble(kind === 'socket' ? 'socketDown' : 'queueDown', { since: downSince, ...because(lastError) })];
}

function signatureTrouble(app: App | null, now: number): readonly Trouble[] {
  const alarmAt = app?.wrongSignatures.alarmAt ?? null;
  if (app === null || alarmAt === null || now - Date.parse(alarmAt) > SIGNATURES_MS) return [];
  return [trouble('wrongSignatures', { since: alarmAt, params: { n: app.wrongSignatures.total } })];
}

const isQuietFor = (ms: number, { ranAt }: Pull, now: number): boolean => ranAt === null || now - Date.parse(ranAt) > ms;
const lagOf = ({ cursor }: Pull, now: number): number => Math.max(0, now - Date.parse(cursor));

function pullTrouble(pull: Pull, now: number): readonly Trouble[] {
  const { alarm, feed, lastError, ranAt } = pull;
  if (alarm !== null)
    return [trouble('fewRows', { feeds: [feed], since: alarm.since, params: { rows: alarm.rows, expected: alarm.expected } })];
  const stands = isQuietFor(STILL_MS, pull, now) && lagOf(pull, now) > STILL_MS && (lastError !== null || ranAt !== null);
  if (stands) return [trouble('stalled', { feeds: [feed], since: pull.cursor, ...because(lastError) })];
  return lastError !== null && isQuietFor(BEHIND_MS, pull, now) ? [trouble('failing', { feeds: [feed], error: lastError })] : [];
}

/** What is wrong with several lists for one reason is said once. Few rows are accepted list by list. */
function merged(troubles: readonly Trouble[]): readonly Trouble[] {
  return troubles.reduce<readonly Trouble[]>((found, next) => {
    const same = found.find(({ kind, error }) => kind === next.kind && error === next.error && kind !== 'fewRows');
    if (same === undefined) return [...found, next];
    const both = { ...same, feeds: [...(same.feeds ?? []), ...(next.feeds ?? [])] };
    return found.map((each) => (each === same ? both : each));
  }, []);
}

function deadTrouble([pull]: readonly Pull[]): readonly Trouble[] {
  const { dead = 0, lastError = null } = pull?.fetches ?? {};
  return dead > 0 ? [trouble('dead', { params: { n: dead }, ...because(lastError) })] : [];
}

function quietState({ app }: Shop, pulls: readonly Pull[], lateMs: number, now: number): StateWord {
  if (app === undefined) return 'told';
  if (pulls.every(({ ranAt }) => ranAt === null)) return 'starting';
  return pulls.some((pull) => lagOf(pull, now) > lateMs) ? 'behind' : 'fine';
}

function lookOf(state: StateWord): Pick<ShopRow, 'tone' | 'shape'> {
  if (state === 'fine' || state === 'told') return { tone: 'calm', shape: '●' };
  if (state === 'behind' || state === 'starting') return { tone: 'moving', shape: '▶' };
  return { tone: TROUBLES[state], shape: TROUBLES[state] === 'bad' ? '■' : '▲' };
}

export interface Summary {
  readonly all: number;
  readonly trouble: number;
  readonly moving: number;
}
export const summaryOf = (rows: readonly ShopRow[]): Summary => ({
  all: rows.length,
  trouble: rows.filter(({ troubles }) => troubles.length > 0).length,
  moving: rows.filter(({ tone }) => tone === 'moving').length,
});

/** How far behind it is, as the clock ticks; null before the first walk. */
export const lagNow = ({ cursor }: ShopRow, now: number): number | null => (cursor === null ? null : Math.max(0, now - Date.parse(cursor)));
export const isLate = ({ lateMs }: Pick<ShopRow, 'lateMs'>, lagMs: number | null): boolean => lagMs !== null && lagMs > lateMs;

/** Both ends with day and minute, and the years where they are not of one. */
export function rangeText(from: string, to: string): string {
  const [start, end] = [chinaClock(Date.parse(from)), chinaClock(Date.parse(to))];
  const isOneYear = start.date.slice(0, 4) === end.date.slice(0, 4);
  return [start, end].map(({ date, day, minute }) => `${isOneYear ? day : date} ${minute}`).join(' – ');
}

const PRIVATE = /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)|\.(local|lan|internal)$/;
/** The address to register at the platform, and whether it can be reached from there. Where the server knows none, that of the browser stands in. */
export function pushAddress(
  { pushUrl, pushPath }: Pick<App, 'pushUrl' | 'pushPath'>,
  origin: string,
): { readonly url: string; readonly isPublic: boolean } {
  const url = pushUrl ?? `${origin}${pushPath}`;
  const { hostname, protocol } = new URL(url);
  return { url, isPublic: protocol === 'https:' && hostname.includes('.') && !PRIVATE.test(hostname) };
}
