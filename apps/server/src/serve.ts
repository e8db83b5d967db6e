/** One server process from lock to drain: data directory, database, house, socket. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Config, type Embedded, lockHome, type Log, startEmbedded, StartProblem, startProblem, systemClock } from '#platform';
import { backupRunning, type Daily, ERASURES_FILE, proveTime, refuseHalfRestored, startDaily } from '#keep';
import { type House, openHouse, VERSION } from './main.ts';

export interface Serving {
  readonly url: string;
  readonly databaseUrl: string;
  readonly adminToken: string;
  /** True when the token was made by this start and should be shown. */
  readonly adminTokenIsNew: boolean;
  readonly house: House;
  /** Drains: answers what was accepted, works what was stored, gives the lease away. May be repeated. */
  stop(): Promise<void>;
}

const TOKEN_FILE = 'admin.token';
const DAY_MS = 86_400_000;

/** From the environment, else from the file that an earlier start left (0600), else a new one. */
function adminTokenOf(config: Config): { token: string; isNew: boolean } {
  if (config.adminToken !== null) return { token: config.adminToken, isNew: false };
  const file = join(config.home, TOKEN_FILE);
  if (existsSync(file)) return { token: readFileSync(file, 'utf8').trim(), isNew: false };
  const token = `weir_${randomBytes(32).toString('base64url')}`;
  writeFileSync(file, `${token}\n`, { mode: 0o600 });
  return { token, isNew: true };
}

export async function serve(config: Config, log: Log, reach?: (point: string) => void): Promise<Serving> {
  const lock = await lockHome(config.home);
  let embedded: Embedded | undefined;
  let daily: Daily | undefined;
  let house: House | undefined;
  const undo = (): Promise<void> => stopParts({ daily, house, embedded, lock });
  try {
    refuseHalfRestored(config.home);
    embedded = config.databaseUrl === null ? await startEmbedded({ home: config.home, log }) : undefined;
    const { token, isNew } = adminTokenOf(config);
    const databaseUrl = config.databaseUrl ?? (embedded as Embedded).url;
    house = await openHouse({
      databaseUrl,
      home: config.home,
      adminToken: token,
      clock: systemClock,
      log,
      allowPrivateEndpoints: config.allowPrivateEndpoints,
      publicUrl: config.publicUrl,
      doors: { trustedProxies: config.trustedProxies, connectionsPerAddress: config.connectionsPerAddress },
      keepDays: config,
      backup: () => daily?.state() ?? null,
      ...(config.backupDir === null ? {} : { erasures: join(config.backupDir, ERASURES_FILE) }),
      auditHeads: { file: config.auditHeads, url: config.auditHeadsUrl },
      ...(reach ? { reach } : {}),
    });
    const { db } = house;
    daily = embedded && dailyOf(config, embedded.adminUrl, log, () => proveTime(db, systemClock.now()));
    const url = await listen(house, config);
    let stopped: Promise<void> | undefined;
    return { url, databaseUrl, adminToken: token, adminTokenIsNew: isNew, house, stop: () => (stopped ??= undo()) };
  } catch (error) {
    await undo().catch(() => {});
    throw startProblem(config, error) ?? error;
  }
}

interface Stopping {
  stop(): Promise<void>;
}
/** The house is not kept from its drain by a backup that is given up: an init system grants a minute for all of it. */
export async function stopParts(parts: {
  readonly daily: Stopping | undefined;
  readonly house: Stopping | undefined;
  readonly embedded: Stopping | undefined;
  readonly lock: { release(): Promise<void> };
}): Promise<void> {
  await Promise.all([parts.daily?.stop(), parts.house?.stop()]);
  await parts.embedded?.stop();
  await parts.lock.release();
}

function dailyOf(
  { home, backupDir, backupKeepDays }: Config,
  adminUrl: string,
  log: Log,
  provenAt: () => Promise<number>,
): Daily | undefined {
  if (backupDir === null) return undefined;
  const options = { home, to: backupDir, weirVersion: VERSION, clock: systemClock };
  return startDaily({
    dir: backupDir,
    keepMs: backupKeepDays * DAY_MS,
    clock: systemClock,
    log,
    provenAt,
    make: (signal) => backupRunning({ ...options, signal }, adminUrl),
  });
}

async function listen(house: House, config: Config): Promise<string> {
  try {
    return await house.app.listen({ host: config.host, port: config.port });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new StartProblem('port.in_use', {
      zh: `端口 ${config.port} 已被占用：请停掉占用它的程序，或用 WEIR_PORT 换一个端口`,
      en: `Port ${config.port} is in use: stop the program that uses it, or choose another with WEIR_PORT`,
    });
  }
}

/** SIGTERM and SIGINT drain once; the process ends when everything is stored. */
export function stopOnSignals(stop: () => Promise<void>, log: Log): void {
  let stopping = false;
  const end = (signal: string): void => {
    if (stopping) return;
    stopping = true;
    log.event('server.stopping', { signal });
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error('server.stop_failed', error);
        process.exit(1);
      },
    );
  };
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => end(signal));
}

/** Of a start that no repeat mends: `deploy/weir.service` leaves it then. EX_CONFIG of sysexits.h. */
const EXIT_NOT_REPEATED = 78;
const NOT_REPEATED: ReadonlySet<string> = new Set([
  'config.invalid',
  'home.half_restored',
  'keys.no_root',
  'keys.wrong_root',
  'migration.changed',
  'migration.name',
  'migration.newer',
  'database.other_version',
  'database.too_old',
  'database.encoding',
  'setpriv.missing',
]);
export const exitCodeOf = (error: unknown): number =>
  error instanceof StartProblem && NOT_REPEATED.has(error.code) ? EXIT_NOT_REPEATED : 1;

/** A start that cannot happen is one sentence in two languages, never a stack. */
export function explain(error: unknown): never {
  if (error instanceof StartProblem) process.stderr.write(`${error.zh}\n${error.en}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exit(exitCodeOf(error));
}
