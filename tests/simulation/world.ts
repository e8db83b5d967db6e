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
import { makeDatabase } from '../support/database.ts';
import { createClient } from './client.ts';
import { worldClock } from './clock.ts';
import { collect, type Evidence } from './evidence.ts';
import { createHub } from './hub.ts';
import { newJournal } from './journal.ts';
import { playMoment, resumeGone, type Stage } from './play.ts';
import { openReceiver, type Receiver, WANTED } from './receivers.ts';
import { writeScript } from './script.ts';

/** Later than everything that the script's orders live through, whatever the faults do to the clock. */
const CLOCK = { startMs: Date.parse('2026-02-26T04:00:00Z'), earliestMs: Date.parse('2026-02-24T00:00:00Z') };

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

export async function playWorld(seed: number, adminUrl: string): Promise<Evidence> {
  const script = writeScript(seed);
  const database = await makeDatabase(adminUrl);
  const clock = worldClock(CLOCK);
  const journal = newJournal();
  const hub = createHub({ ...database, clock });
  const receivers: Receiver[] = [];
  let moment = 0;
  const momentNow = (): number => moment;
  const client = createClient(hub, journal, momentNow);
  try {
    for (const wanted of WANTED)
      receivers.push(
        await openReceiver(wanted, async (asked) => JSON.parse((await client.ask(0, asked)).text) as never, database.db, clock),
      );
    const stage: Stage = { script, hub, client, receivers, clock, journal, momentNow };
    for (; moment < script.moments.length; moment++) {
      await makeParts(database.db, clock.now()); // as the house does every ten minutes of its own
      await playMoment(stage, moment);
    }
    await comeToRest(stage);
    const { token: stranger } = await createToken(database.db, { name: 'owner', role: 'owner' });
    return await collect({ script, journal, client, db: database.db, receivers, log: hub.log, stranger });
  } catch (error) {
    throw new Stuck(moment, script.moments.length, error, hub.log);
  } finally {
    await hub.close();
    for (const receiver of receivers) await receiver.close();
    await database.drop();
  }
}

const REST_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 100;
/** The steps of the retry ladder that a world can reach are all over after a few of these. */
const PASS_MS = 30 * 60_000;

/** All faults end, time passes, until nothing is behind, parked or switched off any more. */
async function comeToRest({ hub, client, receivers, clock }: Stage): Promise<void> {
  hub.calm();
  for (const receiver of receivers) receiver.suffer('heal');
  const until = performance.now() + REST_LIMIT_MS;
  for (;;) {
    for (const receiver of receivers) await resumeGone(client, receiver);
    const { items } = await client.read<{ items: { lag: number; parked: number; state: string }[] }>('/v1/endpoints');
    if (items.every(({ lag, parked, state }) => lag === 0 && parked === 0 && state === 'active')) return;
    if (performance.now() > until) throw new Error(`the receivers are well, and still: ${JSON.stringify(items)}`);
    await pause(LOOK_EVERY_MS);
    clock.pass(PASS_MS);
  }
}
