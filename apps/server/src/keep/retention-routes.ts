/** What retention took away, and when. */
import { ClockTrusted, RetentionRunList } from '@weir/contract';
import { parseInstant } from '@weir/core';
import type { FastifyInstance } from 'fastify';
import { InstantText } from '@weir/contract/values';
import Type from 'typebox';
import { audited } from '#access';
import type { Clock, Db } from '#platform';
import { Refusal, route } from '#web';
import { listRuns } from './retention-store.ts';
import { readProvenTime, trustTime } from './time-store.ts';

const RUNS_SHOWN = 200;
/** A watch, and the time that it takes to type. */
const WATCH_MS = 600_000;
const isoOf = (at: number): string => new Date(at).toISOString();

export function retentionRoutes(app: FastifyInstance, { db, clock }: { readonly db: Db; readonly clock: Clock }): void {
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
  const trust = {
    id: 'trustClock',
    method: 'POST',
    path: '/v1/retention:trustClock',
    tag: 'operations',
    zh: '停用很久之后确认系统时钟是对的，按保存期清理才会继续；now 请照自己的表填写',
    en: "says after a long pause that the machine's clock is right, so that retention goes on; `now` is the time by your own watch",
    body: Type.Object({ now: InstantText }, { additionalProperties: false }),
    answers: { 200: ClockTrusted },
    errors: ['retention.other_time'],
  } as const;
  route(app, trust, ({ caller, body }) => {
    const now = clock.now();
    const said = parseInstant(body.now);
    if (said === null || Math.abs(said - now) > WATCH_MS) throw new Refusal('retention.other_time', { clock: isoOf(now) });
    return audited(db, now, caller, async (tx) => {
      const before = await readProvenTime(tx);
      await trustTime(tx, now);
      const detail = { before: before === null ? null : isoOf(before), after: isoOf(now) };
      return [{ provenAt: isoOf(now) }, ['retention.clock_trusted', null, detail]];
    });
  });
}
