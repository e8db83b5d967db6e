/** The hub's houses in one world: several servers on one database, killed, frozen, cut off and begun anew. */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Send } from '@weir/connectors/adapter';
import { createLog, type Db } from '../../apps/server/src/platform/index.ts';
import type { WorldClock } from './clock.ts';
import type { Fault } from './faults.ts';
import { type Answer, type Asked, askHouse, openSimHouse, type SimHouse } from './house.ts';

export interface Hub {
  /** Asks one of the living houses; null when the connection was lost before the answer came. */
  ask(door: number, asked: Asked): Promise<Answer | null>;
  strike(fault: Exclude<Fault, { what: 'receiver' | 'clock' }>): Promise<void>;
  /** Frozen houses wake; what was to happen at a later packet or point does not happen. */
  calm(): void;
  /** Every house is stopped in good order, and one is begun. */
  restart(): Promise<void>;
  /** What really happened; a fault may find nobody to strike. */
  readonly counts: Readonly<Record<'opened' | 'killed' | 'frozen' | 'cut', number>>;
  /** Lines of every house's log. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

const MOST_HOUSES = 3;
/** Clocks of the houses differ by these, at most by what the receivers' signature check allows. */
const SKEWS_MS = [0, -60_000, 45_000, -5_000, 60_000];

interface Surroundings {
  readonly db: Db;
  readonly url: string;
  readonly clock: WorldClock;
  readonly send: Send;
}
export function createHub({ db, url, clock, send }: Surroundings): Hub {
  const root = mkdtempSync(join(tmpdir(), 'weir-sim-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  process.once('exit', remove);
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), level: 'debug', pretty: false });
  const houses: SimHouse[] = [];
  const burials: Promise<void>[] = [];
  const counts = { opened: 0, killed: 0, frozen: 0, cut: 0 };
  let homes = 0;
  let opening: Promise<void> = Promise.resolve();

  /** All homes have the same root key and ids of their own, as servers on several machines would. */
  const newHome = (): string => {
    const home = join(root, `home-${homes++}`);
    mkdirSync(home);
    const key = join(root, 'home-0', 'root.key');
    if (existsSync(key)) copyFileSync(key, join(home, 'root.key'));
    return home;
  };
  const alive = (): SimHouse[] => houses.filter((each) => each.state === 'alive');
  const open = async (home: string): Promise<void> => {
    const skew = SKEWS_MS[houses.length % SKEWS_MS.length] as number;
    counts.opened += 1;
    houses.push(await openSimHouse({ url, home, log, send, clock: clock.skewed(skew) }, kill));
  };
  /** One after the other; whoever needs a house waits for the last. */
  const openNext = (home: string): Promise<void> => (opening = opening.then(() => open(home)));
  const leave = (house: SimHouse, state: 'frozen' | 'dead'): void => {
    house.state = state;
    house.lost.resolve();
  };
  /** As kill -9: nothing it does from now on reaches the database, and the next process of the same home is begun. */
  function kill(dying: SimHouse): void {
    if (dying.state !== 'alive') return;
    counts.killed += 1;
    dying.wire.unplug();
    leave(dying, 'dead');
    burials.push(dying.house.stop().catch(() => {}));
    void openNext(dying.home).catch(() => {}); // told to whoever waits for the house
  }
  const freeze = (still: SimHouse): void => {
    if (still.state !== 'alive') return;
    counts.frozen += 1;
    still.wire.freeze();
    leave(still, 'frozen');
  };
  const cut = ({ wire }: SimHouse): void => {
    counts.cut += 1;
    wire.cut();
  };
  const thaw = (still: SimHouse): void => {
    still.state = 'alive';
    still.lost = Promise.withResolvers();
    still.wire.thaw();
  };
  const stop = async (leaving: SimHouse): Promise<void> => {
    leaving.state = 'dead'; // nobody asks it any more, and who has asked is answered
    await leaving.house.stop();
    leaving.lost.resolve();
    await leaving.wire.close();
    if (alive().length === 0) await openNext(leaving.home);
  };
  const someHouse = async (door: number): Promise<SimHouse> => {
    for (;;) {
      const there = alive();
      if (there.length > 0) return there[door % there.length] as SimHouse;
      await opening;
      if (alive().length === 0) await openNext(newHome());
    }
  };

  return {
    log: lines,
    counts,
    ask: async (door, asked) => askHouse(await someHouse(door), asked),
    async strike(fault) {
      const first = await someHouse(0);
      const hasRoom = houses.filter((each) => each.state !== 'dead').length < MOST_HOUSES;
      switch (fault.what) {
        case 'kill at point':
          return void (first.pointsLeft = fault.n);
        case 'kill at packet':
          return first.wire.atPacket(fault.n, () => kill(first));
        case 'cut':
          return first.wire.atPacket(fault.n, () => cut(first));
        case 'freeze':
          if (alive().length === 1 && hasRoom) await openNext(newHome());
          if (alive().length > 1) first.wire.atPacket(fault.n, () => freeze(first));
          return;
        case 'another house':
          return hasRoom ? openNext(newHome()) : undefined;
        case 'stop':
          return stop(first);
        case 'wake':
          return houses.filter((each) => each.state === 'frozen').forEach(thaw);
        case 'terminate':
          await db.query(
            `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'weir'`,
          );
          return;
        case 'expire lease':
          await db.query(`update leases set until = '-infinity'`);
      }
    },
    calm() {
      for (const each of alive()) {
        each.pointsLeft = Number.POSITIVE_INFINITY;
        each.wire.atPacket(Number.POSITIVE_INFINITY, () => {});
      }
      for (const each of houses) if (each.state === 'frozen') thaw(each);
    },
    async restart() {
      for (const each of alive()) await stop(each);
    },
    async close() {
      await opening.catch(() => {});
      await Promise.all(alive().map((each) => each.house.stop()));
      for (const each of houses) each.wire.unplug();
      for (const each of houses) if (each.state === 'frozen') burials.push(each.house.stop().catch(() => {}));
      await Promise.all(burials);
      for (const each of houses) await each.wire.close();
      process.off('exit', remove);
      remove();
    },
  };
}
