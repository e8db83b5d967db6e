/** Works bulk decisions off, one case after the other on the road of any command. Stopped in the middle, it goes on where it was. */
import { audited } from '#access';
import { createNap } from '#broadcast';
import { Fault, type Log } from '#platform';
import type { Caller } from '#web';
import { decideCase, type Decision } from './decide-case.ts';
import { beginCases, dueRun, type Ended, endMissing, endRun, findRun, nextCases, type RunRow, saveEnds } from './run-store.ts';
import type { ReviewRow } from './store.ts';
import type { ReviewDeps } from './unrouted-routes.ts';

/** Cases whose messages take no more memory and time than this are read at once. */
const PAGE = { limit: 200, bytes: 4 * 1024 * 1024 } as const;
/** Side by side: they share segments, batches and commits. */
const AT_ONCE = 50;
const LOOK_MS = 500;
const BUSY_MS = 1_000;

export interface RunDeps extends ReviewDeps {
  readonly log: Log;
  /** Null in a process that does not hold the lease: one process works bulk decisions. */
  readonly epoch: () => number | null;
  readonly reach: (point: string) => void;
}
export interface ReviewRuns {
  start(): void;
  /** A run was asked for, or one was cancelled. */
  wake(): void;
  stop(): Promise<void>;
}

export function createReviewRuns(deps: RunDeps): ReviewRuns {
  const nap = createNap();
  let isEnding = false;
  let running: Promise<void> | undefined;
  const mayWork = (): boolean => !isEnding && deps.epoch() !== null;

  const round = async (): Promise<void> => {
    const run = mayWork() ? await dueRun(deps.db, deps.clock.now()) : null;
    if (run === null) return nap.sleep(LOOK_MS);
    const rows = await nextCases(deps.db, run, PAGE);
    if (rows.length === 0) return finish(deps, run);
    const ends = await workPage(deps, run, rows, mayWork);
    deps.reach('review_run.decided');
    if (ends.length > 0)
      await audited(deps.db, deps.clock.now(), callerOf(run), async (tx) => {
        await saveEnds(tx, run.id, ends);
        return [null, [`review_run.${run.decision}`, run.id, { cases: ends.map(sayEnd) }]];
      });
    if (ends.length < rows.length) await nap.sleep(BUSY_MS);
  };
  const loop = async (): Promise<void> => {
    while (!isEnding)
      await round().catch(async (error: unknown) => {
        deps.log.error('review_run.round_failed', error, {});
        await nap.sleep(BUSY_MS);
      });
  };
  return {
    start: () => void (running = loop()),
    wake: nap.wake,
    async stop() {
      isEnding = true;
      nap.wake();
      await running;
    },
  };
}

const sayEnd = ({ orderKey, caseId, code }: Ended): string => `${orderKey}.${caseId}${code === null ? '' : ` ${code}`}`;
/** With the rights of whoever asked, as they were then. */
const callerOf = (run: RunRow): Caller => ({
  id: run.askedById,
  name: run.askedBy,
  role: run.askedRole as Caller['role'],
  shops: run.askedShops === null ? null : new Set(run.askedShops),
});

async function finish(deps: RunDeps, run: RunRow): Promise<void> {
  await endMissing(deps.db, run.id);
  if (!(await endRun(deps.db, run.id, 'done', deps.clock.now()))) return;
  const { accepted = 0, refused = 0 } = (await findRun(deps.db, run.id)) ?? {};
  deps.log.event('review_run.done', { run: run.id, decision: run.decision, cases: run.cases, accepted, refused });
}

/** A page, AT_ONCE at a time, each begun in writing unless somebody has cancelled the run; what was begun before that is brought to its end. What the house cannot take now is left for the next page. */
async function workPage(deps: RunDeps, run: RunRow, rows: readonly ReviewRow[], mayWork: () => boolean): Promise<Ended[]> {
  const ends: Ended[] = [];
  for (let i = 0; i < rows.length && mayWork(); i += AT_ONCE) {
    const some = rows.slice(i, i + AT_ONCE);
    if (run.finishedAt === null && !(await beginCases(deps.db, run.id, some))) break;
    const decided = await Promise.all(some.map((row) => decideOne(deps, run, row)));
    ends.push(...decided.filter((each) => each !== null));
    if (decided.includes(null)) break;
  }
  return ends;
}

async function decideOne(deps: RunDeps, run: RunRow, row: ReviewRow): Promise<Ended | null> {
  const asked = { decision: run.decision as Decision, recipes: run.recipes ?? [] };
  const { orderKey, caseId } = row;
  try {
    const decided = await decideCase(deps, callerOf(run), row, asked, `${run.id} ${orderKey}.${caseId}`);
    return decided && { ...decided, orderKey, caseId };
  } catch (error) {
    if (error instanceof Fault) throw error;
    // A mistake of ours that one case brought out stops none of the others; it goes on waiting.
    deps.log.error('review_run.case_failed', error, { run: run.id, orderKey, caseId });
    return { result: 'refused', code: 'server.fault', orderKey, caseId };
  }
}
