/** `GET /metrics` for Prometheus: what was counted, and what is read at that moment. No personal data, no order, no shop. */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { FastifyInstance } from 'fastify';
import type { Clock, Db, Reading } from '#platform';
import { route } from '#web';
import type { Measures } from './measures.ts';
import { type Backlog, readBacklog } from './backlog-store.ts';
import { flowReadings } from './flow-readings.ts';
import { readChannelFlows, readFlow } from './flow-store.ts';
import { inTime } from './in-time.ts';

/** Two who ask at once, or one who asks too often, share one reading. */
const KEEP_MS = 2_000;
/** Longer than this nobody waits for the database. */
const LIMIT_MS = 3_000;
const NS = 1e9;
const MS = 1_000;

export interface MetricsDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly measures: Measures;
  readonly worker: { state(): { readonly holds: boolean; readonly epoch: number } };
  /** Null where the house makes no backups itself. */
  readonly backup: () => { readonly at: number | null; readonly isFailing: boolean } | null;
  readonly gather: { waiting(): number };
  readonly endpoints: () => Promise<readonly Endpoint[]>;
  readonly links: () => Promise<readonly Link[]>;
  /** Of the disk that the data directory lies on; null where that cannot be seen. */
  readonly freeBytes: () => number | null;
  /** Whether heads of the audit are sent to an address. */
  readonly headsAreSent: boolean;
  readonly connections: () => Promise<{ readonly open: number; readonly most: number }>;
}
interface Endpoint {
  readonly id: string;
  readonly state: string;
  readonly lag: number | null;
  readonly parked: number;
  readonly dead: number;
}
/** A queue or a socket of an app. */
interface Link {
  readonly app: string;
  readonly kind: string;
  readonly isUp: boolean;
  readonly messageAt: number | null;
}
const gauge = (name: string, help: string, value: number): Reading => ({ name, type: 'gauge', help, values: [{ value }] });

export function metricsRoutes(app: FastifyInstance, deps: MetricsDeps): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  app.addHook('onClose', (_, done) => {
    delay.disable();
    done();
  });
  let kept: { readonly at: number; readonly text: Promise<string> } | undefined;
  const declaration = {
    id: 'readMetrics',
    method: 'GET',
    path: '/metrics',
    tag: 'operations',
    zh: '给 Prometheus 的指标',
    en: 'numbers for Prometheus',
    answers: { 200: { media: 'text/plain' } },
  } as const;
  route(app, declaration, async ({ reply }) => {
    const now = performance.now();
    if (kept === undefined || kept.at + KEEP_MS < now) kept = { at: now, text: textOf(deps, delay) };
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(await kept.text);
  });
}

async function textOf(deps: MetricsDeps, delay: IntervalHistogram): Promise<string> {
  const readings = [...processReadings(deps, delay), ...(await doorReadings(deps)), ...(await readingsInTime(deps))];
  return deps.measures.metrics.text(readings);
}

function processReadings({ db, clock, worker, gather, backup }: MetricsDeps, delay: IntervalHistogram): Reading[] {
  const { holds, epoch } = worker.state();
  const { total, idle, waiting } = db.stats();
  const { rss, heapUsed, external } = process.memoryUsage();
  const percentiles = [50, 99].map((p) => ({ labels: { quantile: String(p / 100) }, value: delay.percentile(p) / NS }));
  delay.reset();
  return [
    gauge('weir_lease_held', 'Whether this process works (1) or stands by (0).', Number(holds)),
    gauge('weir_lease_epoch', 'How often the lease has changed hands.', epoch),
    gauge('weir_gather_waiting', 'Messages that wait for the next append.', gather.waiting()),
    {
      name: 'weir_database_connections',
      type: 'gauge',
      help: 'Connections of the pool, and callers that wait for one.',
      values: [
        { labels: { state: 'in_use' }, value: total - idle },
        { labels: { state: 'idle' }, value: idle },
        { labels: { state: 'waited_for' }, value: waiting },
      ],
    },
    { name: 'weir_event_loop_delay_seconds', type: 'gauge', help: 'Delay of the event loop since the last reading.', values: percentiles },
    {
      name: 'weir_memory_bytes',
      type: 'gauge',
      help: 'Memory of the process, PostgreSQL not counted.',
      values: Object.entries({ rss, heap: heapUsed, external }).map(([kind, value]) => ({ labels: { kind }, value })),
    },
    ...backupReadings(backup(), clock.now()),
    gauge('weir_uptime_seconds', 'Since the process began.', process.uptime()),
  ];
}

async function doorReadings({ freeBytes, connections }: MetricsDeps): Promise<Reading[]> {
  const { open, most } = await connections();
  const free = freeBytes();
  return [
    gauge('weir_http_connections', 'Open connections to this process.', open),
    gauge('weir_http_connections_limit', 'How many there may be.', most),
    ...(free === null ? [] : [gauge('weir_disk_free_bytes', 'Left on the disk of the data directory.', free)]),
  ];
}

/** While all connections are in use nothing is known of the database, and that is said at once. */
async function readingsInTime(deps: MetricsDeps): Promise<Reading[]> {
  const found = await inTime(databaseReadings(deps), LIMIT_MS);
  const busy = gauge('weir_database_busy', 'Whether the database could not be asked in time (1).', Number(found === null));
  return [busy, ...(found ?? [])];
}

function backupReadings(backup: ReturnType<MetricsDeps['backup']>, now: number): Reading[] {
  if (backup === null) return [];
  const failing = gauge('weir_backup_failing', 'Whether the last backup failed (1).', Number(backup.isFailing));
  if (backup.at === null) return [failing];
  return [failing, gauge('weir_backup_age_seconds', 'Since the newest backup began.', (now - backup.at) / MS)];
}

/** Without a database its absence is the news; the rest is left out, which Prometheus shows as a gap. */
async function databaseReadings({ db, clock, endpoints, links, headsAreSent }: MetricsDeps): Promise<Reading[]> {
  const up = (value: number): Reading => gauge('weir_postgresql_up', 'Whether the database answers.', value);
  try {
    const [backlog, consumers, held] = await Promise.all([readBacklog(db), endpoints(), links()]);
    const flow = flowReadings(await readChannelFlows(db), await readFlow(db), headsAreSent);
    return [up(1), ...backlogReadings(backlog), ...flow, ...endpointReadings(consumers), ...linkReadings(held, clock.now())];
  } catch {
    return [up(0)];
  }
}

const backlogReadings = ({ messages, oldestSeconds, reviewsOpen, deadLettersOpen, writeBacksDue }: Backlog): Reading[] => [
  gauge('weir_inbox_lag_messages', 'Messages stored and not worked yet.', messages),
  gauge('weir_inbox_lag_seconds', 'Age of the oldest of them.', oldestSeconds),
  gauge('weir_reviews_open', 'Cases that wait for a person.', reviewsOpen),
  gauge('weir_dead_letters_open', 'Messages that could not be worked on, and changes that a channel would not take.', deadLettersOpen),
  gauge('weir_write_backs_due', 'Changes that a channel has still to be told.', writeBacksDue),
];

function linkReadings(links: readonly Link[], now: number): Reading[] {
  const labelsOf = ({ app, kind }: Link) => ({ app, kind });
  const heard = links.flatMap((link) =>
    link.messageAt === null ? [] : [{ labels: labelsOf(link), value: Math.max(0, now - link.messageAt) / MS }],
  );
  return [
    {
      name: 'weir_link_up',
      type: 'gauge',
      help: 'Whether the queue or the socket of an app stands.',
      values: links.map((link) => ({ labels: labelsOf(link), value: Number(link.isUp) })),
    },
    { name: 'weir_link_message_age_seconds', type: 'gauge', help: 'Since a message last came through it.', values: heard },
  ];
}

function endpointReadings(endpoints: readonly Endpoint[]): Reading[] {
  const each = (name: string, help: string, value: (endpoint: Endpoint) => number): Reading => ({
    name,
    type: 'gauge',
    help,
    values: endpoints.map((endpoint) => ({ labels: { endpoint: endpoint.id }, value: value(endpoint) })),
  });
  return [
    each('weir_delivery_lag_events', 'Events behind which an endpoint is.', ({ lag }) => lag ?? 0),
    each('weir_delivery_parked', 'Orders that wait behind a failed delivery.', ({ parked }) => parked),
    each('weir_delivery_dead', 'Of them those whose tries have ended.', ({ dead }) => dead),
    each('weir_endpoint_active', 'Whether the endpoint is served: 0 = paused, gone, or its breaker is open.', ({ state }) =>
      Number(state === 'active'),
    ),
  ];
}
