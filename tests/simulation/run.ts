/** `npm run sim -- [--seed N] [--seeds M] [--minutes N] [--verbose]`. Ends with 1 when a promise was broken. */
import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { help } from '../../tools/bootstrap/help.mjs';
import { startTestServer } from '../support/test-server.ts';
import { describeScript, describeWorld, type Told } from './report.ts';
import { simulate } from './simulate.ts';
import { writeScript } from './script.ts';

const SEEDS = 2 ** 31;
const MINUTE_MS = 60_000;
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    seeds: { type: 'string' },
    minutes: { type: 'string' },
    verbose: { type: 'boolean', short: 'v' },
    help: { type: 'boolean', short: 'h' },
  },
});

function numberOf(name: 'seed' | 'seeds' | 'minutes', fallback: number): number {
  const text = values[name];
  if (text === undefined) return fallback;
  if (/^\d{1,10}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} 应为非负整数，读到 ${text} / --${name} takes a whole number, read ${text}\n`);
  process.exit(2);
}

function keepLog(seed: number, lines: readonly string[]): string {
  const path = join(tmpdir(), `weir-sim-${seed}.log`);
  writeFileSync(path, lines.join(''));
  return path;
}

async function run(): Promise<void> {
  const first = numberOf('seed', randomInt(SEEDS));
  const until = performance.now() + numberOf('minutes', 0) * MINUTE_MS;
  const least = numberOf('seeds', 1);
  const server = await startTestServer('embedded');
  const failed: Told[] = [];
  const leave = (): void => void server.stop().finally(() => process.exit(130));
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    for (let n = 0; n < least || performance.now() < until; n++) {
      const seed = first + n;
      say(`seed ${seed}`);
      if (values.verbose) say(describeScript(writeScript(seed)));
      const told = await simulate(seed, server.adminUrl);
      say(describeWorld(told));
      if (told.findings.length > 0) failed.push(told);
      if (told.stuck) say(`    全部日志 whole log: ${keepLog(told.seed, told.stuck.log)}`);
    }
  } finally {
    await server.stop();
  }
  if (failed.length > 0) say(`\n失败的种子 failed seeds: ${failed.map(({ seed }) => seed).join(' ')}`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

if (values.help) say(help('sim'));
else await run();
