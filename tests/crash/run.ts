/** The long suite: `node tests/crash/run.ts [--rounds 105] [--seed N]`. Ends with 1 when anything was lost, doubled or otherwise wrong. */
import { parseArgs } from 'node:util';
import { crash } from './crash.ts';
import { BLOWS } from './points.ts';
import { describeReport } from './report.ts';

const LONG_ROUNDS = 15 * BLOWS.length;
const { values } = parseArgs({ options: { rounds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
const say = (line: string): void => void process.stdout.write(`${line}\n`);

if (values.help) {
  say(`node tests/crash/run.ts [--rounds N] [--seed N]

在负载下反复 kill -9 服务器与数据库（每轮一种：${BLOWS.join('、')}），最后从外部核对：0 丢失、0 重复。
Kills the server and the database under load, one kind of blow a round, and judges from outside: 0 lost, 0 doubled.`);
} else {
  const seed = Number(values.seed ?? Date.now() % 1_000_000);
  say(`seed ${seed}`);
  const report = await crash({ rounds: Number(values.rounds ?? LONG_ROUNDS), seed, say });
  say(describeReport(report));
  process.exitCode = report.lost.length + report.doubled.length + report.wrong.length === 0 && report.exitCode === 0 ? 0 : 1;
}
