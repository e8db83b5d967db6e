/** `GET /v1/overview`: what must I do now? */
import { OverviewAnswer } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import { type Caller, route } from '#web';
import type { Clock, Db } from '#platform';
import { type Overview, readOverview } from './store.ts';

const KEEP_MS = 3_000;
const CACHE_LIMIT = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const CHINA_MS = 8 * HOUR_MS;
const CHART_HOURS = 24;

export interface InsightDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly worker: { state(): { readonly holds: boolean } };
  /** What happened while we were away, as this caller may see it. */
  readonly away: (shops: readonly string[] | null) => Promise<unknown>;
  readonly pullAlarms: (shops: ReadonlySet<string> | null) => Promise<readonly unknown[]>;
  readonly linksDown: (shops: ReadonlySet<string> | null) => Promise<readonly unknown[]>;
  readonly endpoints: (viewer: Caller) => Promise<readonly unknown[]>;
}

export function insightRoutes(app: FastifyInstance, { db, clock, worker, endpoints, away, pullAlarms, linksDown }: InsightDeps): void {
  const cache = new Map<string, { readonly at: number; readonly overview: Promise<Overview> }>();
  const declaration = {
    id: 'readOverview',
    method: 'GET',
    path: '/v1/overview',
    tag: 'insight',
    zh: '总览：今天的订单、挂起、待复核、来源、端点',
    en: "overview: today's orders, holds, reviews, sources, endpoints",
    answers: { 200: OverviewAnswer },
  } as const;
  route(app, declaration, async ({ caller }) => {
    const { shops } = caller;
    const scope = shops === null ? null : [...shops].sort();
    const key = JSON.stringify(scope);
    const now = clock.now();
    const dayStart = new Date(Math.floor((now + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS).toISOString();
    const chartStart = new Date((Math.floor(now / HOUR_MS) - CHART_HOURS + 1) * HOUR_MS).toISOString();
    let kept = cache.get(key);
    if (kept === undefined || kept.at + KEEP_MS < now) {
      if (cache.size >= CACHE_LIMIT) cache.clear();
      kept = { at: now, overview: readOverview(db, scope, dayStart, chartStart) };
      kept.overview.catch(() => cache.delete(key));
      cache.set(key, kept);
    }
    return {
      asOf: new Date(kept.at).toISOString(),
      ...(await kept.overview),
      endpoints: await endpoints(caller),
      away: await away(scope),
      pullAlarms: await pullAlarms(shops),
      linksDown: await linksDown(shops),
      worker: { holds: worker.state().holds },
    };
  });
}
