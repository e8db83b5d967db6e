/**
 * A replay at work: each chosen order's newest state goes once through the order's own chain, behind what waits there. So it tells what the
 * receiver was told last, never less than that, and what is newer comes after it.
 */
import { type Desk, untilStored } from './desk.ts';
import { createLaterList, type Later } from './later.ts';
import { createProgress, type Progress, type Result } from './replay-results.ts';
import { type RunningReplay, readChunks, readNewest, saveProgress } from './replays-store.ts';
import { pauseAfter } from './ladder.ts';
import { snapshotOf } from './snapshot.ts';
import { readHeads } from './store.ts';

const AT_ONCE = 32;
const SAVE_EVERY_MS = 1_000;
/** How often a parked order is looked at again, and everything while the endpoint is away or behind. */
const LOOK_MS = 500;
const PARKED_LOOK_MS = 1;
/** Tries of one order, on the first steps of the ladder; then it has failed. */
const MOST_TRIES = 5;

export interface Replay {
  readonly row: RunningReplay;
  /** Lets go what may go now; answers in how many ms it wants to be asked again. */
  step(): number;
  /** Nothing more of it is sent; what is on its way is counted and all of it stored. */
  cancel(): Promise<void>;
  /** Stores how far it has come. */
  save(): Promise<void>;
}

export async function openReplay(desk: Desk, row: RunningReplay): Promise<Replay> {
  const progress = createProgress(await readChunks(desk.db, row.serial));
  // Before a crash the receiver may have been told more than the cursor says: first the window gets there again.
  const heads = await readHeads(desk.db);
  return startReplay(desk, row, progress, heads);
}

function startReplay(desk: Desk, row: RunningReplay, progress: Progress, heads: readonly number[]): Replay {
  const { steady, window, parked, breaker, chains } = desk;
  const later = createLaterList();
  let [next, underWay, sending, isCancelled, isStored] = [0, 0, 0, false, false];
  const { promise: noneSending, resolve: allSent } = Promise.withResolvers<void>();
  let [credit, creditAt, savedAt] = [1, steady.now(), steady.now()];
  let saving: Promise<void> | undefined;

  const isLevel = (): boolean => heads.every((head, partition) => (window.readTo[partition] ?? 0) >= head);
  const put = (place: number, tries: number, waitMs: number): void =>
    later.add({ place, tries, isParked: false, dueAt: steady.now() + waitMs });
  /** The more of them wait, the less often each is looked at. */
  const putParked = (place: number, tries: number): void =>
    later.add({ place, tries, isParked: true, dueAt: steady.now() + Math.max(LOOK_MS, later.parked * PARKED_LOOK_MS) });
  const settle = (place: number, result: Result): void => progress.set(place, result);

  const send = async (place: number, tries: number, upTo: number): Promise<void> => {
    sending++;
    await sendOne(place, tries, upTo).finally(() => {
      sending--;
      if (isCancelled && sending === 0) allSent();
    });
  };
  const sendOne = async (place: number, tries: number, upTo: number): Promise<void> => {
    const { partition, key } = progress.at(place);
    const newest = await readNewest(desk.db, partition, key, upTo);
    if (newest === null || !desk.isFor(newest)) return settle(place, 'outside');
    if (!desk.mayShow(newest)) return settle(place, 'withheld');
    const failed = await desk.deliver(snapshotOf(newest, row), tries + 1);
    if (failed === null) settle(place, 'sent');
    else if (!failed.counts) put(place, tries, LOOK_MS);
    else if (tries + 1 >= MOST_TRIES) settle(place, 'failed');
    else put(place, tries + 1, pauseAfter(tries + 1, failed.retryAfterMs) ?? 0);
  };
  const enqueue = (place: number, tries: number): void => {
    const { partition, key } = progress.at(place);
    const upTo = window.readTo[partition] as number;
    underWay++;
    const over = (): void => {
      underWay--;
      desk.wake();
    };
    chains.addTurn(key, {
      run: () =>
        (isCancelled ? Promise.resolve() : send(place, tries, upTo))
          .catch((error: unknown) => {
            desk.log.error('broadcast.replay_failed', error, { endpointId: desk.target.id, replay: row.id });
            put(place, tries, LOOK_MS);
          })
          .finally(over),
      parked: () => {
        putParked(place, tries);
        over();
      },
    });
  };

  /** One that is due again goes first. */
  const take = (): Later | undefined => {
    const now = steady.now();
    const due = later.takeDue(now);
    if (due !== undefined) return due;
    while (next < progress.size && progress.isDone(next)) next++;
    return next < progress.size ? { place: next++, tries: 0, dueAt: now, isParked: false } : undefined;
  };
  const refill = (): void => {
    const now = steady.now();
    credit = Math.min(row.perSecond, credit + ((now - creditAt) * row.perSecond) / 1_000);
    creditAt = now;
  };
  const letGo = (): void => {
    while (credit >= 1 && underWay < AT_ONCE) {
      const one = take();
      if (one === undefined) return;
      if (parked.get(progress.at(one.place).key) !== undefined) putParked(one.place, one.tries);
      else {
        credit--;
        enqueue(one.place, one.tries);
      }
    }
  };
  let savedWaiting = 0;
  const save = async (): Promise<void> => {
    const [chunks, isDone] = [progress.unsaved(), progress.done === progress.size];
    const [sent, withheld, outside, failed] = (['sent', 'withheld', 'outside', 'failed'] as const).map(progress.count) as [
      number,
      number,
      number,
      number,
    ];
    const waiting = later.parked;
    const row_ = { serial: row.serial, chunks, sent, withheld, outside, failed, waiting, isDone, at: desk.clock.now() };
    progress.saved(chunks); // what is set from now on is for the next time
    desk.reach('broadcast.before_replay_saved');
    await untilStored(desk, () => saveProgress(desk.db, desk.hold, row_));
    savedWaiting = waiting;
    savedAt = steady.now();
    isStored = isDone;
  };
  const isClean = (): boolean => progress.isSaved() && savedWaiting === later.parked && progress.done < progress.size;
  const saveIfDue = (): void => {
    if (saving !== undefined || isClean() || (progress.done < progress.size && steady.now() - savedAt < SAVE_EVERY_MS)) return;
    saving = save().finally(() => {
      saving = undefined;
      desk.wake();
    });
  };
  return {
    row,
    step() {
      if (isCancelled || isStored) return Infinity;
      refill();
      const mayGo = !breaker.isOpen() && isLevel();
      if (mayGo) letGo();
      saveIfDue();
      if (!mayGo || credit >= 1) return LOOK_MS;
      return Math.min(LOOK_MS, ((1 - credit) * 1_000) / row.perSecond);
    },
    async cancel() {
      isCancelled = true;
      later.clear();
      if (sending > 0) await noneSending;
      await saving;
      if (!isStored) await save();
    },
    async save() {
      await saving;
      if (!isStored) await save();
    },
  };
}
