/** `list`: how long the server takes for a page, a count and the overview, for every filter × scope of shops, over orders that came through import. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOLD_KINDS, ORDER_STATUSES } from '@weir/contract';
import { type BenchHouse, startHouse } from './house.ts';
import { importLines } from './import-lines.ts';
import { channelOrderIdOf, createListWorld, type ListWorld, trackingNumberOf } from './list-orders.ts';
import { type Figure, figure } from './report.ts';

const SHOPS = 200;
const PAGE = 50;
const PAGES_EACH = 3;
/** Of each filter: enough that one hiccup of the machine is not the 95th percentile. */
const ROUNDS = 10;
/** The server keeps an overview for 3 s, so a fresh one must be waited for. */
const OVERVIEWS_EACH = 4;
const ASK_AGAIN_MS = 100;
const DAY_MS = 86_400_000;
const AIM = 'p95 ≤ 100 ms';
const WORLD_FILE = 'list-world.json';

export interface ListOptions {
  readonly orders: number;
  /** A data directory that is kept: filled by the first run, used again by the next. */
  readonly home?: string | undefined;
}
interface Filled {
  readonly orders: number;
  readonly now: number;
}
type Filter = Readonly<Record<string, string>>;
type Ask = (path: string) => Promise<{ readonly ms: number; readonly body: Answer }>;
interface Answer {
  readonly items: readonly { readonly orderKey: string }[];
  readonly nextCursor: string | null;
  readonly count: number;
  readonly asOf: string;
}

export async function list(_seconds: number, { orders, home }: ListOptions): Promise<Figure[]> {
  const house = await startHouse(home === undefined ? {} : { kept: home });
  try {
    const filled = await fill(house, orders);
    const world = createListWorld(filled.orders, SHOPS, filled.now);
    const times = new Times();
    for (const [scope, shops] of scopesOf(world)) {
      const ask = askAs(house, await tokenFor(house, scope, shops));
      for (const [kind, filters] of filtersOf(world, filled))
        for (const filter of filters) for (let round = 0; round < ROUNDS; round++) await walk(ask, times, `${kind} · ${scope}`, filter);
      for (let round = 0; round < OVERVIEWS_EACH; round++) times.add(`overview · ${scope}`, await freshOverview(ask));
    }
    const baseline = await plainReads(askAs(house, house.token));
    process.stderr.write(times.table());
    return times
      .worst()
      .map(({ kind, scope, filter, p95 }) =>
        figure(`list.${kind}`, p95, 'ms p95', 'one order by its key, p95', baseline, `${AIM} (${scope}; ${filter})`),
      );
  } finally {
    await house.stop();
  }
}

async function fill(house: BenchHouse, orders: number): Promise<Filled> {
  const file = join(house.home, WORLD_FILE);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Filled;
  const filled = { orders, now: Date.now() };
  const world = createListWorld(orders, SHOPS, filled.now);
  const start = performance.now();
  let n = 0;
  const { counts } = await importLines(house, () => (n < orders ? world.line(n++) : null));
  const seconds = (performance.now() - start) / 1000;
  process.stderr.write(
    `${orders} orders imported in ${Math.round(seconds)} s, ${Math.round(orders / seconds)}/s: ${JSON.stringify(counts)}\n`,
  );
  writeFileSync(file, JSON.stringify(filled));
  return filled;
}

const scopesOf = ({ shops }: ListWorld): readonly (readonly [name: string, shops: readonly string[] | null])[] => [
  ['every shop', null],
  ['the biggest shop', shops.slice(0, 1)],
  ['the smallest shop', shops.slice(-1)],
  ['20 shops of any size', shops.filter((_, n) => n % 10 === 3)],
  ['the 150 smallest shops', shops.slice(-150)],
];

/** Kinds of question, each with filters that differ in how many orders they find, some none. */
function filtersOf({ shops }: ListWorld, { now, orders }: Filled): readonly (readonly [kind: string, filters: readonly Filter[]])[] {
  const place = (n: number): Filter => {
    const [channel = '', shop = ''] = (shops[n] as string).split('/');
    return { channel, shop };
  };
  const iso = (ago: number): string => new Date(now - ago * DAY_MS).toISOString();
  const statuses = [...ORDER_STATUSES, 'none'].map((status) => ({ status }));
  return [
    ['all', [{}]],
    ['channel', [{ channel: 'douyin' }, { channel: 'own' }, { channel: 'kuaishou' }]],
    ['shop', [place(0), place(57), place(199), { channel: 'own', shop: 'nowhere' }]],
    ['status', statuses],
    ['held', ['any', ...HOLD_KINDS].map((held) => ({ held }))],
    ['time', [{ placedFrom: iso(1) }, { placedFrom: iso(400), placedTo: iso(300) }, { placedTo: iso(729) }, { placedFrom: iso(-1) }]],
    ['status+time', statuses.map((filter) => ({ ...filter, placedTo: iso(365) }))],
    ['shop+status', [0, 57, 199].flatMap((n) => statuses.map((filter) => ({ ...filter, ...place(n) })))],
    ['channel+status', statuses.map((filter) => ({ ...filter, channel: 'jd' }))],
    ['held+status', statuses.map((filter) => ({ ...filter, held: 'any' }))],
    ['held+time', ['any', ...HOLD_KINDS].map((held) => ({ held, placedTo: iso(300) }))],
    ['shop+time', [0, 57, 199].flatMap((n) => [{ placedFrom: iso(2) }, { placedTo: iso(365) }].map((time) => ({ ...place(n), ...time })))],
    ['held+shop', [0, 57, 199].map((n) => ({ ...place(n), held: 'rule' }))],
    [
      'id',
      [1, 2, 3, 4, 5].map((n) => ({ channelOrderId: channelOrderIdOf(Math.floor((orders * n) / 6)) })).concat({ channelOrderId: 'none' }),
    ],
    ['tracking', [1, 2, 3, 4, 5].map((n) => ({ trackingNumber: trackingNumberOf(Math.floor((orders * n) / 6)) }))],
  ];
}

/** Some pages of one list, and its count. */
async function walk(ask: Ask, times: Times, place: string, filter: Filter): Promise<void> {
  const named = String(new URLSearchParams(filter));
  const counted = await ask(`/v1/orders:count?${named}`);
  times.add(`count: ${place}`, counted.ms, named);
  let [cursor, seen] = ['' as string | null, 0];
  for (let page = 0; page < PAGES_EACH && cursor !== null; page++) {
    const query = new URLSearchParams({ ...filter, limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) });
    const { ms, body } = await ask(`/v1/orders?${query}`);
    times.add(place, ms, named);
    seen += body.items.length;
    cursor = body.nextCursor;
  }
  const expected = Math.min(counted.body.count, PAGE * PAGES_EACH);
  if (seen !== expected) throw new Error(`${place} ${JSON.stringify(filter)}: ${seen} rows on its pages, ${expected} expected`);
}

/** How long an overview took that was not a kept one. */
async function freshOverview(ask: Ask): Promise<number> {
  const kept = (await ask('/v1/overview')).body.asOf;
  for (;;) {
    const { ms, body } = await ask('/v1/overview');
    if (body.asOf !== kept) return ms;
    await sleep(ASK_AGAIN_MS);
  }
}

async function plainReads(ask: Ask): Promise<number> {
  const keys = (await ask('/v1/orders?limit=200')).body.items.map(({ orderKey }) => orderKey);
  const times: number[] = [];
  for (const key of keys) times.push((await ask(`/v1/orders/${key}`)).ms);
  return quantile(times, 0.95);
}

async function tokenFor({ url, token }: BenchHouse, name: string, shops: readonly string[] | null): Promise<string> {
  const response = await fetch(`${url}/v1/tokens`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name, role: 'customer_service', ...(shops === null ? {} : { shops }) }),
  });
  return ((await response.json()) as { token: string }).token;
}

/** From the request to the whole answer, over loopback: a little more than the server's own time. */
function askAs({ url }: BenchHouse, token: string): Ask {
  return async (path) => {
    const start = performance.now();
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${token}` } });
    const body = (await response.json()) as Answer;
    const ms = performance.now() - start;
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${JSON.stringify(body)}`);
    return { ms, body };
  };
}

const quantile = (times: readonly number[], q: number): number =>
  [...times].sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * q))] ?? 0;

/** One slow filter must not disappear among the fast ones of its kind: each is kept apart, and the slowest speaks for its kind. */
class Times {
  readonly #byPlace = new Map<string, Map<string, number[]>>();
  add(place: string, ms: number, filter = ''): void {
    const filters = this.#byPlace.get(place) ?? new Map<string, number[]>();
    this.#byPlace.set(place, filters);
    const times = filters.get(filter) ?? [];
    filters.set(filter, times);
    times.push(ms);
  }
  #rows(): readonly Slowest[] {
    return [...this.#byPlace].map(([place, filters]) => {
      const [kind, scope] = place.split(' · ') as [string, string];
      const each = [...filters].map(([filter, times]) => ({ kind, scope, filter, times, p95: quantile(times, 0.95) }));
      return each.reduce((worst, next) => (next.p95 > worst.p95 ? next : worst));
    });
  }
  /** Of each kind the scope and the filter that wait longest. */
  worst(): readonly Slowest[] {
    const worst = new Map<string, Slowest>();
    for (const row of this.#rows()) if (row.p95 >= (worst.get(row.kind)?.p95 ?? 0)) worst.set(row.kind, row);
    return [...worst.values()];
  }
  table(): string {
    const line = (cells: readonly (string | number)[]): string =>
      `${cells.map((cell, n) => String(cell).padEnd(n === 0 ? 24 : n === 1 ? 26 : 9)).join('')}\n`;
    const rows = this.#rows().map(({ kind, scope, filter, times }) =>
      line([kind, scope, ...[0.5, 0.95, 1].map((q) => quantile(times, q).toFixed(1)), times.length, filter]),
    );
    return [line(['question', 'scope', 'p50 ms', 'p95 ms', 'most ms', 'asked', 'slowest filter']), ...rows].join('');
  }
}
interface Slowest {
  readonly kind: string;
  readonly scope: string;
  readonly filter: string;
  readonly times: readonly number[];
  readonly p95: number;
}
