/** The only road into state. All of a batch is stored or nothing; a refusal stores its outcome only, so a step tried twice is taken once. */
import { deflateRawSync } from 'node:zlib';
import type { Keys } from '#access';
import { type Db, Fault, isConnectionFault } from '#platform';
import type { EventRow, Issuer, Kind, Outcome } from './kinds.ts';
import { nextPosition } from './positions.ts';
import { type Entry, VOID_KIND } from './segment.ts';
import { advance, type LeaseRow, saveDeadLetter, saveOutcomes } from './store.ts';

export class LeaseLost extends Error {}
export interface BatchDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'box'>;
  readonly kind: Kind;
  readonly appendEvents: (tx: Parameters<Kind['save']>[0], events: readonly EventRow[]) => Promise<void>;
  /** Named points at which a test may stop the process. */
  readonly reach: (point: string) => void;
}
export interface Worked {
  readonly lease: LeaseRow;
  readonly outcomes: readonly Outcome[];
  readonly events: readonly EventRow[];
}

/** Works `entries` (in position order, the first ones above the lease's positions) and moves every position to `upTo`. */
export async function workBatch(deps: BatchDeps, lease: LeaseRow, entries: readonly Entry[], upTo: number, now: number): Promise<Worked> {
  return attempt(deps, lease, entries, upTo, now, new Map());
}

/** A batch that the database refuses for its content is halved until the one message that cannot be stored stands alone. */
async function attempt(
  deps: BatchDeps,
  lease: LeaseRow,
  entries: readonly Entry[],
  upTo: number,
  now: number,
  poisoned: ReadonlyMap<number, string>,
): Promise<Worked> {
  try {
    return await once(deps, lease, entries, upTo, now, poisoned);
  } catch (error) {
    if (!isContentFault(error)) throw error;
    const suspects = entries.filter((entry) => !poisoned.has(entry.position));
    if (suspects.length === 0) throw error;
    if (suspects.length === 1)
      return once(deps, lease, entries, upTo, now, new Map([...poisoned, [(suspects[0] as Entry).position, (error as Fault).message]]));
    const half = entries.slice(0, Math.ceil(entries.length / 2));
    const first = await attempt(deps, lease, half, (half.at(-1) as Entry).position, now, poisoned);
    const second = await attempt(deps, first.lease, entries.slice(half.length), upTo, now, poisoned);
    return { lease: second.lease, outcomes: [...first.outcomes, ...second.outcomes], events: [...first.events, ...second.events] };
  }
}

/**
 * A fault of the surroundings never counts as a message's fault: it is thrown on, and the batch is tried again as it is. What is no Fault
 * at all is a mistake of ours that one message brought out, and it must not stop the others for ever.
 */
function isContentFault(error: unknown): boolean {
  if (error instanceof LeaseLost) return false;
  if (!(error instanceof Fault)) return true;
  return !isConnectionFault(error) && !error.retry && ['database.constraint', 'database.value', 'database.statement'].includes(error.code);
}

async function once(
  deps: BatchDeps,
  lease: LeaseRow,
  entries: readonly Entry[],
  upTo: number,
  now: number,
  poisoned: ReadonlyMap<number, string>,
): Promise<Worked> {
  const real = entries.filter((entry) => entry.kind !== VOID_KIND);
  const before = await deps.kind.load(deps.db, real);
  const after = { epoch: lease.epoch, positions: lease.positions.map(() => upTo), heads: [...lease.heads], serials: [...lease.serials] };
  const folded = deps.kind.fold(before, real, issuerOf(after, now), now, poisoned);
  const failed = folded.outcomes.filter((outcome) => outcome.result === 'failed');
  await deps.db.transaction(async (tx) => {
    if (!(await advance(tx, lease, after))) throw new LeaseLost();
    await deps.kind.save(tx, folded.after);
    await deps.appendEvents(tx, folded.events);
    for (const outcome of failed) await bury(deps, tx, entries, outcome, now);
    if (folded.outcomes.length > 0)
      await saveOutcomes(
        tx,
        (entries[0] as Entry).position,
        (entries.at(-1) as Entry).position,
        deflateRawSync(Buffer.from(JSON.stringify(folded.outcomes)), { level: 1 }),
      );
    deps.reach('worker.before_commit');
  });
  deps.reach('worker.after_commit');
  return { lease: after, outcomes: folded.outcomes, events: folded.events };
}

function issuerOf(after: { heads: number[]; serials: number[] }, now: number): Issuer {
  return {
    eventPosition: (partition) => (after.heads[partition] = nextPosition(after.heads[partition] as number, now)),
    serial: (partition) => {
      const n = after.serials[partition] as number;
      after.serials[partition] = n + 1;
      return n;
    },
  };
}

async function bury(
  deps: BatchDeps,
  tx: Parameters<Kind['save']>[0],
  entries: readonly Entry[],
  outcome: Outcome,
  now: number,
): Promise<void> {
  const entry = entries.find((each) => each.position === outcome.position) as Entry;
  const id = `dl_${entry.position}`;
  await saveDeadLetter(tx, {
    id,
    position: entry.position,
    partition: entry.partition,
    reason: outcome.code ?? 'message.failed',
    at: now,
    sealed: deps.keys.box.seal(entry.bytes, id),
  });
}
