/** A real server process, an honest customer who goes on ordering, and a look at how much memory the server holds meanwhile. */
import { readFileSync } from 'node:fs';
import { aMachine, type Machine, type Running, TOKEN } from '../crash/server.ts';
import { neutralOrder, testDatabase, type TestDatabase } from '../support/index.ts';

const WATCH_EVERY_MS = 50;
const ORDER_EVERY_MS = 25;
/** An honest request that is not answered within this is a failure, on any machine. */
const PATIENCE_MS = 20_000;

export interface Seen {
  readonly orders: number;
  readonly failures: readonly string[];
  readonly p50Ms: number;
  readonly worstMs: number;
  readonly peakBytes: number;
}
export interface Scene {
  readonly url: string;
  readonly port: number;
  readonly running: Running;
  readonly token: string;
  /** Memory of the server right now. */
  rss(): number;
  /** Runs an attack while the customer orders. */
  during(attack: () => Promise<void>): Promise<Seen>;
  close(): Promise<void>;
}

export function rssOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

export async function openScene(): Promise<Scene> {
  const database: TestDatabase = await testDatabase();
  const machine: Machine = aMachine({ databaseUrl: database.url });
  const running = await machine.start();
  const rss = (): number => rssOf(running.pid);
  let serial = 0;
  const order = async (): Promise<number> => {
    const from = performance.now();
    const response = await fetch(`${running.url}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify(neutralOrder({ channelOrderId: `honest-${++serial}` })),
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await response.text();
    // 202: kept, and not told yet what became of it; how long an honest order may take is judged by the clock.
    if (response.status !== 201 && response.status !== 202) throw new Error(`an honest order got ${response.status} ${text.slice(0, 200)}`);
    return performance.now() - from;
  };
  for (let n = 0; n < 50; n++) await order(); // warm
  return {
    url: running.url,
    port: Number(new URL(running.url).port),
    running,
    token: TOKEN,
    rss,
    async during(attack) {
      const [latencies, failures]: [number[], string[]] = [[], []];
      let [peakBytes, isOver] = [rss(), false];
      const watch = setInterval(() => (peakBytes = Math.max(peakBytes, rss())), WATCH_EVERY_MS);
      const customer = (async () => {
        do {
          await order().then(
            (ms) => latencies.push(ms),
            (error: unknown) => failures.push(String(error)),
          );
          await new Promise((resolve) => setTimeout(resolve, ORDER_EVERY_MS));
        } while (!isOver);
      })();
      try {
        await attack();
      } finally {
        isOver = true;
        await customer;
        clearInterval(watch);
      }
      const sorted = latencies.toSorted((a, b) => a - b);
      return {
        orders: latencies.length,
        failures,
        p50Ms: Math.round(sorted[Math.floor(sorted.length / 2)] ?? -1),
        worstMs: Math.round(sorted.at(-1) ?? -1),
        peakBytes,
      };
    },
    async close() {
      running.kill('SIGTERM');
      await running.ended;
      await machine.remove();
      await database.drop();
    },
  };
}
