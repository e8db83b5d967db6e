// A throwaway PostgreSQL 15 for tests: the oldest server that Weir promises to run on, as Debian ships it.
// Plain JavaScript: bootstrap.mjs uses it before anything is installed.
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const BIN_DIR = process.env.WEIR_POSTGRES15_BIN ?? '/usr/lib/postgresql/15/bin';
const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 15_000;
const PORT_TRIES = 5;
const OUTPUT_LINES = 20;

export const HOW_TO_INSTALL =
  '需要 PostgreSQL 15：请用 root 执行 apt-get install postgresql-15 / PostgreSQL 15 is needed: as root, run apt-get install postgresql-15 (or set WEIR_POSTGRES15_BIN to its bin directory)';

export function hasPostgres15() {
  try {
    accessSync(join(BIN_DIR, 'initdb'));
    accessSync(join(BIN_DIR, 'postgres'));
    return true;
  } catch {
    return false;
  }
}

/** Installs it with apt-get when missing and allowed; throws one sentence otherwise. */
export function ensurePostgres15() {
  if (hasPostgres15()) return;
  if (process.getuid?.() !== 0) throw new Error(HOW_TO_INSTALL);
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  try {
    execFileSync('apt-get', ['update', '-qq'], options);
    execFileSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'postgresql-15'], options);
  } catch {
    throw new Error(HOW_TO_INSTALL);
  }
  if (!hasPostgres15()) throw new Error(HOW_TO_INSTALL);
}

/** @returns {Promise<{adminUrl: string, stop(): Promise<void>}>} */
export async function startPostgres15() {
  ensurePostgres15();
  const asRoot = process.getuid?.() === 0;
  const become = asRoot ? ['--reuid=postgres', '--regid=postgres', '--init-groups'] : [];
  const home = mkdtempSync(join(tmpdir(), 'weir-pg15-'));
  const password = randomBytes(16).toString('hex');
  const passwordFile = join(home, 'password');
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (asRoot) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
    for (const path of [home, passwordFile]) chownSync(path, uid, gid);
  }
  chmodSync(home, 0o700);
  const dir = join(home, 'data');
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
  const initdb = [
    join(BIN_DIR, 'initdb'),
    '-D',
    dir,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '-N',
  ];
  execFileSync('setpriv', [...become, '--', ...initdb], { cwd: '/', env, stdio: ['ignore', 'ignore', 'inherit'] });
  const { child, port } = await startOnFreePort(become, dir, env);
  const stop = async () => {
    await endOf(child);
    rmSync(home, { recursive: true, force: true });
  };
  return { adminUrl: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`, stop };
}

async function startOnFreePort(become, dir, env) {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const settings = [
      'listen_addresses=127.0.0.1',
      `port=${port}`,
      'unix_socket_directories=',
      'shared_buffers=64MB',
      'max_connections=400',
      'log_min_messages=log',
    ];
    const command = [join(BIN_DIR, 'postgres'), '-D', dir, ...settings.flatMap((setting) => ['-c', setting])];
    const child = spawn('setpriv', [...become, '--pdeathsig', 'INT', '--', ...command], {
      cwd: '/',
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
      detached: true,
    });
    const output = await ready(child);
    if (output === null) return { child, port };
    await endOf(child);
    if (tries >= PORT_TRIES || !output.includes('Address already in use')) throw new Error(`PostgreSQL 15 does not start:\n${output}`);
  }
}

/** Null when it is ready, else what it said. */
function ready(child) {
  return new Promise((resolve) => {
    const output = [];
    const give = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    const timer = setTimeout(() => give(`${output.join('\n')}\nnot ready in time`), READY_TIMEOUT_MS);
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (output.push(line) > OUTPUT_LINES) output.shift();
      if (line.includes('ready to accept connections')) give(null);
    });
    child.once('error', (error) => give(String(error)));
    child.once('close', () => give(output.join('\n')));
  });
}

function endOf(child) {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return resolve();
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    child.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGINT');
  });
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
