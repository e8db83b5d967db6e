/** The only road into state. All of a batch is stored or nothing; a refusal stores its outcome only, so a step tried twice is taken once. */
import { deflateRawSync } from 'node:zlib';
import type { Keys } from '#access';
import { type Db, Fault, isConnectionFault, sqlstateOf, type Step } from '#platform';
import type { EventRow, Issuer, Kind, Outcome } from './kinds.ts';
import { nextPosition } from './positions.ts';
import { type Entry, VOID_KIND } from './segment.ts';
import { advance, LEASE_LOST_STATE, type LeaseRow, saveDeadLetter, saveOutcomes } from './store.ts';

export class LeaseLost extends Error {}
export interface BatchDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'box'>;
  readonly kind: Kind;
  readonly appendEvents: (events: readonly EventRow[]) => readonly Step[];
  /** Named points at which a test may stop the process. */
  readonly reach: (point: string) => void;
}
export interface Worked {
  readonly lease: LeaseRow;
  readonly outcomes: readonly Outcome[];
  readonly events: readonly EventRow[];
  /** Messages that could not be worked on, and what was thrown over each. */
  readonly failures: readonly Failure[];
}
export interface Failure {
  readonly entry: Entry;
  readonly orderKey: string | undefined;
  readonly error: unknown;
}
/** A batch that is decided but not stored. */
export interface Prepared extends Worked {
  readonly before: LeaseRow;
  readonly entries: readonly Entry[];
  readonly upTo: number;
  /** What its kind will have written; the next batch is prepared on top of it. */
  readonly after: unknown;
  readonly steps: readonly Step[];
}

/** Decides `entries` (in position order, the first ones above the lease's positions) and moves every position to `upTo`. Stores nothing. */
export async function prepareBatch(
  deps: BatchDeps,
  lease: LeaseRow,
  entries: readonly Entry[],
  upTo: number,
  now: number,
  { poisoned = new Map(), unsaved }: { readonly poisoned?: ReadonlyMap<number, unknown>; readonly unsaved?: unknown } = {},
): Promise<Prepared> {
  const real = entries.filter((entry) => entry.kind !== VOID_KIND);
  const before = await deps.kind.load(deps.db, real, unsaved);
  const moved = { ...lease, positions: lease.positions.map(() => upTo), heads: [...lease.heads], serials: [...lease.serials] };
  const { after, events, outcomes, thrown } = deps.kind.fold(before, real, issuerOf(moved, now), now, poisoned);
  const failed = outcomes.filter((outcome) => outcome.result === 'failed');
  const failures = failed.map(({ position, orderKey }) => ({
    entry: entryAt(entries, position),
    orderKey,
    error: poisoned.get(position) ?? thrown?.get(position),
  }));
  const steps = [
    advance(lease, moved),
    ...failed.map((outcome) => bury(deps, entries, outcome, now)), // before what may settle or erase a letter
    ...deps.kind.save(after),
    ...deps.appendEvents(events),
    ...(outcomes.length === 0 ? [] : [outcomesStep(entries, outcomes)]),
  ];
  return { before: lease, lease: moved, entries, upTo, after, events, outcomes, failures, steps };
}

/** Throws `LeaseLost` when another process works; the store then holds nothing of this batch. */
export async function storeBatch(deps: BatchDeps, batch: Prepared): Promise<Worked> {
  deps.reach('worker.before_commit');
  const stored = deps.db.atOnce(batch.steps);
  deps.reach('worker.sent');
  await stored.catch((error: unknown) => {
    throw sqlstateOf(error) === LEASE_LOST_STATE ? new LeaseLost() : error;
  });
  deps.reach('worker.after_commit');
  return batch;
}

/** Prepares and stores; what the database refuses for its content is found by halving, until the one message that cannot be stored stands alone. */
export async function workBatch(
  deps: BatchDeps,
  lease: LeaseRow,
  entries: readonly Entry[],
  upTo: number,
  now: number,
  poisoned: ReadonlyMap<number, unknown> = new Map(),
): Promise<Worked> {
  const once = async (poison: ReadonlyMap<number, unknown>): Promise<Worked> =>
    storeBatch(deps, await prepareBatch(deps, lease, entries, upTo, now, { poisoned: poison }));
  try {
    return await once(poisoned);
  } catch (error) {
    if (!isContentFault(error)) throw error;
    const suspects = entries.filter((entry) => !poisoned.has(entry.position));
    if (suspects.length === 0) throw error;
    if (suspects.length === 1) return once(new Map([...poisoned, [(suspects[0] as Entry).position, error]]));
    const half = entries.slice(0, Math.ceil(entries.length / 2));
    const first = await workBatch(deps, lease, half, (half.at(-1) as Entry).position, now, poisoned);
    const second = await workBatch(deps, first.lease, entries.slice(half.length), upTo, now, poisoned);
    return {
      lease: second.lease,
      outcomes: [...first.outcomes, ...second.outcomes],
      events: [...first.events, ...second.events],
      failures: [...first.failures, ...second.failures],
    };
  }
}

/**
 * A fault of the surroundings never counts as a message's fault: it is thrown on, and the batch is tried again as it is. What is no Fault
 * at all is a mistake of ours that one message brought out, and it must not stop the others for ever.
 */
export function isContentFault(error: unknown): boolean {
  if (error instanceof LeaseLost) return false;
  if (!(error instanceof Fault)) return true;
  return !isConnectionFault(error) && !error.retry && ['database.constraint', 'database.value', 'database.statement'].includes(error.code);
}

function issuerOf(after: Pick<LeaseRow, 'heads' | 'serials' | 'eventFloor'>, now: number): Issuer {
  return {
    eventPosition: (partition) =>
      (after.heads[partition] = nextPosition(Math.max(after.heads[partition] as number, after.eventFloor), now)),
    serial: (partition) => {
      const n = after.serials[partition] as number;
      after.serials[partition] = n + 1;
      return n;
    },
  };
}

const outcomesStep = (entries: readonly Entry[], outcomes: readonly Outcome[]): Step =>
  saveOutcomes(
    (entries[0] as Entry).position,
    (entries.at(-1) as Entry).position,
    deflateRawSync(Buffer.from(JSON.stringify(outcomes)), { level: 1 }),
  );

const entryAt = (entries: readonly Entry[], position: number): Entry => entries.find((each) => each.position === position) as Entry;

function bury(deps: BatchDeps, entries: readonly Entry[], outcome: Outcome, now: number): Step {
  const entry = entryAt(entries, outcome.position);
  const id = `dl_${entry.position}`;
  return saveDeadLetter({
    id,
    position: entry.position,
    partition: entry.partition,
    orderKey: outcome.orderKey ?? null,
    reason: outcome.code ?? 'message.failed',
    at: now,
    sealed: deps.keys.box.seal(entry.bytes, id),
  });
}
