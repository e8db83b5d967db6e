/**
 * `recover`: kill -9 under load, again and again: the server, PostgreSQL, both. How long until it is ready, and until all is drained; afterwards everything
 * that was acknowledged is counted from outside. It has no baseline: nothing else does the same. It shares its machine, load and judge with tests/crash.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { createDice } from '@weir/sandbox';
import { judge } from '../../tests/crash/judge.ts';
import { startSender, type Sender } from '../../tests/crash/sender.ts';
import { aMachine, type Machine, type Running, TOKEN } from '../../tests/crash/server.ts';
import { type Figure, figureAlone } from './report.ts';

const VICTIMS = ['server', 'postgres', 'both'] as const;
type Victim = (typeof VICTIMS)[number];
const ROUNDS = 3;
/** Orders that must be acknowledged before each blow. */
const LOAD_ORDERS = 200;
const LOOK_EVERY_MS = 5;
const PATIENCE_MS = 60_000;
const SEED = 20_260_220;

interface Recovered {
  readonly readyMs: number;
  readonly drainMs: number;
}

export async function recover(): Promise<Figure[]> {
  const all = new Map<Victim, Recovered>();
  for (const victim of VICTIMS) all.set(victim, await killAgainAndAgain(victim));
  const of = (victim: Victim): Recovered => all.get(victim) as Recovered;
  return [
    figureAlone('recover.server_ready', of('server').readyMs, 'ms', '≤ 3,000 ms'),
    figureAlone('recover.postgres_ready', Math.max(of('postgres').readyMs, of('both').readyMs), 'ms', '≤ 15,000 ms'),
    figureAlone('recover.drain', Math.max(...[...all.values()].map(({ drainMs }) => drainMs)), 'ms', '0 lost, 0 doubled'),
  ];
}

/** The longest of some recoveries, on a data directory of its own. Throws when anything was lost or doubled. */
async function killAgainAndAgain(victim: Victim): Promise<Recovered> {
  const machine = aMachine();
  const sender = startSender(createDice(SEED).next);
  try {
    let running = await machine.start();
    let readyMs = 0;
    for (let round = 0; round < ROUNDS; round++) {
      sender.aim(running.url);
      const wanted = sender.acknowledgements() + LOAD_ORDERS;
      await until(`${LOAD_ORDERS} more orders are acknowledged`, () => sender.acknowledgements() >= wanted);
      const from = performance.now();
      running = await strike(machine, sender, running, victim);
      readyMs = Math.max(readyMs, performance.now() - from);
    }
    const from = performance.now();
    sender.aim(running.url);
    const sent = await sender.finish();
    const drainMs = performance.now() - from;
    const { orders, events, lost, doubled, wrong } = await judge(running.url, TOKEN, sent);
    process.stderr.write(
      `${victim} killed ${ROUNDS} times: ready after ≤ ${Math.round(readyMs)} ms, drained after ${Math.round(drainMs)} ms; ${sent.messages} messages sent (${sent.repeats} repeats), ${orders} orders, ${events} events, ${lost.length} lost, ${doubled.length} doubled, ${wrong.length} otherwise wrong\n`,
    );
    if (lost.length + doubled.length + wrong.length > 0)
      throw new Error(`recover: ${[...lost, ...doubled, ...wrong].slice(0, 5).join('; ')}`);
    return { readyMs, drainMs };
  } finally {
    sender.abandon();
    await machine.remove();
  }
}

/** One blow; the server that is ready after it. */
async function strike(machine: Machine, sender: Sender, running: Running, victim: Victim): Promise<Running> {
  if (victim !== 'server') running.killDatabase();
  if (victim === 'postgres') {
    // Backends of a dead PostgreSQL may answer a moment longer: ready is what comes after not being ready.
    await until('/readyz says that the database is gone', async () => !(await isReady(running.url)));
    await until('/readyz says 200', () => isReady(running.url));
    return running;
  }
  running.kill('SIGKILL');
  sender.aim(undefined);
  await running.ended;
  const next = await machine.start();
  await until('/readyz says 200', () => isReady(next.url));
  return next;
}

const isReady = (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    (response) => response.status === 200,
    () => false,
  );

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + PATIENCE_MS;
  while (!(await isSo())) {
    if (performance.now() > limit) throw new Error(`recover: waited ${PATIENCE_MS} ms in vain until ${what}`);
    await pause(LOOK_EVERY_MS);
  }
}
