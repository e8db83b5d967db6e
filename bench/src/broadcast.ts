/** `broadcast`: a filled log to six signed endpoints, each subject in order; then from commit to receiver at 2,000 events a second. */
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import type { BareJob, BareResult } from './bare-posts.ts';
import { asked, type BenchHouse, cpuSecondsOf, firstMessage, memoryOf, startHouse } from './house.ts';
import { importLines } from './import-lines.ts';
import { createTraffic } from './orders.ts';
import { readBack } from './read-back.ts';
import { type Figure, figure } from './report.ts';
import { type SinkQuestion, type SinkReport, TIMED_FROM, UNCHECKED_FROM } from './sink-report.ts';

const ENDPOINTS = 6;
/** One message makes about 1.4 events, each for six endpoints: about as many deliveries as are aimed at. */
const MESSAGES_A_SECOND = 1_250;
const EVENTS_A_MESSAGE = 1.4;
const LIVE_EVENTS_A_SECOND = 2_000;
const CONNECTIONS = 64;
const LOAD_CONNECTIONS = 64;
const LOOK_MS = 50;
const STILL_MS = 30_000;
const OTHER_SEED = 7;

export async function broadcast(seconds: number): Promise<Figure[]> {
  const house = await startHouse({ more: { WEIR_ALLOW_PRIVATE_ENDPOINTS: '1', WEIR_BENCH_COMMITS: '1' } });
  const sink = child('./sink.ts');
  try {
    const { url } = await firstMessage<{ url: string }>(sink);
    const messages = Math.ceil(seconds * MESSAGES_A_SECOND);
    const orders = await importMessages(house, messages);
    const events = await countEvents(house);
    const [start, cpu] = [performance.now(), [house.pid, sink.pid as number].map(cpuSecondsOf)];
    const ids = await Promise.all(Array.from({ length: ENDPOINTS }, (_, n) => addEndpoint(house, `${url}/${n}`, 'earliest')));
    await allTaken(sink, range(0, ENDPOINTS), events);
    const rate = (ENDPOINTS * events * 1000) / (performance.now() - start);
    const [byServer = 0, bySink = 0] = [house.pid, sink.pid as number].map((pid, i) => cpuSecondsOf(pid) - (cpu[i] as number));
    const microseconds = (cpuSeconds: number): string => `${Math.round((cpuSeconds * 1e6) / (ENDPOINTS * events))} µs`;
    process.stderr.write(`processor time a delivery: server ${microseconds(byServer)}, sink ${microseconds(bySink)}\n`);
    process.stderr.write(`${events} events to ${ENDPOINTS} endpoints, server memory: ${Math.round(memoryOf(house.pid))} MB\n`);
    for (const id of ids) await call(house, `/v1/endpoints/${id}:remove`, {});
    const bare = await barePosts(sink, url, Math.max(3, seconds / 6));
    const { p50, p99, pushed } = await live(house, sink, url, Math.max(5, seconds / 4));
    await readBack(house, { messages: messages + pushed.done, orders: orders + pushed.orders });
    return [
      figure('broadcast', rate, 'deliveries/s', 'bare keep-alive POSTs to the same sink', bare, '≥ 10,000/s, ratio ≥ 0.5'),
      figure('broadcast.p99_at_2000', p99, 'ms', 'p50 in the same run', p50, '≤ 80 ms'),
    ];
  } finally {
    sink.kill();
    await house.stop();
  }
}

const child = (file: string): ChildProcess => fork(fileURLToPath(new URL(file, import.meta.url)));
const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

async function call(house: BenchHouse, path: string, body: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${house.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Record<string, unknown>;
}
const addEndpoint = async (house: BenchHouse, url: string, startAt: 'earliest' | 'now'): Promise<string> =>
  (await call(house, '/v1/endpoints', { name: url, url, startAt }))['id'] as string;

/** The log is filled as users fill it: through the import. Answers how many orders it made. */
async function importMessages(house: BenchHouse, messages: number): Promise<number> {
  const traffic = createTraffic(1);
  let sent = 0;
  const { counts } = await importLines(house, () => (sent++ < messages ? traffic.next() : null));
  const taken = (counts['created'] ?? 0) + (counts['changed'] ?? 0) + (counts['unchanged'] ?? 0);
  if (taken !== messages) throw new Error(`${messages} lines were sent: ${JSON.stringify(counts)}`);
  return traffic.orders();
}

async function countEvents(house: BenchHouse): Promise<number> {
  const db = new pg.Client(house.databaseUrl);
  await db.connect();
  const { rows } = await db.query<{ events: string; withheld: string }>(
    'select count(*) as events, count(*) filter (where withheld) as withheld from events',
  );
  await db.end();
  const { events, withheld } = rows[0] as { events: string; withheld: string };
  if (withheld !== '0') throw new Error(`${withheld} events are withheld; the bench's traffic has none`);
  return Number(events);
}

/** Waits until each of these endpoints has `events`; then nothing may be missing, out of order or there that nobody expected. */
async function allTaken(sink: ChildProcess, endpoints: readonly number[], events: number): Promise<SinkReport[]> {
  let [last, changedAt] = [-1, performance.now()];
  for (;;) {
    const report = await asked<Record<string, SinkReport>>(sink, 'report' satisfies SinkQuestion);
    const found = endpoints.map((n) => report[n] ?? { taken: 0, repeats: 0, outOfOrder: 0, subjects: 0, arrivals: [] });
    const taken = found.reduce((sum, each) => sum + each.taken, 0);
    if (taken !== last) [last, changedAt] = [taken, performance.now()];
    const outOfOrder = found.reduce((sum, each) => sum + each.outOfOrder, 0);
    if (outOfOrder > 0) throw new Error(`${outOfOrder} deliveries were out of order`);
    if (taken === endpoints.length * events && found.every((each) => each.taken === events)) {
      process.stderr.write(
        `sink: ${taken} deliveries of ${found[0]?.subjects} orders, each version once and in order, ${found.reduce((sum, each) => sum + each.repeats, 0)} repeats\n`,
      );
      return found;
    }
    if (taken > endpoints.length * events) throw new Error(`${taken} deliveries of ${endpoints.length * events} arrived`);
    if (performance.now() - changedAt > STILL_MS) throw new Error(`only ${taken} of ${endpoints.length * events} deliveries arrived`);
    await pause(LOOK_MS);
  }
}

async function barePosts(sink: ChildProcess, url: string, seconds: number): Promise<number> {
  const poster = child('./bare-posts.ts');
  try {
    const bodies = await asked<string[]>(sink, 'bodies' satisfies SinkQuestion);
    const job: BareJob = { url, path: `/${UNCHECKED_FROM}`, bodies, seconds, connections: ENDPOINTS * CONNECTIONS };
    const result = await asked<BareResult>(poster, job);
    process.stderr.write(`processor time a bare POST: ${Math.round((cpuSecondsOf(poster.pid as number) * 1e6) / result.done)} µs\n`);
    return result.done / result.seconds;
  } finally {
    poster.kill();
  }
}

interface Pushed {
  readonly done: number;
  readonly failed: number;
  readonly orders: number;
  readonly seconds: number;
}
/** One endpoint, orders pushed so that 2,000 events a second come true: from the COMMIT of each to its arrival. */
async function live(
  house: BenchHouse,
  sink: ChildProcess,
  url: string,
  seconds: number,
): Promise<{ p50: number; p99: number; pushed: Pushed }> {
  const before = await countEvents(house);
  await addEndpoint(house, `${url}/${TIMED_FROM}`, 'now');
  const load = child('./load.ts');
  const job = {
    url: house.url,
    token: house.token,
    seconds,
    connections: LOAD_CONNECTIONS,
    rate: LIVE_EVENTS_A_SECOND / EVENTS_A_MESSAGE,
    seed: OTHER_SEED,
  };
  const pushed = await asked<Pushed>(load, job).finally(() => load.kill());
  if (pushed.failed > 0) throw new Error(`${pushed.failed} pushes were refused, held, or not decided when they were answered`);
  const events = (await countEvents(house)) - before;
  const [seen] = await allTaken(sink, [TIMED_FROM], events);
  const committed = new Map(await house.commits());
  const waits = (seen as SinkReport).arrivals.map(([id, at]) => at - (committed.get(id) as number)).sort((a, b) => a - b);
  if (waits.length !== events || waits.some(Number.isNaN)) throw new Error('a delivery has no commit of its own');
  process.stderr.write(`live: ${events} events, ${Math.round(events / pushed.seconds)}/s\n`);
  const quantile = (q: number): number => waits[Math.min(waits.length - 1, Math.floor(waits.length * q))] as number;
  return { p50: quantile(0.5), p99: quantile(0.99), pushed };
}
