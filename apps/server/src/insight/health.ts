/** `GET /healthz` and `GET /readyz`: for whoever watches the process. */
import { HealthAnswer, ReadyAnswer } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import type { Clock, Db } from '#platform';
import { route } from '#web';
import { inTime } from './in-time.ts';
import { isThere } from './store.ts';

/** Anybody may ask, as often as he likes: the database is asked once a second. */
const KEEP_MS = 1_000;
/** A load balancer waits no longer, and a person who asks why must get an answer while everything is busy. */
const LIMIT_MS = 2_000;

interface HealthDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly keys: { areCurrent(now: number): boolean };
  /** Free bytes of the disk that the data directory lies on; null where that cannot be seen. */
  readonly freeBytes: () => number | null;
  /** Null where the house makes no backups itself. */
  readonly backup: () => { readonly at: number | null; readonly isFailing: boolean } | null;
  readonly worker: { state(): { readonly holds: boolean; readonly position: number } };
}
export function healthRoutes(app: FastifyInstance, { db, worker, backup, clock, keys, freeBytes }: HealthDeps): void {
  const alive = {
    id: 'readHealth',
    method: 'GET',
    path: '/healthz',
    tag: 'operations',
    zh: '进程还活着',
    en: 'the process lives',
    answers: { 200: HealthAnswer },
  } as const;
  route(app, alive, () => ({ status: 'ok' }));
  const look = lookNowAndThen(db);
  const ready = {
    id: 'readReady',
    method: 'GET',
    path: '/readyz',
    tag: 'operations',
    zh: '数据库可用；本进程在工作还是待命；密钥、磁盘与备份如何',
    en: 'the database answers; this process works or stands by; how keys, disk and backups are',
    answers: { 200: ReadyAnswer, 503: ReadyAnswer },
  } as const;
  route(app, ready, async ({ request, reply }) => {
    const { holds, position } = worker.state();
    const seen = await look();
    return reply.status(seen === 'there' ? 200 : 503).send({
      database: seen === 'there',
      busy: seen === 'busy',
      worker: holds ? 'working' : 'standing by',
      // How many messages a day has so far is nobody's business.
      ...(request.caller === null ? {} : { position }),
      keys: keys.areCurrent(clock.now()),
      disk: diskOf(freeBytes()),
      backup: shown(backup()),
    });
  });
}

type Seen = 'there' | 'gone' | 'busy';
/** Whoever asks within a second of another, or while that one's answer is on its way, shares it. */
function lookNowAndThen(db: Db): () => Promise<Seen> {
  let kept: { readonly at: number; readonly seen: Promise<Seen> } | undefined;
  return () => {
    const now = performance.now();
    if (kept === undefined || now - kept.at > KEEP_MS) kept = { at: now, seen: lookOnce(db) };
    return kept.seen;
  };
}
async function lookOnce(db: Db): Promise<Seen> {
  const isHere = await inTime(isThere(db), LIMIT_MS);
  return isHere === true ? 'there' : isHere === null || db.stats().waiting > 0 ? 'busy' : 'gone';
}

/** Below this the doctor calls the disk full: writes will be refused soon. Reading goes on, so the process stays ready. */
const DISK_LOW_BYTES = 256 * 1024 * 1024;
const diskOf = (freeBytes: number | null) => (freeBytes === null ? null : { freeBytes, isLow: freeBytes < DISK_LOW_BYTES });

const shown = (backup: ReturnType<HealthDeps['backup']>) =>
  backup && { at: backup.at === null ? null : new Date(backup.at).toISOString(), failing: backup.isFailing };
