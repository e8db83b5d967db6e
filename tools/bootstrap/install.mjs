// Brings node_modules to what package-lock.json says, and does nothing when it is there already.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runChild } from './node.mjs';
import { giveUp, say } from './say.mjs';

const LOCK = join(ROOT, 'package-lock.json');
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
const STAMP = join(ROOT, 'node_modules', '.weir-installed');
const HEARTBEAT_MS = 5_000;

export async function ensureInstalled() {
  const wanted = createHash('sha256').update(readFileSync(LOCK)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return;
  if (!matchesLock()) await install();
  writeFileSync(STAMP, wanted);
}

/** What npm says it installed against what is wanted; packages for other platforms are left out by npm and here. */
function matchesLock() {
  if (!existsSync(INSTALLED)) return false;
  const wanted = JSON.parse(readFileSync(LOCK, 'utf8')).packages;
  const installed = JSON.parse(readFileSync(INSTALLED, 'utf8')).packages;
  const isThere = (path) =>
    installed[path] !== undefined &&
    installed[path].version === wanted[path].version &&
    installed[path].integrity === wanted[path].integrity;
  const isOptional = (path) => wanted[path].optional === true || wanted[path].devOptional === true;
  const needed = Object.keys(wanted).filter((path) => path.startsWith('node_modules/'));
  return (
    needed.every((path) => isThere(path) || (installed[path] === undefined && isOptional(path))) &&
    Object.keys(installed).every((path) => wanted[path] !== undefined)
  );
}

async function install() {
  say('正在安装依赖（npm ci），首次约一分钟', 'installing dependencies (npm ci), about a minute the first time');
  const heartbeat = setInterval(() => say('仍在安装', 'still installing'), HEARTBEAT_MS);
  const npm = process.env.npm_execpath;
  const args = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = npm?.endsWith('.js') ? await runChild(process.execPath, [npm, ...args]) : await runChild('npm', args);
  clearInterval(heartbeat);
  if (code === 127) giveUp('找不到 npm：请安装 Node 和 npm', 'npm was not found: install Node and npm');
  if (code !== 0)
    giveUp(
      '依赖安装失败，原因见上（常见：网络或 npm 源不通、磁盘已满）',
      'Installing the dependencies failed; the reason stands above (often the network, the npm registry or a full disk)',
      code,
    );
  say('依赖已安装', 'dependencies installed');
}
