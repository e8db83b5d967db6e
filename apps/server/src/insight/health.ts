/** `GET /healthz` and `GET /readyz`: for whoever watches the process. */
import { HealthAnswer, ReadyAnswer } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import type { Clock, Db } from '#platform';
import { route } from '#web';
import { isThere } from './store.ts';

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
    const database = await isThere(db);
    return reply.status(database ? 200 : 503).send({
      database,
      worker: holds ? 'working' : 'standing by',
      // How many messages a day has so far is nobody's business.
      ...(request.caller === null ? {} : { position }),
      keys: keys.areCurrent(clock.now()),
      disk: diskOf(freeBytes()),
      backup: shown(backup()),
    });
  });
}

/** Below this the doctor calls the disk full: writes will be refused soon. Reading goes on, so the process stays ready. */
const DISK_LOW_BYTES = 256 * 1024 * 1024;
const diskOf = (freeBytes: number | null) => (freeBytes === null ? null : { freeBytes, isLow: freeBytes < DISK_LOW_BYTES });

const shown = (backup: ReturnType<HealthDeps['backup']>) =>
  backup && { at: backup.at === null ? null : new Date(backup.at).toISOString(), failing: backup.isFailing };
