#!/usr/bin/env node
// Every npm command of Weir begins here: `node tools/bootstrap.mjs start|dev|test|check|bench|sim|gen|pack|new:connector [arguments]`.
// Plain JavaScript without packages, for Node 18 and newer: on a fresh clone nothing else can run yet.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { COMMANDS, help } from './bootstrap/help.mjs';
import { ensureInstalled } from './bootstrap/install.mjs';
import { onGoodNode, ROOT, runChild } from './bootstrap/node.mjs';
import { giveUp } from './bootstrap/say.mjs';

const [command = '', ...args] = process.argv.slice(2);

if (!(command in COMMANDS)) {
  process.stdout.write(help());
  process.exit(command === '' || command === '--help' || command === '-h' ? 0 : 2);
}
// Help needs no installation.
if (args.includes('--help') || args.includes('-h')) {
  process.stdout.write(help(command));
  process.exit(0);
}

await ensureInstalled();
await onGoodNode(fileURLToPath(import.meta.url));

const SCRIPTS = {
  start: 'apps/server/src/start.ts',
  dev: 'apps/server/src/start.ts',
  bench: 'bench/src/run.ts',
  sim: 'tests/simulation/run.ts',
  gen: 'tools/gen.ts',
  pack: 'tools/pack-receiver.ts',
  'new:connector': 'tools/new-connector.ts',
};
const actions = {
  start: async () => {
    await prepareConsole();
    await runHere(SCRIPTS.start);
  },
  dev: async () => {
    await prepareConsole();
    process.exit(await runChild(process.execPath, ['--watch', '--watch-preserve-output', needScript(SCRIPTS.dev), ...args]));
  },
  test: async () => {
    const { runAll, runChosen } = await import('./bootstrap/checks.mjs');
    process.exit(await (args.length > 0 ? runChosen(args) : runAll()));
  },
  check: async () => {
    const { runFast } = await import('./bootstrap/checks.mjs');
    process.exit(await runFast());
  },
  bench: () => runHere(SCRIPTS.bench),
  sim: () => runHere(SCRIPTS.sim),
  gen: () => runHere(SCRIPTS.gen),
  pack: () => runHere(SCRIPTS.pack),
  'new:connector': () => runHere(SCRIPTS['new:connector']),
};
await actions[command]();

async function prepareConsole() {
  const { needConsole } = await import('./bootstrap/console.mjs');
  await needConsole();
}

/** In this very process, so that signals and exit codes need no one in between. */
async function runHere(script) {
  const file = needScript(script);
  process.argv = [process.argv[0], file, ...args];
  process.chdir(ROOT);
  await import(pathToFileURL(file).href);
}

function needScript(script) {
  const file = join(ROOT, script);
  if (!existsSync(file))
    giveUp(`缺少文件 ${script}：请检查代码是否完整`, `The file ${script} is missing: check that the clone is complete`);
  return file;
}
