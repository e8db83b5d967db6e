import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Account } from './embedded-account.ts';
import { CHILD_ENV } from './embedded-cluster.ts';
import { portUsed, startProblem, stillRunning } from './embedded-problems.ts';
import { commandLineOf, processFacts } from './process-facts.ts';

/** One postmaster from its start to its end. */
export interface Postmaster {
  readonly pid: number;
  /** Resolves when the process is gone, whoever ended it. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  readonly binary: string;
  readonly dir: string;
  readonly port: number;
  readonly account: Account;
  readonly settings: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

/** Crash recovery reads at most max_wal_size; a slow disk may need minutes, and giving up would only start it again. */
const READY_TIMEOUT_MS = 600_000;
/** Fast shutdown writes one checkpoint; after this, immediate shutdown (recovery at the next start, nothing lost). */
const FAST_STOP_MS = 60_000;
const IMMEDIATE_STOP_MS = 10_000;
const OUTPUT_LINES = 50;
const STALE_TRIES = 700; // a little longer than a fast stop may take
const STALE_PAUSE_MS = 100;

export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  await clearStale(options.dir);
  const child = launch(options);
  const output: string[] = [];
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('error', () => resolve({ code: null, signal: null }));
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const ready = new Promise<true>((resolve) => {
    // Read for as long as it lives: a full pipe would block the database.
    createInterface({ input: child.stderr as NodeJS.ReadableStream }).on('line', (line) => {
      if (output.push(line) > OUTPUT_LINES) output.shift();
      options.onLine(line);
      if (line.includes('database system is ready to accept connections')) resolve(true);
    });
  });
  const postmaster: Postmaster = { pid: child.pid ?? 0, ended, stop: () => stop(child, ended) };
  const limit = new AbortController();
  const late = sleep(READY_TIMEOUT_MS, 'late' as const, { signal: limit.signal }).catch(() => 'late' as const);
  const first = await Promise.race([ready, ended, late]);
  limit.abort();
  if (first === true) return postmaster;
  await postmaster.stop();
  throw isPortUsed(output) ? portUsed(options.port) : startProblem(options.dir, output);
}

function launch({ account, binary, dir, port, settings }: PostmasterOptions): ChildProcess {
  const fixed = { listen_addresses: '127.0.0.1', port: String(port), unix_socket_directories: '' };
  const flags = Object.entries({ ...settings, ...fixed }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [file = '', ...args] = account.wrap([binary, '-D', dir, ...flags], true);
  // detached: Ctrl-C at the terminal reaches this process only, which then drains before it stops the database.
  return spawn(file, args, { cwd: '/', env: CHILD_ENV, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
}

function isPortUsed(output: readonly string[]): boolean {
  return output.some((line) => /Address already in use|could not create any TCP\/IP sockets/.test(line));
}

async function stop(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
  const steps = [
    ['SIGINT', FAST_STOP_MS],
    ['SIGQUIT', IMMEDIATE_STOP_MS],
    ['SIGKILL', IMMEDIATE_STOP_MS],
  ] as const;
  for (const [signal, patienceMs] of steps) {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    child.kill(signal);
    const limit = new AbortController();
    await Promise.race([ended, sleep(patienceMs, undefined, { signal: limit.signal }).catch(() => {})]);
    limit.abort();
  }
}

/** Ends an orphan of ours (only where setpriv is missing, or in the moment before its signal) and forgets a dead one not yet reaped. */
async function clearStale(dir: string): Promise<void> {
  const file = join(dir, 'postmaster.pid');
  let pid = 0;
  for (let i = 0; i < STALE_TRIES; i += 1) {
    if (!existsSync(file)) return;
    pid = Number(readFirstLine(file));
    const facts = processFacts(pid);
    if (facts?.zombie) return rmSync(file, { force: true });
    // Gone, or the pid is somebody else's now: PostgreSQL looks at the file itself and removes it.
    if (facts === null || !commandLineOf(pid).includes(dir)) return;
    if (i === 0) process.kill(pid, 'SIGINT');
    await sleep(STALE_PAUSE_MS);
  }
  throw stillRunning(dir, pid);
}

function readFirstLine(file: string): string {
  try {
    return readFileSync(file, 'utf8').split('\n')[0] ?? '';
  } catch {
    return '';
  }
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}
