/** What retention took away, and when. */
import { RetentionRunList } from '@weir/contract';
import type { FastifyInstance } from 'fastify';
import type { Db } from '#platform';
import { route } from '#web';
import { listRuns } from './retention-store.ts';

const RUNS_SHOWN = 200;

export function retentionRoutes(app: FastifyInstance, { db }: { readonly db: Db }): void {
  const declaration = {
    id: 'listRetentionRuns',
    method: 'GET',
    path: '/v1/retention-runs',
    tag: 'operations',
    zh: '每天按保存期清理的记录，最新的在前',
    en: 'each daily run of retention, newest first: what was kept for long enough and went',
    answers: { 200: RetentionRunList },
  } as const;
  route(app, declaration, async () => ({ items: await listRuns(db, RUNS_SHOWN), nextCursor: null }));
}
