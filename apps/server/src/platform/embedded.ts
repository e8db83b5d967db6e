import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { accountForDatabase } from './embedded-account.ts';
import { findBinaries } from './embedded-binaries.ts';
import { ADMIN, ensureCluster, writeAccess, type Access, urlOf } from './embedded-cluster.ts';
import { freePort, startPostmaster, type Postmaster, type PostmasterOptions } from './embedded-server.ts';
import { defaultSettings } from './embedded-settings.ts';
import { StartProblem } from './faults.ts';
import { lockIn } from './home.ts';
import type { Log } from './log.ts';

export interface EmbeddedOptions {
  /** Data directory; the database lives in its `postgres` folder. */
  readonly home: string;
  /** Fixed port; by default a free one is chosen once and remembered. */
  readonly port?: number;
  /** Server settings that replace the defaults of embedded-settings.ts. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly log: Log;
}

export interface Embedded {
  /** Login of the owner of the database `weir`, who is no superuser. */
  readonly url: string;
  /** Login of the superuser, for backups and test databases. */
  readonly adminUrl: string;
  readonly port: number;
  /** The postmaster now running; another one after a crash. 0 while it is being started again. */
  readonly pid: number;
  /** Fast shutdown: open transactions are rolled back, what was committed is on disk. End your pools first. May be repeated. */
  stop(): Promise<void>;
}

const PORT_TRIES = 5;
const BACKOFF_MS = { first: 100, most: 5_000 } as const;

/**
 * Starts the embedded PostgreSQL and keeps it running while this process lives; it ends with this process, however that ends.
 * Refuses with a StartProblem: `home.*`, `disk.full`, `setpriv.missing`, `database.*` (see embedded-problems.ts).
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const home = resolve(options.home);
  const lock = lockIn(home, 'postgres.lock');
  try {
    const supervisor = await start(home, options);
    return {
      ...supervisor.login,
      get pid() {
        return supervisor.pid;
      },
      stop: () => supervisor.stop().finally(() => lock.release()),
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function start(home: string, options: EmbeddedOptions): Promise<Supervisor> {
  const [binaries, account] = await Promise.all([findBinaries(), accountForDatabase()]);
  const { dir, access } = await ensureCluster(home, binaries, account);
  const common = {
    binary: binaries.postgres,
    dir,
    account,
    settings: { ...defaultSettings(), ...options.settings },
    onLine: (line: string) => sayLine(options.log, line),
  };
  const port = options.port ?? (access.port || (await freePort()));
  const running = await startSomewhere({ ...common, port }, options.port === undefined);
  if (running.port !== access.port) writeAccess(home, { ...access, port: running.port });
  options.log.event('database.started', { dir, port: running.port, pid: running.postmaster.pid });
  return new Supervisor({ ...common, port: running.port }, running.postmaster, access, options.log);
}

/** A remembered or just chosen port may have been taken meanwhile; a port that was asked for is not exchanged. */
async function startSomewhere(
  options: PostmasterOptions,
  mayMove: boolean,
): Promise<{ readonly port: number; readonly postmaster: Postmaster }> {
  let { port } = options;
  for (let tries = 1; ; tries += 1) {
    try {
      return { port, postmaster: await startPostmaster({ ...options, port }) };
    } catch (error) {
      const taken = error instanceof StartProblem && error.code === 'database.port_used';
      if (!taken || !mayMove || tries >= PORT_TRIES) throw error;
      port = await freePort();
    }
  }
}

function sayLine(log: Log, line: string): void {
  if (/^(FATAL|PANIC):/.test(line)) log.warn('database.says', { line });
  else log.debug('database.says', { line });
}

/** Starts the postmaster again whenever it ends unasked. */
class Supervisor {
  readonly login: { readonly url: string; readonly adminUrl: string; readonly port: number };
  readonly #options: PostmasterOptions;
  readonly #log: Log;
  readonly #stopping = new AbortController();
  readonly #watch: Promise<void>;
  #postmaster: Postmaster | null;

  constructor(options: PostmasterOptions, postmaster: Postmaster, access: Access, log: Log) {
    const { port } = options;
    this.#options = options;
    this.#log = log;
    this.#postmaster = postmaster;
    this.login = {
      url: urlOf(access, port),
      adminUrl: `postgres://${ADMIN}:${access.adminPassword}@127.0.0.1:${port}/postgres`,
      port,
    };
    this.#watch = this.#keepRunning();
  }

  get pid(): number {
    return this.#postmaster?.pid ?? 0;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#postmaster?.stop();
    await this.#watch;
  }

  async #keepRunning(): Promise<void> {
    while (this.#postmaster !== null) {
      const { code, signal } = await this.#postmaster.ended;
      if (this.#stopping.signal.aborted) return;
      this.#postmaster = null;
      this.#log.warn('database.died', { code, signal });
      this.#postmaster = await this.#startAgain();
    }
  }

  async #startAgain(): Promise<Postmaster | null> {
    for (let pauseMs: number = BACKOFF_MS.first, attempt = 1; ; pauseMs = Math.min(pauseMs * 2, BACKOFF_MS.most), attempt += 1) {
      await sleep(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return null;
      try {
        const postmaster = await startPostmaster(this.#options);
        this.#log.event('database.restarted', { attempt, pid: postmaster.pid });
        if (!this.#stopping.signal.aborted) return postmaster;
        await postmaster.stop();
        return null;
      } catch (error) {
        this.#log.error('database.restart_failed', error, { attempt });
      }
    }
  }
}
