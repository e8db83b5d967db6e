/** One data directory and the real server process on it: started, killed, started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Point } from './points.ts';

const CHILD = join(import.meta.dirname, 'child.ts');
const READY_LIMIT_MS = 60_000;
const LINES_KEPT = 40;
export const TOKEN = 'weir_crash_suite_token';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The named point at which the server killed itself. */
  readonly at: string | undefined;
}
export interface Running {
  readonly url: string;
  readonly pid: number;
  readonly readyMs: number;
  readonly ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): void;
  killDatabase(): void;
}
export interface Machine {
  /** The data directory. */
  readonly home: string;
  start(killAt?: { readonly point: Point; readonly hit: number }): Promise<Running>;
  /** Ends what is left and removes the data directory. */
  remove(): Promise<void>;
}

export interface MachineOptions {
  /** A database that does not belong to this machine; else its own embedded one. */
  readonly databaseUrl?: string;
  /** The data directory whose root key this one gets a copy of. */
  readonly keyOf?: string;
}

export function aMachine({ databaseUrl, keyOf }: MachineOptions = {}): Machine {
  const home = mkdtempSync(join(tmpdir(), 'weir-crash-'));
  if (keyOf !== undefined) copyFileSync(join(keyOf, 'root.key'), join(home, 'root.key'));
  let last: { readonly child: ChildProcess; readonly ended: Promise<Ended> } | undefined;
  const endNow = (): void => void last?.child.kill('SIGKILL');
  process.on('exit', endNow);
  return {
    home,
    async start(killAt) {
      const from = performance.now();
      const started = launch(home, databaseUrl, killAt ? [killAt.point, String(killAt.hit)] : []);
      last = started;
      const url = await started.ready;
      return {
        url,
        pid: started.child.pid ?? 0,
        readyMs: performance.now() - from,
        ended: started.ended,
        kill: (signal) => void started.child.kill(signal),
        killDatabase: () => killDatabase(home),
      };
    },
    async remove() {
      process.off('exit', endNow);
      endNow();
      await last?.ended;
      await databaseGone(home);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

function launch(home: string, databaseUrl: string | undefined, args: readonly string[]) {
  const env = {
    PATH: process.env['PATH'],
    WEIR_HOME: home,
    WEIR_PORT: '0',
    WEIR_ADMIN_TOKEN: TOKEN,
    WEIR_ALLOW_PRIVATE_ENDPOINTS: '1',
    WEIR_CONNECTIONS_PER_ADDRESS: '10000', // all of a test's world has one address
    ...(databaseUrl === undefined ? {} : { WEIR_DATABASE_URL: databaseUrl }),
  };
  const child = spawn(process.execPath, [CHILD, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const lines: string[] = [];
  let at: string | undefined;
  const keep = (line: string): void => void (lines.push(line) > LINES_KEPT && lines.shift());
  createInterface({ input: child.stderr }).on('line', keep);
  const ended = new Promise<Ended>((resolve) => child.once('close', (code, signal) => resolve({ code, signal, at })));
  const ready = new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`the server ${why}:\n${lines.join('\n')}`));
    const limit = setTimeout(() => fail(`was not ready within ${READY_LIMIT_MS} ms`), READY_LIMIT_MS);
    createInterface({ input: child.stdout }).on('line', (line) => {
      keep(line);
      const said = readLine(line);
      if (said.event === 'killed_at') at = said.point;
      if (said.event !== 'server.ready') return;
      clearTimeout(limit);
      resolve(said.url as string);
    });
    void ended.then(() => (clearTimeout(limit), fail('ended before it was ready')));
  });
  return { child, ended, ready };
}

function readLine(line: string): { event?: string; url?: string; point?: string } {
  try {
    return JSON.parse(line) as object;
  } catch {
    return {};
  }
}

const postmasterOf = (home: string): number | null => {
  try {
    return Number(readFileSync(join(home, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  } catch {
    return null;
  }
};

function killDatabase(home: string): void {
  const pid = postmasterOf(home);
  if (pid !== null && isRunning(pid)) process.kill(pid, 'SIGKILL');
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const GONE_LIMIT_MS = 30_000;
/** The kernel tells the database when its server is gone; it ends by itself. */
async function databaseGone(home: string): Promise<void> {
  const until = performance.now() + GONE_LIMIT_MS;
  for (let pid = postmasterOf(home); pid !== null && isRunning(pid); pid = postmasterOf(home)) {
    if (performance.now() > until) throw new Error(`the database ${pid} outlived its server by ${GONE_LIMIT_MS} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
