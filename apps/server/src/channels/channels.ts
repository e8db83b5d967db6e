/** The room put together: the push door, the lines to each shop, and who works on them while this process holds the lease. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Adapter, Failure, Send } from '@weir/connectors/adapter';
import type { Subject } from '@weir/contract/subject';
import type { Keys } from '#access';
import type { Gather, Outcomes } from '#intake';
import type { Asked as AskedFor, Opened } from '#orders';
import { type Clock, createBell, type Db, type Log, type Step } from '#platform';
import { openingsPerDay, openSettings } from './app-settings.ts';
import { createArrivals } from './arrivals.ts';
import { type Desk, openDesk } from './desk.ts';
import { createDirectory, type DirectoryKeeper, shopName } from './directory.ts';
import { saveAsked } from './fetch-store.ts';
import { backfillOnce } from './backfill.ts';
import { fetchDue } from './fetcher.ts';
import { keepLinks } from './keep-links.ts';
import { createLines, type Line, type Lines } from './lines.ts';
import { keepPresence } from './away.ts';
import { permitOnce, type PermitState } from './permits.ts';
import { openWithin } from './openings-store.ts';
import { pullFeed, type PullState } from './pull.ts';
import { overTheWire } from './over-the-wire.ts';
import { createStrangers, type Strangers } from './strangers.ts';
import { sweepOnce, type SweepState } from './sweep.ts';
import { createPushDoor, type PushDoor } from './take-push.ts';
import { createRemembered } from './walk.ts';
import { workLines } from './work-lines.ts';

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
  /** Named points at which a test may stop the process. */
  readonly reach: (point: string) => void;
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
  /** What the token of an order's receiver stands for, as its channel says now; null where it cannot be asked. */
  openReceiver(order: Subject, token: string): Promise<Opened | null>;
  /** Something of this shop may be due before its time. */
  hurry(channel: string, shop: string): void;
  /** A batch was stored: perhaps something must be fetched. */
  tell(): void;
  start(): void;
  stop(): Promise<void>;
}

/** What the batch of orders stores, and whether it stored anything since the last look. */
export interface AskedKeeper {
  save(asked: readonly AskedFor[], now: number): readonly Step[];
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

/** Only the holder of the lease calls for a shop: there is one token, and whoever asks for another ends it. */
const STANDBY: Failure = {
  class: 'retry',
  isKnown: true,
  code: 'standby',
  subCode: '',
  message: 'this process does not hold the lease',
  logId: '',
  mayHaveHappened: false,
};

export function createChannels(deps: Deps & { readonly asked: AskedKeeper }): Channels {
  const { db, keys, clock, steady, log, gather } = deps;
  const stopping = new AbortController();
  const sleep = (ms: number): Promise<unknown> => wait(ms, undefined, { signal: stopping.signal });
  const mayWork = (): boolean => !stopping.signal.aborted && deps.epoch() !== null;
  const adapters = new Map(deps.adapters.map((adapter) => [adapter.channel, adapter]));
  const directory = createDirectory(db, steady);
  const lines = createLines({ db, keys, clock, steady, sleep, send: deps.send ?? overTheWire(stopping.signal), adapters, directory });
  const desk = openDesk({ db, keys, clock, directory, log, dice: deps.dice, mayWork, gather, outcomes: deps.outcomes });
  const strangers = createStrangers({ db, clock, log });
  const arrivals = createArrivals({ gather, keys, clock, directory });
  const bell = createBell();
  const pullBell = createBell();
  const states = new Map<string, PullState & SweepState>();
  const stateOf = ({ channel, shop }: Pick<Line, 'channel' | 'shop'>): PullState & SweepState => {
    const name = shopName(channel, shop);
    const known = states.get(name) ?? { due: new Map(), failures: new Map(), remembered: createRemembered(), under: null };
    states.set(name, known);
    return known;
  };
  /** What is new first, then what may have been missed, then what is old. */
  const pullOnce = async (line: Line): Promise<boolean> => {
    const state = stateOf(line);
    for (const feed of line.adapter.feeds) if (await pullFeed(desk, line, state, feed)) return true;
    return (await sweepOnce(desk, line, state, state)) || (await backfillOnce(desk, line, state));
  };
  const hurryAll = (): void => {
    for (const state of states.values()) state.due.clear();
    pullBell.ring();
  };
  const permits = new Map<string, PermitState>();
  const permitOf = ({ channel, shop }: Line): PermitState => {
    const known = permits.get(shopName(channel, shop)) ?? { failures: 0, due: 0 };
    permits.set(shopName(channel, shop), known);
    return known;
  };
  let running: Promise<unknown> = Promise.resolve();
  return {
    adapters,
    directory,
    lines,
    strangers,
    desk,
    door: createPushDoor({ arrivals, keys, clock, directory, adapters, strangers }),
    clientOf: lines.of,
    async openReceiver(order, token) {
      const line = await lines.of(order.channel, order.shop);
      if (line?.adapter.openReceiver === undefined) return null;
      if (!mayWork()) return { ok: false, failure: STANDBY };
      const { apps, shops } = await directory.read();
      const app = apps.get(shops.get(shopName(order.channel, order.shop))?.appId ?? '');
      if (app === undefined) return null;
      const { openReceiver } = line.adapter;
      const share = { appId: app.id, perDay: openingsPerDay(openSettings(keys, app.wrappedSettings)), now: clock.now() };
      return openWithin(db, share, () => openReceiver(line.call, order, token));
    },
    hurry(channel, shop) {
      states.get(shopName(channel, shop))?.due.clear();
      permits.delete(shopName(channel, shop));
      pullBell.ring();
    },
    tell() {
      if (deps.asked.take()) bell.ring();
    },
    start() {
      const shared = { lines, log, mayWork, sleep, isStopping: () => stopping.signal.aborted };
      running = Promise.all([
        workLines({ ...shared, bell }, 'fetches', async (line) => (await fetchDue(desk, line)) > 0),
        workLines({ ...shared, bell: pullBell }, 'pulls', pullOnce),
        workLines({ ...shared, bell: pullBell }, 'permits', (line) => permitOnce(desk, directory, line, permitOf(line))),
        keepLinks({ ...deps, arrivals, directory, adapters, lines, sleep, stopping: stopping.signal }),
        keepPresence({ ...shared, db, clock, onReturn: hurryAll }),
      ]);
    },
    async stop() {
      stopping.abort();
      bell.ring();
      pullBell.ring();
      await running;
      await strangers.flush();
    },
  };
}
