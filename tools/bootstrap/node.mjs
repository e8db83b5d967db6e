// Which Node runs us: Weir needs 22.18 (it runs TypeScript as it is); the lock file brings Node 24 for Linux on x64.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { giveUp } from './say.mjs';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const OWN_NODE = join(ROOT, 'node_modules', '.bin', 'node');
const LEAST = [22, 18];

function isNewEnough(version) {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > LEAST[0] || (major === LEAST[0] && minor >= LEAST[1]);
}

/** Returns when this process runs on a Node that can run Weir; else runs the same command on the installed one and ends with its result. */
export async function onGoodNode(script) {
  if (isNewEnough(process.version)) return;
  if (!existsSync(OWN_NODE)) {
    giveUp(
      `需要 Node ${LEAST.join('.')} 或更新（现在是 ${process.version}，${process.platform}-${process.arch} 没有自带的版本）：请安装 Node 24 后重试`,
      `Node ${LEAST.join('.')} or newer is needed (this is ${process.version}, and none is bundled for ${process.platform}-${process.arch}): install Node 24, then try again`,
    );
  }
  process.exit(await runChild(OWN_NODE, [script, ...process.argv.slice(2)]));
}

/** For child processes: our programs before those of the machine. */
export function childEnv(extra = {}) {
  return { ...process.env, PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH ?? ''}`, ...extra };
}

/** Runs a command with our terminal and waits; signals go through to it, and on Linux it is told to stop when this process is killed. */
export function runChild(file, args, options = {}) {
  const [command, ...rest] = hasSetpriv() ? ['setpriv', '--pdeathsig', 'TERM', '--', file, ...args] : [file, ...args];
  const child = spawn(command, rest, { cwd: ROOT, stdio: 'inherit', env: childEnv(), ...options });
  const signals = { SIGINT: () => {}, SIGTERM: () => child.kill('SIGTERM'), SIGHUP: () => child.kill('SIGTERM') }; // Ctrl-C reaches the child by the terminal
  for (const [signal, handle] of Object.entries(signals)) process.on(signal, handle);
  return new Promise((resolve) => {
    const end = (code) => {
      for (const [signal, handle] of Object.entries(signals)) process.off(signal, handle);
      resolve(code);
    };
    child.once('error', () => end(127));
    child.once('close', (code, signal) => end(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

let setpriv;
function hasSetpriv() {
  setpriv ??= process.platform === 'linux' && spawnSync('setpriv', ['--version'], { stdio: 'ignore' }).status === 0;
  return setpriv;
}
