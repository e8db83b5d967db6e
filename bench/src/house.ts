/** A real server process for a bench, with its own data directory; refuses to measure what does not survive a power cut. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';

const SETTINGS = ['fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers', 'max_wal_size', 'wal_compression', 'server_version'];

export interface BenchHouse {
  readonly url: string;
  readonly token: string;
  readonly home: string;
  readonly databaseUrl: string;
  readonly pid: number;
  /** When each event of the log was committed, by its id; for a house started with WEIR_BENCH_COMMITS. */
  commits(): Promise<readonly (readonly [id: string, at: number])[]>;
  stop(): Promise<void>;
}

/** On a data directory of its own that goes when the bench is over, or on `kept`, which stays. `more` is environment. */
export async function startHouse({
  kept,
  more = {},
}: {
  readonly kept?: string;
  readonly more?: Readonly<Record<string, string>>;
} = {}): Promise<BenchHouse> {
  const home = kept ?? mkdtempSync(join(tmpdir(), 'weir-bench-'));
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), {
    env: { ...process.env, WEIR_HOME: home, WEIR_PORT: '0', WEIR_LOG_LEVEL: 'warn', ...more },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: process.env['WEIR_BENCH_PROFILE'] ? ['--cpu-prof', `--cpu-prof-dir=${process.env['WEIR_BENCH_PROFILE']}`] : [],
  });
  const ready = await firstMessage<{ url: string; token: string; databaseUrl: string }>(child);
  await refuseUnsafe(ready.databaseUrl);
  return {
    ...ready,
    home,
    pid: child.pid as number,
    commits: () => asked(child, 'commits'),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (kept === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}

export const firstMessage = <T>(child: ChildProcess): Promise<T> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`the process ended with ${code} before it answered`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as T);
    });
  });

/** Sends a question to a child and waits for its answer; one question at a time. */
export function asked<T>(child: ChildProcess, question: unknown): Promise<T> {
  const answer = firstMessage<T>(child);
  child.send(question as object);
  return answer;
}

/** Refuses (throws) a database that may forget what it has acknowledged. */
export async function refuseUnsafe(databaseUrl: string): Promise<void> {
  const db = new pg.Client(databaseUrl);
  await db.connect();
  const { rows } = await db.query<{ name: string; setting: string }>(
    'select name, setting from pg_settings where name = any($1) order by name',
    [SETTINGS],
  );
  await db.end();
  process.stderr.write(`PostgreSQL: ${rows.map((row) => `${row.name}=${row.setting}`).join(' ')}\n`);
  const off = rows.filter((row) => ['fsync', 'synchronous_commit', 'full_page_writes'].includes(row.name) && row.setting !== 'on');
  if (off.length > 0) throw new Error(`${off.map((row) => row.name).join(', ')} is off: such a figure would be a lie`);
}

export const memoryOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** Seconds of processor time that a process has used so far, its own and the kernel's for it; in ticks of 10 ms. */
export function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
