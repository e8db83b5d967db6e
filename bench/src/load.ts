/** The load generator of `intake.push`: its own process, keep-alive connections, one order a POST. Talks to its parent over IPC. */
import { Pool } from 'undici';
import { createTraffic } from './orders.ts';

interface Job {
  readonly url: string;
  readonly token: string;
  readonly seconds: number;
  readonly connections: number;
  /** Messages a second, or 0 for as fast as answers come. */
  readonly rate: number;
  readonly seed: number;
}
/** At a given rate the first second is not in the latencies: the generator opens its connections and compiles its own code then, and would measure itself. */
const SETTLE_MS = 1_000;
process.on('message', (job: Job) => void run(job).then((result) => process.send?.(result)));

async function run(job: Job): Promise<object> {
  const pool = new Pool(job.url, { connections: job.connections, pipelining: 1 });
  const traffic = createTraffic(job.seed);
  const headers = { authorization: `Bearer ${job.token}`, 'content-type': 'application/json' };
  const latencies: number[] = [];
  let [done, failed, sent] = [0, 0, 0];
  const start = performance.now();
  const end = start + job.seconds * 1000;
  const lane = async (): Promise<void> => {
    while (performance.now() < end) {
      const due = job.rate > 0 ? start + (sent++ * 1000) / job.rate : 0;
      const wait = due - performance.now();
      if (wait > 1) await new Promise((resolve) => setTimeout(resolve, wait));
      const body = traffic.next();
      const from = job.rate > 0 ? Math.max(due, start) : performance.now();
      const response = await pool.request({ path: '/v1/orders', method: 'POST', headers, body });
      const { result } = (await response.body.json()) as { result?: string };
      if (result === 'created' || result === 'changed' || result === 'unchanged') done++;
      else failed++; // also what is stored and has no outcome yet: it was not answered
      if (job.rate === 0 || from - start > SETTLE_MS) latencies.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: job.connections }, lane));
  const seconds = (performance.now() - start) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const quantile = (q: number): number => latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * q))] ?? 0;
  const { user, system } = process.cpuUsage();
  return { done, failed, seconds, cpuSeconds: (user + system) / 1e6, orders: traffic.orders(), p50: quantile(0.5), p99: quantile(0.99) };
}
