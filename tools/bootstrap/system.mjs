// Programs of the machine that tests need and npm cannot bring.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { hasPostgres15 } from '../postgres15.mjs';
import { ROOT } from './node.mjs';
import { say } from './say.mjs';

const CHROMIUM = [process.env.WEIR_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const hasChromium = () => CHROMIUM.some((path) => path && existsSync(path));
const hasChineseFont = () => (spawnSync('fc-list', [':lang=zh-cn'], { encoding: 'utf8' }).stdout ?? '').trim() !== '';
const hasJourneys = () => existsSync(join(ROOT, 'tests', 'journey'));

const NEEDS = [
  { name: 'postgresql-15', isThere: hasPostgres15, isNeeded: () => true },
  { name: 'chromium', isThere: hasChromium, isNeeded: hasJourneys },
  { name: 'fonts-noto-cjk', isThere: hasChineseFont, isNeeded: hasJourneys },
];

/** Installs what is missing when it may; answers the names of what is still missing. */
export function ensureSystemPackages() {
  const missing = missingPackages();
  if (missing.length === 0 || process.getuid?.() !== 0) return missing;
  say(`正在安装系统软件 ${missing.join(' ')}`, `installing system packages ${missing.join(' ')}`);
  const options = { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'fontconfig', ...missing], options);
  return missingPackages();
}

function missingPackages() {
  return NEEDS.filter((need) => need.isNeeded() && !need.isThere()).map((need) => need.name);
}
