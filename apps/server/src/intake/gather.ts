/** The edge's half of intake: gathers the messages of a few milliseconds into one segment, stores it, and only then says where each one is. */
import { CommitUnknown, type Clock, type Db, isPartMissing } from '#platform';
import type { Keys } from '#access';
import { makeParts } from './parts.ts';
import { encodeSegment, type Entry, entryOf, type Message, VOID_KIND } from './segment.ts';
import { appendSegment, insertSegment, type KeyRow, takeKeys, takePositions } from './store.ts';

const GATHER_MS = 5;
const SEGMENT_BYTES = 1_000_000;
const SEGMENT_MESSAGES = 1_000;
/** Waiting messages beyond which the edge says 503: memory stays bounded when the database is slow. */
const WAITING_BYTES = 64_000_000;
const WAITING_MESSAGES = 20_000;

export const SEGMENT_SEAL = 'inbox';

export interface IdempotencyKey {
  readonly tokenId: string;
  readonly key: string;
  readonly inputHash: Buffer;
}
export type Accepted =
  | { readonly kind: 'stored'; readonly position: number }
  /** The key was already taken: by the same input at `position`, or by another one. */
  | { readonly kind: 'repeated'; readonly position: number; readonly sameInput: boolean };

/** A stored segment as it is handed to the worker of the same process; `previous` is the log's last position before it. */
export interface Handed {
  readonly previous: number;
  readonly last: number;
  readonly entries: readonly Entry[];
}
export interface Gather {
  /** Resolves after COMMIT. Rejects with `IntakeFull`, `NotStored` or `Stopping`; after `NotStored` a repeat is harmless. */
  append(message: Message, key?: IdempotencyKey): Promise<Accepted>;
  stop(): Promise<void>;
  waiting(): number;
}
export class IntakeFull extends Error {}
export class Stopping extends Error {}
/** The store failed, or it is not known whether COMMIT went through. */
export class NotStored extends Error {}

interface Waiting {
  readonly message: Message;
  readonly key: IdempotencyKey | undefined;
  readonly done: (accepted: Accepted) => void;
  readonly failed: (error: Error) => void;
}
interface Deps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'box'>;
  readonly clock: Clock;
  /** Called in position order, before anybody who waits is told. */
  readonly handOver: (handed: Handed) => void;
  /** Named points at which a test may stop the process. */
  readonly reach: (point: string) => void;
}

export function createGather(deps: Deps): Gather {
  const queue: Waiting[] = [];
  let [queuedBytes, stopping] = [0, false];
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> | undefined;

  const take = (): Waiting[] => {
    let [count, bytes] = [0, 0];
    while (
      count < queue.length &&
      count < SEGMENT_MESSAGES &&
      (count === 0 || bytes + (queue[count] as Waiting).message.bytes.length <= SEGMENT_BYTES)
    ) {
      bytes += (queue[count] as Waiting).message.bytes.length;
      count++;
    }
    queuedBytes -= bytes;
    return queue.splice(0, count);
  };
  const flushAll = async (): Promise<void> => {
    while (queue.length > 0) await store(deps, take());
    flushing = undefined;
  };
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    flushing ??= flushAll();
  };
  return {
    append(message, key) {
      if (stopping) return Promise.reject(new Stopping());
      if (queue.length >= WAITING_MESSAGES || queuedBytes >= WAITING_BYTES) return Promise.reject(new IntakeFull());
      return new Promise((done, failed) => {
        queue.push({ message, key, done, failed });
        queuedBytes += message.bytes.length;
        if (flushing) return;
        if (queue.length >= SEGMENT_MESSAGES || queuedBytes >= SEGMENT_BYTES) flush();
        else timer ??= setTimeout(flush, GATHER_MS);
      });
    },
    async stop() {
      stopping = true;
      flush();
      await flushing;
    },
    waiting: () => queue.length,
  };
}

async function store(deps: Deps, waiting: readonly Waiting[]): Promise<void> {
  try {
    deps.reach('gather.before_append');
    const answers = await withParts(deps, () =>
      waiting.some((each) => each.key) ? storeWithKeys(deps, waiting) : storePlain(deps, waiting),
    );
    deps.reach('gather.after_commit');
    waiting.forEach((each, i) => each.done(answers[i] as Accepted));
  } catch (error) {
    const what = error instanceof CommitUnknown ? 'whether the segment was stored is not known' : 'the segment was not stored';
    for (const each of waiting) each.failed(new NotStored(what, { cause: error }));
  }
}

/** Whose clock went ahead by days, as that of a machine that slept, finds no table of today: it is made, and the segment stored after all. */
async function withParts<T>({ db, clock }: Deps, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (!isPartMissing(error)) throw error;
    await makeParts(db, clock.now());
    return write();
  }
}

async function storePlain({ db, keys, clock, handOver }: Deps, waiting: readonly Waiting[]): Promise<Accepted[]> {
  const messages = waiting.map((each) => each.message);
  const sealed = keys.box.seal(encodeSegment(messages), SEGMENT_SEAL);
  const { first, previous } = await appendSegment(db, messages.length, sealed, clock.now());
  handOver({ previous, last: first + messages.length - 1, entries: messages.map((message, i) => entryOf(message, first + i)) });
  return messages.map((_, i) => ({ kind: 'stored', position: first + i }));
}

const sameKey = (a: { tokenId: string; key: string }, b: { tokenId: string; key: string }): boolean =>
  a.tokenId === b.tokenId && a.key === b.key;

/** Keys are taken in the segment's own transaction; the message of a loser leaves a void in its place. */
async function storeWithKeys({ db, keys, clock, handOver }: Deps, waiting: readonly Waiting[]): Promise<Accepted[]> {
  const now = clock.now();
  const { answers, handed } = await db.transaction(async (tx) => {
    const { first, previous } = await takePositions(tx, waiting.length, now);
    const wanted = firstOfEach(waiting, first);
    const held = new Map((await takeKeys(tx, wanted, now)).map((row) => [`${row.tokenId} ${row.key}`, row]));
    const answers = waiting.map(({ key }, i): Accepted => {
      const holder = key && held.get(`${key.tokenId} ${key.key}`);
      if (!holder || holder.position === first + i) return { kind: 'stored', position: first + i };
      return { kind: 'repeated', position: holder.position, sameInput: holder.inputHash.equals(key.inputHash) };
    });
    const messages = waiting.map(({ message }, i) =>
      answers[i]?.kind === 'stored' ? message : { ...message, kind: VOID_KIND, bytes: Buffer.alloc(0) },
    );
    await insertSegment(tx, first, messages.length, keys.box.seal(encodeSegment(messages), SEGMENT_SEAL), now);
    return {
      answers,
      handed: { previous, last: first + messages.length - 1, entries: messages.map((message, i) => entryOf(message, first + i)) },
    };
  });
  handOver(handed);
  return answers;
}

/** Of equal keys within one segment only the first is wanted. */
function firstOfEach(waiting: readonly Waiting[], first: number): KeyRow[] {
  const rows: KeyRow[] = [];
  waiting.forEach(({ key }, i) => {
    if (key && !rows.some((row) => sameKey(row, key))) rows.push({ ...key, position: first + i });
  });
  return rows;
}
