/** kill -9 under load, round after round: the server at named points, the server, the database and both at random moments. */
import { setTimeout as pause } from 'node:timers/promises';
import { judge, type Verdict } from './judge.ts';
import { type Blow, BLOWS, isPoint } from './points.ts';
import { startSender, type Sender } from './sender.ts';
import { aMachine, type Running, TOKEN } from './server.ts';

export interface CrashOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly say: (line: string) => void;
}
export interface CrashReport extends Verdict {
  readonly rounds: number;
  /** How often each blow fell. */
  readonly hits: Readonly<Record<Blow, number>>;
  readonly messages: number;
  readonly repeats: number;
  /** Longest time from the start of the server to its readiness, after a kill of each kind. */
  readonly readyMs: { readonly first: number; readonly server: number; readonly postgres: number };
  /** What the last server said when it was asked to stop: 0 = everything drained. */
  readonly exitCode: number | null;
}
/** A blow from outside falls after this many acknowledgements of new orders, or this long after the start. */
const LOAD_ORDERS = 10;
const RANDOM_MS = 400;
const MOST_HITS = 40;
const PATIENCE_MS = 60_000;

export async function crash({ rounds, seed, say }: CrashOptions): Promise<CrashReport> {
  const random = mulberry(seed);
  const machine = aMachine();
  const sender = startSender(random);
  const hits = Object.fromEntries(BLOWS.map((blow) => [blow, 0])) as Record<Blow, number>;
  const readyMs = { first: 0, server: 0, postgres: 0 };
  const note = (kind: keyof typeof readyMs, ms: number): void => {
    readyMs[kind] = Math.max(readyMs[kind], ms);
  };
  try {
    let before: Blow | undefined;
    for (let round = 0; round < rounds; round++) {
      const blow = BLOWS[round % BLOWS.length] as Blow;
      const hit = 1 + Math.floor(random() * MOST_HITS);
      const running = await machine.start(isPoint(blow) ? { point: blow, hit } : undefined);
      note(before === undefined ? 'first' : before === 'both' ? 'postgres' : 'server', running.readyMs);
      await strike(sender, running, blow, random, (ms) => note('postgres', ms));
      hits[blow] += 1;
      before = blow;
      say(
        `round ${round + 1}: ${blow}${isPoint(blow) ? ` at hit ${hit}` : ''}, ready after ${Math.round(running.readyMs)} ms, ${sender.acknowledgements()} orders acknowledged`,
      );
    }
    const last = await machine.start();
    note(before === 'both' ? 'postgres' : 'server', last.readyMs);
    sender.aim(last.url);
    const sent = await within(sender.finish(), 'everything is acknowledged');
    const verdict = await judge(last.url, TOKEN, sent);
    last.kill('SIGTERM');
    const { code } = await within(last.ended, 'the server drains');
    return { ...verdict, rounds, hits, messages: sent.messages, repeats: sent.repeats, readyMs, exitCode: code };
  } finally {
    sender.abandon();
    await machine.remove();
  }
}

/** Load, one blow, and the proof that it fell; afterwards no server is running. */
async function strike(sender: Sender, running: Running, blow: Blow, random: () => number, recovered: (ms: number) => void): Promise<void> {
  sender.aim(running.url);
  if (!isPoint(blow)) {
    await moreOrders(sender);
    await pause(random() * RANDOM_MS);
    if (blow !== 'server') running.killDatabase();
    if (blow === 'postgres') {
      const from = performance.now();
      await moreOrders(sender); // the server lives on, and so do its orders
      recovered(performance.now() - from);
    }
    running.kill('SIGKILL');
  }
  const { signal, at } = await within(running.ended, `the server is killed by ${blow}`);
  sender.aim(undefined);
  if (signal !== 'SIGKILL' || at !== (isPoint(blow) ? blow : undefined))
    throw new Error(`round of ${blow}: the server ended by ${signal} at ${at}`);
}

async function moreOrders(sender: Sender): Promise<void> {
  const from = sender.acknowledgements();
  const more = async (): Promise<void> => {
    while (sender.acknowledgements() < from + LOAD_ORDERS) await pause(10);
  };
  await within(more(), `${LOAD_ORDERS} more orders are acknowledged`);
}

async function within<T>(coming: Promise<T>, what: string): Promise<T> {
  const limit = new AbortController();
  const late = pause(PATIENCE_MS, undefined, { signal: limit.signal }).then(
    () => {
      throw new Error(`waited ${PATIENCE_MS} ms in vain: ${what}`);
    },
    () => undefined as never,
  );
  return Promise.race([coming, late]).finally(() => limit.abort());
}

/** A small seeded generator, so that a run can be begun again with the same dice. */
function mulberry(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
