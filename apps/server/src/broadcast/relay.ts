/** One consumer: a sliding window over the log, many subjects side by side, each in order; who fails is parked while the others go on. */
import { type Desk, type Ending, type Target } from './desk.ts';
import type { LogEvent } from './envelope.ts';
import { createLanes, type Lanes } from './lanes.ts';
import { createNap } from './nap.ts';
import { isFull, openDesk, type OpenDeps } from './open-desk.ts';
import type { LogReader } from './read-log.ts';
import { createReplays, type Replays } from './replays.ts';
import type { RunningReplay } from './replays-store.ts';
import { createCursorSaver, type CursorSaver } from './save-cursor.ts';

/** The window is filled again when it has room for so many. */
const REFILL_EVENTS = 200;
const IDLE_MS = 1_000;
/** How often parked subjects and an open breaker are looked at. */
const LOOK_MS = 250;
const RETRY_MS = 500;
/** How long a stop waits for answers under way before it cuts the connections. */
const STOP_GRACE_MS = 2_000;

export interface RelayDeps extends OpenDeps {
  readonly reader: LogReader;
  /** The receiver said that it is gone for good: nothing more is sent. Asked again until it is stored. */
  readonly onGone: (id: string) => Promise<void>;
}
export interface Relay {
  readonly epoch: number;
  wake(): void;
  /** Those of its replays that run now. */
  replay(rows: readonly RunningReplay[]): void;
  stop(): Promise<void>;
  /** Its run has ended, for whatever reason; whoever wants its endpoint served starts another one. */
  readonly ended: Promise<void>;
  /** `full`: too many subjects are parked, nothing new is taken. */
  state(): { readonly breakerOpen: boolean; readonly full: boolean };
}

/** `epoch` is that of the lease under which this process works. */
export function startRelay(deps: RelayDeps, target: Target, epoch: number): Relay {
  const [nap, replays] = [createNap(), createReplays()];
  let [ending, desk, isStopped]: [Ending | undefined, Desk | undefined, boolean] = [undefined, undefined, false];
  const end = (why: Ending): void => {
    ending ??= why;
    nap.wake();
  };
  const life = { end, isEnding: () => ending !== undefined, wake: nap.wake };
  const run = async (): Promise<void> => {
    desk = await openDesk(deps, target, { consumer: target.id, epoch }, life);
    if (desk !== undefined) await work(deps, desk, replays, nap.sleep);
    await deps.caller.close();
    if (ending === 'gone') await storeGone();
  };
  /** A receiver that is gone is not asked again only because the database was away. */
  const storeGone = async (): Promise<void> => {
    while (!isStopped) {
      try {
        return await deps.onGone(target.id);
      } catch (error) {
        deps.log.error('broadcast.not_stored', error, { endpointId: target.id });
        await nap.sleep(RETRY_MS);
      }
    }
  };
  const running = run().catch((error: unknown) => deps.log.error('broadcast.failed', error, { endpointId: target.id }));
  return {
    epoch,
    wake: nap.wake,
    replay(rows) {
      replays.want(rows);
      nap.wake();
    },
    ended: running,
    async stop() {
      isStopped = true;
      nap.wake();
      end('stopped');
      await running;
    },
    state: () => ({ breakerOpen: desk?.breaker.isOpen() ?? false, full: isFull(desk) }),
  };
}

async function work(deps: RelayDeps, desk: Desk, replays: Replays, sleep: (ms: number) => Promise<void>): Promise<void> {
  const saver = createCursorSaver(desk);
  const lanes = createLanes(desk, () => {
    if (desk.window.room() >= REFILL_EVENTS) desk.wake();
  });
  while (!desk.isEnding()) {
    try {
      await fill(deps.reader, desk);
      const replayInMs = replays.step(desk);
      if (desk.breaker.isOpen()) lanes.startProbe();
      else lanes.startAll();
      saver.saveIfDue();
      await sleep(Math.min(replayInMs, pauseMs(desk, lanes, saver)));
    } catch (error) {
      desk.log.error('broadcast.failed', error, { endpointId: desk.target.id });
      await sleep(RETRY_MS);
    }
  }
  const cut = setTimeout(() => void deps.caller.close(), STOP_GRACE_MS);
  await lanes.idle();
  clearTimeout(cut);
  await saver.finish();
  await replays.finish();
}

async function fill(reader: LogReader, desk: Desk): Promise<void> {
  const { window } = desk;
  if (window.room() < REFILL_EVENTS || isFull(desk)) return;
  for (const event of await reader.next(window.readTo, window.room())) admit(desk, event);
}

/** What belongs to a parked subject is settled by being in the log behind its row. */
function admit({ window, chains, parked }: Desk, event: LogEvent): void {
  const place = window.admit(event.partition, event.position);
  if (parked.get(event.subjectKey) === undefined) return chains.add(event, place);
  parked.pass(event.subjectKey, event.position);
  window.finish(place);
}

function pauseMs({ breaker, parked }: Desk, lanes: Lanes, saver: CursorSaver): number {
  const look = parked.size > 0 || (breaker.isOpen() && !lanes.isProbing()) ? LOOK_MS : IDLE_MS;
  return Math.min(look, saver.dueInMs());
}
