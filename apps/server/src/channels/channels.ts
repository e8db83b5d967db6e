/** The room put together: the push door, the lines to each shop, and who works on them while this process holds the lease. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Adapter, Send } from '@weir/connectors/adapter';
import type { Keys } from '#access';
import type { Gather, Outcomes } from '#intake';
import type { Asked } from '#orders';
import { type Clock, createBell, type Db, type Log, type Step } from '#platform';
import { type Desk, openDesk } from './desk.ts';
import { createDirectory, type DirectoryKeeper } from './directory.ts';
import { saveAsked } from './fetch-store.ts';
import { fetchDue } from './fetcher.ts';
import { createLines, type Line, type Lines } from './lines.ts';
import { createStrangers, type Strangers } from './strangers.ts';
import { createPushDoor, type PushDoor } from './take-push.ts';
import { workLines } from './work-lines.ts';

/** A platform that does not answer for this long is taken for absent. */
const CALL_TIMEOUT_MS = 20_000;
const overTheWire =
  (stopping: AbortSignal): Send =>
  (url, init) =>
    fetch(url, { ...init, redirect: 'error', signal: AbortSignal.any([stopping, AbortSignal.timeout(CALL_TIMEOUT_MS)]) });

interface Deps {
  readonly db: Db;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly steady: Clock;
  readonly log: Log;
  readonly gather: Gather;
  readonly outcomes: Outcomes;
  readonly adapters: readonly Adapter[];
  /** The lease's epoch while this process works, else null. */
  readonly epoch: () => number | null;
  /** From 0 to 1. */
  readonly dice: () => number;
  /** How calls go out; the real one unless a test says otherwise. */
  readonly send?: Send;
}
export interface Channels {
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly directory: DirectoryKeeper;
  readonly lines: Lines;
  readonly door: PushDoor;
  readonly strangers: Strangers;
  readonly desk: Desk;
  /** A caller of the platform for one shop, with its token and within its quota; null when the shop is not connected through an app. */
  clientOf(channel: string, shop: string): Promise<Line | null>;
  /** A batch was stored: perhaps something must be fetched. */
  tell(): void;
  start(): void;
  stop(): Promise<void>;
}

/** What the batch of orders stores, and whether it stored anything since the last look. */
export interface AskedKeeper {
  save(asked: readonly Asked[], now: number): readonly Step[];
  take(): boolean;
}
export function createAskedKeeper(): AskedKeeper {
  let isNew = false;
  return {
    save(asked, now) {
      isNew ||= asked.length > 0;
      return saveAsked(asked, now);
    },
    take() {
      const was = isNew;
      isNew = false;
      return was;
    },
  };
}

export function createChannels(deps: Deps & { readonly asked: AskedKeeper }): Channels {
  const { db, keys, clock, steady, log, gather } = deps;
  const stopping = new AbortController();
  const sleep = (ms: number): Promise<unknown> => wait(ms, undefined, { signal: stopping.signal });
  const mayWork = (): boolean => !stopping.signal.aborted && deps.epoch() !== null;
  const adapters = new Map(deps.adapters.map((adapter) => [adapter.channel, adapter]));
  const directory = createDirectory(db, steady);
  const lines = createLines({ db, keys, clock, steady, sleep, send: deps.send ?? overTheWire(stopping.signal), adapters, directory });
  const desk = openDesk({ db, keys, clock, log, dice: deps.dice, mayWork, gather, outcomes: deps.outcomes });
  const strangers = createStrangers({ db, clock, log });
  const bell = createBell();
  let running: Promise<unknown> = Promise.resolve();
  return {
    adapters,
    directory,
    lines,
    strangers,
    desk,
    door: createPushDoor({ gather, keys, clock, directory, adapters, strangers }),
    clientOf: lines.of,
    tell() {
      if (deps.asked.take()) bell.ring();
    },
    start() {
      const shared = { lines, bell, log, mayWork, sleep, isStopping: () => stopping.signal.aborted };
      running = workLines(shared, 'fetches', async (line) => (await fetchDue(desk, line)) > 0);
    },
    async stop() {
      stopping.abort();
      bell.ring();
      await running;
      await strangers.flush();
    },
  };
}
