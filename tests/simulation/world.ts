/**
 * The seeded simulation. One seed is one world: a script (`script.ts`) of orders' lives, told badly, with faults between any two steps, played on real
 * servers with a real database and real webhooks; then everything heals, drains, and is judged (`judge.ts`) against an oracle that shares nothing with
 * the hub. The script is a pure function of the seed. What the machine's own timing adds may differ from run to run; the promises may not.
 *
 *   npm run sim -- --seed 4711     shows the same night again
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createToken } from '../../apps/server/src/access/index.ts';
import { makeParts } from '../../apps/server/src/intake/index.ts';
import type { Db } from '../../apps/server/src/platform/index.ts';
import { makeDatabase } from '../support/database.ts';
import { createClient } from './client.ts';
import { type WorldClock, worldClock } from './clock.ts';
import { collect, type Evidence, parkedNow } from './evidence.ts';
import type { Asked } from './house.ts';
import { createHub } from './hub.ts';
import { newJournal } from './journal.ts';
import { LIVED_UNTIL } from './lives.ts';
import { openPlatforms } from './platforms.ts';
import { playMoment, resumeGone, type Stage } from './play.ts';
import { openReceiver, type Receiver, WANTED } from './receivers.ts';
import type { Script } from './script.ts';

/** Later than everything that the script's orders live through, whatever the faults do to the clock. */
const CLOCK = { startMs: Date.parse('2026-02-26T04:00:00Z'), earliestMs: LIVED_UNTIL };

/** Thrown when a world cannot be played to its end. */
export class Stuck extends Error {
  readonly moment: number;
  readonly moments: number;
  readonly log: readonly string[];
  constructor(moment: number, moments: number, cause: unknown, log: readonly string[]) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.moment = moment;
    this.moments = moments;
    this.log = log;
  }
}

/** A world that has come to rest. */
export interface Rest {
  /** Looks at everything anew, also a second time. */
  evidence(): Promise<Evidence>;
  readonly db: Db;
  readonly clock: WorldClock;
  readonly receivers: readonly Receiver[];
}

/** Plays `script` to its end and shows what is left; afterwards nothing of it remains. Throws `Stuck`. */
export async function playWorld<T>(script: Script, adminUrl: string, look: (rest: Rest) => Promise<T>): Promise<T> {
  const database = await makeDatabase(adminUrl);
  const clock = worldClock(CLOCK);
  const journal = newJournal();
  const hub = createHub({ ...database, clock, send: (url, init) => platforms.send(url, init) });
  const receivers: Receiver[] = [];
  let [moment, mostParked] = [0, 0];
  const momentNow = (): number => moment;
  const client = createClient(hub, journal, momentNow);
  const platforms = await openPlatforms(script.seed, worldClock(CLOCK), hub);
  const stage: Stage = { script, hub, client, receivers, clock, platforms, journal, momentNow };
  const play = async (): Promise<void> => {
    const subscribe = async (asked: Asked): Promise<never> => JSON.parse((await client.ask(0, asked)).text) as never;
    for (const wanted of WANTED) receivers.push(await openReceiver(wanted, subscribe, database.db, clock));
    await platforms.connect(client);
    for (; moment < script.moments.length; moment++) {
      await makeParts(database.db, clock.now()); // as the house does every ten minutes of its own
      await playMoment(stage, moment);
      mostParked = Math.max(mostParked, await parkedNow(database.db));
    }
    await comeToRest(stage, database.db);
  };
  try {
    await play().catch((error: unknown) => {
      throw new Stuck(moment, script.moments.length, error, hub.log);
    });
    const { token: stranger } = await createToken(database.db, { name: 'owner', role: 'owner' });
    const sources = { script, journal, client, db: database.db, receivers, platforms, hub, mostParked, stranger };
    let looks = 0;
    const evidence = (): Promise<Evidence> => {
      if (looks++ > 0) clock.pass(PASS_MS); // so many personal values may be opened a day, and no more
      return collect(sources);
    };
    return await look({ evidence, db: database.db, clock, receivers });
  } finally {
    await hub.close();
    for (const receiver of receivers) await receiver.close();
    await platforms.close();
    await database.drop();
  }
}

/** For each time that it has to catch up. */
const REST_LIMIT_MS = 240_000;
const LOOK_EVERY_MS = 200;
/** Between two looks so much time passes for the world: what was put off for half a minute is due again in a second of ours. */
const LOOK_PASS_MS = 6_000;
/** Longer than any pause before another try. */
const PASS_MS = 25 * 3_600_000;
/**
 * How long the first set of houses may take before the next one is begun: a new process counts its pauses anew from what is stored. Each further one has longer, for a
 * sweep that is cut short begins again, and on a busy machine would never end.
 */
const RESTART_AFTER_MS = 20_000;

/**
 * All faults end, time passes, until nothing is behind, parked or switched off any more. Then the warehouse has its morning, and then a day goes by in which
 * everything is looked at once more: what comes to rest only after that was not at rest.
 */
async function comeToRest(stage: Stage, db: Db): Promise<void> {
  const { hub, receivers, clock, platforms } = stage;
  hub.calm();
  clock.pass(platforms.clock.now() - clock.now()); // whoever keeps the machines has put their clocks right
  await platforms.heal();
  for (const receiver of receivers) receiver.suffer('heal');
  await catchUp(stage, db);
  await platforms.morning(stage.client);
  await platforms.heal();
  await catchUp(stage, db);
  await catchUp(stage, db);
}

/** A day passes and new processes begin, until all of it is caught up: also what a platform tells nobody, which the day's sweeps must find. */
async function catchUp(stage: Stage, db: Db): Promise<void> {
  const { hub, clock, platforms } = stage;
  const since = clock.now();
  const limit = performance.now() + REST_LIMIT_MS;
  for (let restartAfter = RESTART_AFTER_MS; ; restartAfter *= 2) {
    clock.pass(PASS_MS);
    platforms.clock.pass(PASS_MS);
    await hub.restart(); // a new process does not wait for what the old one was told to wait for
    const next = performance.now() + restartAfter;
    while (performance.now() < next) {
      const behind = [...(await whoIsBehind(stage)), ...(await platforms.behind(stage.client, db, since))];
      if (behind.length === 0) return;
      if (performance.now() > limit) throw new Error(`all is well outside, and still: ${JSON.stringify(behind)}`);
      await pause(LOOK_EVERY_MS);
      clock.pass(LOOK_PASS_MS);
      platforms.clock.pass(LOOK_PASS_MS);
    }
  }
}

async function whoIsBehind({ client, receivers }: Stage): Promise<object[]> {
  for (const receiver of receivers) await resumeGone(client, receiver);
  const { items } = await client.read<{ items: { name: string; lag: number; parked: number; state: string }[] }>('/v1/endpoints');
  return items
    .filter(({ lag, parked, state }) => lag > 0 || parked > 0 || state !== 'active')
    .map(({ name, lag, parked, state }) => ({ name, lag, parked, state }));
}
