/** How far each shop was walked, what is odd about it, and back-fills. */
import { BackfillItem, BackfillList, PullAccepted, PullList } from '@weir/contract';
import type { Adapter, Feed } from '@weir/connectors/adapter';
import { InstantText } from '@weir/contract/values';
import { parseInstant } from '@weir/core';
import type { FastifyInstance } from 'fastify';
import Type from 'typebox';
import { audited } from '#access';
import { type Clock, type Db, newId } from '#platform';
import { type Caller, Refusal, route } from '#web';
import { addBackfill, type BackfillRow, listBackfills } from './backfill-store.ts';
import { countFetches, type Waiting } from './fetch-store.ts';
import type { Lines } from './lines.ts';
import { acceptAlarm, listPulls, type PullRow } from './pull-store.ts';

const strict = { additionalProperties: false } as const;
const DAY_MS = 86_400_000;

interface Deps {
  readonly db: Db;
  readonly clock: Clock;
  readonly lines: Lines;
  readonly adapters: ReadonlyMap<string, Adapter>;
  /** Something may be due now. */
  readonly hurry: (channel: string, shop: string) => void;
}
const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const maySee = ({ shops }: Caller, { channel, shop }: { readonly channel: string; readonly shop: string }): boolean =>
  shops === null || shops.has(`${channel}/${shop}`);

const toPull = (row: PullRow, waiting: Waiting | undefined, now: number) => ({
  channel: row.channel,
  shop: row.shop,
  feed: row.feed,
  cursor: isoOf(row.cursorAt),
  lagMs: Math.max(0, now - row.cursorAt),
  ranAt: isoOf(row.ranAt),
  lastRows: row.lastRows,
  lastError: row.lastError,
  sweptAt: isoOf(row.sweptAt),
  alarm:
    row.alarmAt === null
      ? null
      : {
          since: isoOf(row.alarmAt),
          from: isoOf(row.alarmFrom),
          to: isoOf(row.alarmTo),
          rows: row.alarmRows ?? 0,
          expected: row.alarmExpected ?? 0,
        },
  fetches: { waiting: waiting?.waiting ?? 0, dead: waiting?.dead ?? 0, lastError: waiting?.lastError ?? null },
});
const toBackfill = (row: BackfillRow) => ({
  id: row.id,
  channel: row.channel,
  shop: row.shop,
  from: isoOf(row.fromAt),
  to: isoOf(row.toAt),
  reached: isoOf(row.cursorAt),
  progress: row.finishedAt === null ? Math.floor((100 * (row.cursorAt - row.fromAt)) / Math.max(1, row.toAt - row.fromAt)) : 100,
  orders: row.orders,
  lastError: row.lastError,
  askedBy: row.askedBy,
  askedAt: isoOf(row.askedAt),
  finishedAt: isoOf(row.finishedAt),
});

export function pullRoutes(app: FastifyInstance, deps: Deps): void {
  const { db, clock } = deps;
  const list = {
    id: 'listPulls',
    method: 'GET',
    path: '/v1/pulls',
    tag: 'channels',
    zh: '每个店铺拉取到哪里、落后多久、上次几行、有没有可疑之处',
    en: 'how far each shop was walked, how far behind that is, what came last, and what is suspicious',
    answers: { 200: PullList },
  } as const;
  route(app, list, async ({ caller }) => {
    const [rows, waiting] = [await listPulls(db), await countFetches(db)];
    const of = (row: PullRow) => waiting.find(({ channel, shop }) => channel === row.channel && shop === row.shop);
    return { items: rows.filter((row) => maySee(caller, row)).map((row) => toPull(row, of(row), clock.now())), nextCursor: null };
  });
  const accept = {
    id: 'acceptFewRows',
    method: 'POST',
    path: '/v1/pulls/{channel}/{shop}/{feed}:accept',
    tag: 'channels',
    zh: '确认“行数少得可疑”其实没有问题，游标继续前进',
    en: 'says that suspiciously few rows are right: the cursor moves on',
    body: Type.Object({}, strict),
    answers: { 200: PullAccepted },
    errors: ['pull.no_alarm'],
  } as const;
  route(app, accept, async ({ caller, params: { channel, shop, feed } }) => {
    const feeds: readonly string[] = deps.adapters.get(channel)?.feeds ?? [];
    if (!feeds.includes(feed) || !maySee(caller, { channel, shop })) throw new Refusal('pull.no_alarm');
    await audited(db, clock.now(), caller, async (tx) => {
      if (!(await acceptAlarm(tx, [channel, shop, feed as Feed]))) throw new Refusal('pull.no_alarm');
      return [undefined, ['pull.accepted', `${channel}/${shop}`, { feed }]];
    });
    deps.hurry(channel, shop);
    return { channel, shop, feed, accepted: true };
  });
  backfillRoutes(app, deps);
}

function backfillRoutes(app: FastifyInstance, deps: Deps): void {
  const { db, clock } = deps;
  const create = {
    id: 'backfillShop',
    method: 'POST',
    path: '/v1/shops/{channel}/{shop}:backfill',
    tag: 'channels',
    zh: '补拉某段日期内下单的订单，带进度',
    en: 'fetches the orders that were placed in a range of dates, with progress',
    body: Type.Object({ from: InstantText, to: InstantText }, strict),
    answers: { 202: BackfillItem },
    errors: ['shop.not_connected', 'backfill.bad_range'],
  } as const;
  route(app, create, async ({ reply, caller, params: { channel, shop }, body }) => {
    const line = maySee(caller, { channel, shop }) ? await deps.lines.of(channel, shop) : null;
    if (line === null) throw new Refusal('shop.not_connected', { shop: `${channel}/${shop}` });
    const now = clock.now();
    const [fromAt, toAt] = [parseInstant(body.from), Math.min(now, parseInstant(body.to) ?? Number.NaN)];
    const days = line.adapter.limits.ageDays;
    if (fromAt === null || !(toAt > fromAt) || fromAt < now - days * DAY_MS) throw new Refusal('backfill.bad_range', { days });
    const row = { id: newId('bf', now), channel, shop, fromAt, toAt, askedBy: caller.name, askedAt: now };
    const noted = ['shop.backfill', `${channel}/${shop}`, { id: row.id, from: body.from, to: body.to }] as const;
    await audited(db, now, caller, async (tx) => [await addBackfill(tx, row), noted]);
    deps.hurry(channel, shop);
    return reply.status(202).send(toBackfill({ ...row, cursorAt: fromAt, orders: 0, lastError: null, finishedAt: null }));
  });
  const list = {
    id: 'listBackfills',
    method: 'GET',
    path: '/v1/backfills',
    tag: 'channels',
    zh: '补拉任务及其进度，最近的在前',
    en: 'back-fills and how far they are, the newest first',
    answers: { 200: BackfillList },
  } as const;
  route(app, list, async ({ caller }) => ({
    items: (await listBackfills(db, caller.shops === null ? null : [...caller.shops])).map(toBackfill),
    nextCursor: null,
  }));
}

/** The alarms that somebody with these shops may see. */
export async function readPullAlarms(db: Db, shops: ReadonlySet<string> | null): Promise<readonly object[]> {
  const rows = (await listPulls(db)).filter((row) => row.alarmAt !== null && (shops === null || shops.has(`${row.channel}/${row.shop}`)));
  return rows.map(({ channel, shop, feed, alarmAt, alarmRows, alarmExpected }) => ({
    channel,
    shop,
    feed,
    since: isoOf(alarmAt),
    rows: alarmRows ?? 0,
    expected: alarmExpected ?? 0,
  }));
}
