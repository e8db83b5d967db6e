/** `intake.push`: one HTTP push per order change → outcome committed, sustained; then p99 at half of the rate reached. */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { copyBaseline } from './copy-baseline.ts';
import { accountOf, firstMessage, memoryOf, startHouse } from './house.ts';
import { readBack } from './read-back.ts';
import { type Figure, figure } from './report.ts';

const CONNECTIONS = 256;
interface Result {
  readonly done: number;
  readonly failed: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly orders: number;
  readonly p50: number;
  readonly p99: number;
}

export async function intakePush(seconds: number): Promise<Figure[]> {
  const house = await startHouse();
  try {
    const load = async (rate: number, duration: number, seed: number): Promise<Result> => {
      const child = fork(fileURLToPath(new URL('./load.ts', import.meta.url)));
      child.send({ url: house.url, token: house.token, seconds: duration, connections: CONNECTIONS, rate, seed });
      const result = await firstMessage<Result>(child);
      child.kill();
      return result;
    };
    const warm = await load(0, 3, 1);
    const account = accountOf(house);
    const full = await load(0, seconds, 2);
    account(full.done, full.cpuSeconds);
    const rate = full.done / full.seconds;
    const half = await load(rate / 2, Math.max(5, seconds / 4), 3);
    process.stderr.write(
      `full: ${JSON.stringify(full)}\nhalf: ${JSON.stringify(half)}\nserver memory: ${Math.round(memoryOf(house.pid))} MB\n`,
    );
    const runs = [warm, full, half];
    const [failed, messages, orders] = (['failed', 'done', 'orders'] as const).map((name) =>
      runs.reduce((sum, run) => sum + run[name], 0),
    ) as [number, number, number];
    if (failed > 0) throw new Error(`${failed} pushes were refused, held, or not decided when they were answered`);
    await readBack(house, { messages, orders });
    const copied = await copyBaseline(house.databaseUrl, messages);
    return [
      figure('intake.push', rate, 'changes/s', 'COPY of the same rows, one connection', copied, '≥ 9,000/s'),
      figure('intake.push.p99_at_half', half.p99, 'ms', 'p50 in the same run', half.p50, '≤ 50 ms'),
    ];
  } finally {
    await house.stop();
  }
}
