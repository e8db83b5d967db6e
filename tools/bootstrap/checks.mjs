// Everything that must be green, counted: each named check is one, and so is each test.
import { mkdtempSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildConsole, hasConsole } from './console.mjs';
import { ROOT, runChild } from './node.mjs';
import { say } from './say.mjs';
import { ensureSystemPackages } from './system.mjs';

const tool = (name) => join(ROOT, 'node_modules', '.bin', name);

const FORMAT = { name: 'format', run: () => runChild(tool('biome'), ['format', '.']) };
const LINT = { name: 'lint', run: () => runChild(tool('oxlint'), ['--type-aware', '--deny-warnings']) };
const TYPES = { name: 'types', run: () => runChild(tool('tsc'), ['--noEmit', '-p', ROOT]) };
const UNUSED = { name: 'unused', run: () => runChild(tool('knip'), ['--no-progress', '--no-config-hints']) };
const BUILD = { name: 'build', run: () => buildConsole({ force: true }), isThere: hasConsole };

/** Everything: `npm test`. */
export async function runAll() {
  const tally = newTally();
  const missing = ensureSystemPackages();
  for (const name of missing)
    leaveOut(tally, name, `缺少系统软件 ${name}：请用 root 执行 apt-get install ${name} / as root, run apt-get install ${name}`);
  nameWhatNeedsData(tally);
  for (const step of [FORMAT, LINT, TYPES, UNUSED, BUILD]) await runStep(tally, step);
  const without = [
    ...(missing.includes('postgresql-15') ? ['--project', '!store15'] : []),
    ...(missing.some((name) => name === 'chromium' || name === 'fonts-noto-cjk') ? ['--exclude', 'tests/journey/**'] : []),
  ];
  await runVitest(tally, 'tests', without);
  return summary(tally);
}

/** The fast part: `npm run check`. */
export async function runFast() {
  const tally = newTally();
  nameWhatNeedsData(tally);
  for (const step of [FORMAT, LINT, TYPES, BUILD]) await runStep(tally, step);
  await runVitest(tally, 'unit tests', ['--project', 'unit']);
  return summary(tally);
}

/** Chosen tests only: `npm test -- <paths and vitest's options>`. */
export async function runChosen(args) {
  const tally = newTally();
  await runVitest(tally, 'tests', args);
  return summary(tally);
}

function newTally() {
  return { passed: 0, failed: 0, skipped: 0, notes: [] };
}

/** On a build machine nothing may be left out: there, a missing package is a failure. */
function leaveOut(tally, name, reason) {
  const isFailure = Boolean(process.env.CI);
  tally[isFailure ? 'failed' : 'skipped'] += 1;
  tally.notes.push(`${isFailure ? '✗' : '-'} ${name}: ${reason}`);
}

/** No build machine has them, so they count as nothing that was left out; that they did not run is said all the same. */
function nameWhatNeedsData(tally) {
  if (process.env.WEIR_DATA_DIR !== undefined) return;
  tally.notes.push(
    '- olist.test.ts（tools/convert、tests/real-data）: 真实的 5,000 单没有跑：那份数据没有写明许可，不能随附，有数据的人请设 WEIR_DATA_DIR / the 5,000 real orders were not run: the copy of the data states no licence, so it is not shipped; whoever has it sets WEIR_DATA_DIR',
  );
}

async function runStep(tally, { name, run, isThere }) {
  if (isThere !== undefined && !isThere()) return;
  say(`检查 ${name}`, `checking ${name}`);
  const code = await run();
  tally[code === 0 ? 'passed' : 'failed'] += 1;
  if (code !== 0) tally.notes.push(`✗ ${name}（原因见上 / the reason stands above）`);
}

async function runVitest(tally, name, args) {
  say(`运行 ${name}`, `running ${name}`);
  const folder = mkdtempSync(join(tmpdir(), 'weir-report-'));
  const file = join(folder, 'report.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const code = await runChild(process.execPath, [join(ROOT, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...reporters, ...args]);
  const before = tally.failed;
  if (existsSync(file)) addReport(tally, JSON.parse(readFileSync(file, 'utf8')));
  rmSync(folder, { recursive: true });
  if (code === 0 || tally.failed > before) return;
  tally.failed += 1; // it ended before a test could fail
  tally.notes.push(`✗ ${name}: vitest 以 ${code} 结束 / vitest ended with ${code}`);
}

function addReport(tally, report) {
  tally.passed += report.numPassedTests;
  tally.failed += report.numFailedTests;
  tally.skipped += report.numPendingTests + report.numTodoTests;
  for (const { name, status, assertionResults } of report.testResults) {
    const file = name.replace(`${ROOT}/`, '');
    const broken = status === 'failed' && !assertionResults.some((test) => test.status === 'failed');
    if (broken) tally.failed += 1;
    if (broken) tally.notes.push(`✗ ${file}（文件未能运行 / the file could not be run）`);
    for (const test of assertionResults) {
      if (test.status === 'failed') tally.notes.push(`✗ ${file}: ${test.fullName}`);
      if (test.status === 'pending' || test.status === 'skipped' || test.status === 'todo')
        tally.notes.push(`- ${file}: ${test.fullName}（测试自身跳过 / skipped by itself）`);
    }
  }
}

/** The exit code. Its last line is read by machines. */
function summary({ passed, failed, skipped, notes }) {
  const lines = notes.length === 0 ? '' : `\n${notes.join('\n')}\n`;
  process.stdout.write(`${lines}\n${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  return failed === 0 && passed > 0 ? 0 : 1;
}
