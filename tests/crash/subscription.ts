/** A receiver process and the endpoint that leads to it; what it got is read from its file. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Arrival, readArrivals } from '@weir/sandbox';
import type { ReceiverQuestion, ReceiverReport } from './receiver.ts';
import { TOKEN } from './server.ts';

const LOOK_MS = 100;

export interface Subscription {
  /** Makes the endpoint at this server; once. */
  subscribe(serverUrl: string): Promise<void>;
  /** Waits until it has as many different events, or nothing has come for `stillMs`. */
  settled(events: number, stillMs: number): Promise<{ readonly arrivals: readonly Arrival[]; readonly report: ReceiverReport }>;
  remove(): Promise<void>;
}

export async function aSubscription(seed: number): Promise<Subscription> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-receiver-'));
  const file = join(folder, 'arrivals.ndjson');
  const child = fork(join(import.meta.dirname, 'receiver.ts'), [file, String(seed)]);
  const { url } = await answerOf<{ url: string }>(child);
  return {
    async subscribe(serverUrl) {
      const made = await fetch(`${serverUrl}/v1/endpoints`, {
        method: 'POST',
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'crash', url, startAt: 'earliest' }),
      });
      if (made.status !== 201) throw new Error(`no endpoint: ${await made.text()}`);
      const { secret } = (await made.json()) as { secret: string };
      await ask(child, { secret });
    },
    async settled(events, stillMs) {
      let [last, since] = [-1, performance.now()];
      for (;;) {
        const report = await ask(child, 'report');
        if (report.arrivals !== last) [last, since] = [report.arrivals, performance.now()];
        if (report.arrivals >= events || performance.now() - since > stillMs) return { report, arrivals: readArrivals<Arrival>(file) };
        await pause(LOOK_MS);
      }
    },
    async remove() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}
function ask(child: ChildProcess, question: ReceiverQuestion): Promise<ReceiverReport> {
  const answer = answerOf<ReceiverReport>(child);
  child.send(question);
  return answer;
}
