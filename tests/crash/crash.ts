/** kill -9 under load, round after round: the server at named points, the server, the database and both at random moments. */
import { setTimeout as pause } from 'node:timers/promises';
import { createDice } from '@weir/sandbox';
import { judge, type Verdict } from './judge.ts';
import { judgeArrivals } from './judge-arrivals.ts';
import { type Blow, BLOWS, isPoint, mostHitsOf } from './points.ts';
import { type Sent, startSender, type Sender } from './sender.ts';
import { moreOrders, within } from './waiting.ts';
import { aMachine, type Running, TOKEN } from './server.ts';
import { aSubscription, type Subscription } from './subscription.ts';

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
  /** First arrivals at the subscriber, and all tries: what is more came again under the same webhook-id, or was refused at first. */
  readonly deliveries: { readonly arrived: number; readonly tries: number };
  /** What the last server said when it was asked to stop: 0 = everything drained. */
  readonly exitCode: number | null;
}
/** A blow from outside falls at most this long after some orders were acknowledged. */
const RANDOM_MS = 400;
/** The subscriber has all that will come when nothing came for so long; a parked order waits 5 s, the second time 30 s. */
const STILL_MS = 45_000;

export async function crash({ rounds, seed, say }: CrashOptions): Promise<CrashReport> {
  const random = createDice(seed).next;
  const machine = aMachine();
  const sender = startSender(random);
  const subscription = await aSubscription(seed);
  const hits = Object.fromEntries(BLOWS.map((blow) => [blow, 0])) as Record<Blow, number>;
  const readyMs = { first: 0, server: 0, postgres: 0 };
  const note = (kind: keyof typeof readyMs, ms: number): void => {
    readyMs[kind] = Math.max(readyMs[kind], ms);
  };
  try {
    let before: Blow | undefined;
    for (let round = 0; round < rounds; round++) {
      const blow = BLOWS[round % BLOWS.length] as Blow;
      const hit = 1 + Math.floor(random() * mostHitsOf(blow));
      const running = await machine.start(isPoint(blow) ? { point: blow, hit } : undefined);
      if (before === undefined) await subscription.subscribe(running.url);
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
    const { report, ...judged } = await withArrivals(await judge(last.url, TOKEN, sent), sent, subscription);
    last.kill('SIGTERM');
    const { code } = await within(last.ended, 'the server drains');
    const deliveries = { arrived: report.arrivals, tries: report.tries };
    return { ...judged, rounds, hits, messages: sent.messages, repeats: sent.repeats, readyMs, deliveries, exitCode: code };
  } finally {
    sender.abandon();
    await machine.remove();
    await subscription.remove();
  }
}

/** What the subscriber got joins the verdict; every promise it saw broken counts. */
async function withArrivals(verdict: Verdict, { acknowledged }: Sent, subscription: Subscription) {
  const { arrivals, report } = await subscription.settled(verdict.events, STILL_MS);
  const { lost, doubled, wrong } = judgeArrivals(arrivals, verdict.versions, acknowledged);
  const broken = report.violations.map(({ kind, detail }) => `subscriber saw ${kind}: ${detail}`);
  return {
    ...verdict,
    lost: [...verdict.lost, ...lost],
    doubled: [...verdict.doubled, ...doubled],
    wrong: [...verdict.wrong, ...wrong, ...broken],
    report,
  };
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
