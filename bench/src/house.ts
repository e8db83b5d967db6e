/** A real server process for a bench, with its own data directory; refuses to measure what does not survive a power cut. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
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

const statOf = (pid: number): readonly string[] => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
const ticks = (fields: readonly string[], ...places: readonly number[]): number =>
  places.reduce((sum, place) => sum + Number(fields[place]), 0) / 100;

/** Seconds of processor time that a process has used so far, its own and the kernel's for it; in ticks of 10 ms. */
export const cpuSecondsOf = (pid: number): number => ticks(statOf(pid), 11, 12);

/** The same of PostgreSQL: the postmaster, all that has ended under it, and all that runs under it. */
function cpuSecondsOfDatabase(home: string): number {
  const postmaster = Number(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  const children = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
  return children.reduce(
    (sum, pid) => sum + (existsSync(`/proc/${pid}/stat`) ? cpuSecondsOf(pid) : 0),
    ticks(statOf(postmaster), 11, 12, 13, 14),
  );
}

/** Tells on what the processors' time went since it was made; `load` is what the load generator used, in seconds. */
export function accountOf(house: BenchHouse): (changes: number, load: number) => void {
  const read = () => ({ at: performance.now(), server: cpuSecondsOf(house.pid), database: cpuSecondsOfDatabase(house.home) });
  const from = read();
  return (changes, load) => {
    const { at, server, database } = read();
    const used = { server: server - from.server, database: database - from.database, load };
    const each = Object.entries(used).map(([name, seconds]) => `${name} ${Math.round((seconds * 1e6) / changes)} µs`);
    const busy = Object.values(used).reduce((sum, seconds) => sum + seconds, 0) / ((at - from.at) / 1000);
    process.stderr.write(`processor time a change: ${each.join(', ')}; ${busy.toFixed(2)} of ${availableParallelism()} cores busy\n`);
  };
}
