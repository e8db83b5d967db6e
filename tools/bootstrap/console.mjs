// Builds the console when its sources differ from those of the last build.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, runChild } from './node.mjs';
import { giveUp, say } from './say.mjs';

const CONSOLE = join(ROOT, 'apps', 'console');
const STAMP = join(CONSOLE, 'dist', '.built-from');
const SOURCES = ['apps/console', 'packages/contract/src', 'packages/ui/src', 'package-lock.json'];
const LEFT_OUT = new Set(['dist', 'node_modules']);

export function hasConsole() {
  return existsSync(join(CONSOLE, 'index.html'));
}

/** Returns 0, or the exit code of a failed build. */
export async function buildConsole({ force = false } = {}) {
  if (!hasConsole()) return 0;
  const sources = fingerprint();
  if (!force && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return 0;
  say('正在构建控制台', 'building the console');
  const code = await runChild(process.execPath, [
    join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'),
    'build',
    CONSOLE,
    '--logLevel',
    'warn',
  ]);
  if (code === 0) writeFileSync(STAMP, sources);
  return code;
}

export async function needConsole() {
  if ((await buildConsole()) !== 0) giveUp('控制台构建失败，原因见上', 'Building the console failed; the reason stands above');
}

function fingerprint() {
  const hash = createHash('sha256');
  for (const source of SOURCES) addTo(hash, join(ROOT, source), source);
  return hash.digest('hex');
}

function addTo(hash, path, name) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    hash.update(`${name}\0`).update(readFileSync(path));
    return;
  }
  for (const entry of readdirSync(path).sort()) {
    if (!LEFT_OUT.has(entry)) addTo(hash, join(path, entry), `${name}/${entry}`);
  }
}
