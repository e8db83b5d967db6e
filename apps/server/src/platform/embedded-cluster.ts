import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { needReachable, type Account } from './embedded-account.ts';
import type { Binaries } from './embedded-binaries.ts';
import { otherOwner, otherVersion, startProblem } from './embedded-problems.ts';
import { homeProblem } from './home.ts';

/** How to log in; kept in a file that only this user reads. */
export interface Access {
  readonly port: number;
  readonly password: string;
  readonly adminPassword: string;
}

export const USER = 'weir';
export const ADMIN = 'weir_admin';
export const DATABASE = 'weir';
/** For the child: nothing of ours leaks into it, and its messages are in English whatever the machine speaks. */
export const CHILD_ENV = { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } as const;

const ACCESS_FILE = 'postgres-access.json';

/** Makes the data directory when there is none. It appears under its name only when complete, so a kill in between leaves nothing half. */
export async function ensureCluster(
  home: string,
  binaries: Binaries,
  account: Account,
): Promise<{ readonly dir: string; readonly access: Access }> {
  const dir = join(home, 'postgres');
  try {
    if (account.asRoot && statSync(home).uid === 0) chmodSync(home, statSync(home).mode | 0o011); // its user must pass through
    await needReachable(account, binaries.postgres);
    await needReachable(account, home);
    if (!existsSync(dir)) return { dir, access: await create(home, dir, binaries, account) };
    checkOwner(dir, account);
    await checkVersion(dir, binaries, account);
    return { dir, access: readAccess(home) ?? (await renewAccess(home, dir, binaries, account)) };
  } catch (error) {
    throw homeProblem(home, error) ?? error;
  }
}

export function writeAccess(home: string, access: Access): void {
  const draft = join(home, `${ACCESS_FILE}.new`);
  rmSync(draft, { force: true });
  writeFileSync(draft, JSON.stringify(access), { mode: 0o600 });
  renameSync(draft, join(home, ACCESS_FILE));
}

/** How to reach the embedded database of a data directory while it runs; null when there is none. */
export function embeddedUrl(home: string): string | null {
  const access = readAccess(home);
  return access === null || access.port === 0 ? null : urlOf(access, access.port);
}
export const urlOf = ({ password }: Access, port: number): string => `postgres://${USER}:${password}@127.0.0.1:${port}/${DATABASE}`;

export function readAccess(home: string): Access | null {
  const file = join(home, ACCESS_FILE);
  if (!existsSync(file)) return null;
  const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<Access>;
  if (typeof value.port !== 'number' || typeof value.password !== 'string' || typeof value.adminPassword !== 'string') return null;
  return { port: value.port, password: value.password, adminPassword: value.adminPassword };
}

function newAccess(): Access {
  return { port: 0, password: randomBytes(24).toString('hex'), adminPassword: randomBytes(24).toString('hex') };
}

async function create(home: string, dir: string, binaries: Binaries, account: Account): Promise<Access> {
  const draft = `${dir}.new`;
  const access = newAccess();
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (account.asRoot) chownSync(draft, account.uid, account.gid);
  const options = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C.UTF-8', '--data-checksums'];
  await runTool(
    account,
    [binaries.initdb, '-D', draft, '-U', ADMIN, '--auth=scram-sha-256', '--pwprompt', ...options],
    home,
    promptTwice(access.adminPassword),
  );
  await single(draft, binaries, account, [
    `create role ${USER} login password '${access.password}'`,
    `create database ${DATABASE} owner ${USER}`,
  ]);
  writeAccess(home, access);
  renameSync(draft, dir);
  return access;
}

const promptTwice = (password: string): string => `${password}\n${password}\n`;

/** The file with the passwords is gone: nobody but the data directory's owner can set new ones this way. */
async function renewAccess(home: string, dir: string, binaries: Binaries, account: Account): Promise<Access> {
  const access = newAccess();
  await single(dir, binaries, account, [
    `alter role ${ADMIN} password '${access.adminPassword}'`,
    `alter role ${USER} password '${access.password}'`,
  ]);
  writeAccess(home, access);
  return access;
}

/** Statements on a data directory that no server has open: no port, no login. */
async function single(dir: string, binaries: Binaries, account: Account, statements: readonly string[]): Promise<void> {
  const output = await runTool(account, [binaries.postgres, '--single', '-D', dir, 'postgres'], dirname(dir), `${statements.join('\n')}\n`);
  if (/^(ERROR|FATAL|PANIC):/m.test(output)) throw startProblem(dirname(dir), output.split('\n'));
}

function checkOwner(dir: string, account: Account): void {
  const owner = statSync(dir).uid;
  if (owner !== account.uid) throw otherOwner(dir, owner, account.uid);
}

async function checkVersion(dir: string, binaries: Binaries, account: Account): Promise<void> {
  const ours = Number(/(\d+)\./.exec(await runTool(account, [binaries.postgres, '--version'], dir))?.[1]);
  // As root the file may be read; as a user it is that user's own.
  const found = Number(readFileSync(join(dir, 'PG_VERSION'), 'utf8'));
  if (found !== ours) throw otherVersion(dir, found, ours);
}

async function runTool(account: Account, command: readonly string[], home: string, input = ''): Promise<string> {
  const [file = '', ...args] = account.wrap(command, true);
  const child = spawn(file, args, { cwd: '/', env: CHILD_ENV, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  child.stdin.on('error', () => {}); // it may end before it has read all; its exit code says so
  child.stdin.end(input);
  const exit = new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  if (code !== 0) throw startProblem(home, `${out}\n${err}`.trim().split('\n'));
  return `${out}\n${err}`;
}
