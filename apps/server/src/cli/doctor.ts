import { type Check, diagnose, realWorld } from '#doctor';
import { readConfig, StartProblem, systemClock } from '#platform';
import { type Command, Failure, json } from './command.ts';

const MARKS = { fine: '✓', warning: '!', bad: '✗', skipped: '-' } as const;

export const doctorCommand: Command = {
  name: 'doctor',
  usage: '[--json]',
  zh: '检查这个安装：哪里不对、怎么办；有严重问题时退出码为 1',
  en: 'checks this installation: what is wrong and what to do; exit code 1 when something is bad',
  more: '什么都不会改；服务器在不在运行都可以用。\nIt changes nothing and works whether the server runs or not.',
  example: 'WEIR_HOME=/var/lib/weir weir doctor',
  options: { json: { type: 'boolean' } },
  async run({ values }, { env, out }) {
    const checks = await diagnose(realWorld(configOf(env), systemClock));
    const isBad = checks.some(({ state }) => state === 'bad');
    if (values['json']) out(json({ healthy: !isBad, checks }));
    else out(`${checks.map(linesOf).join('\n')}\n\n${summaryOf(checks)}\n`);
    return isBad ? 1 : 0;
  },
};

function configOf(env: Readonly<Record<string, string | undefined>>): ReturnType<typeof readConfig> {
  try {
    return readConfig(env);
  } catch (error) {
    if (error instanceof StartProblem) throw new Failure(error.zh, error.en);
    throw error;
  }
}

function linesOf({ id, state, zh, en, doZh, doEn }: Check): string {
  const advice = doZh === undefined ? '' : `\n    → ${doZh} / ${doEn ?? ''}`;
  return `${MARKS[state]} ${id.padEnd(15)} ${zh} / ${en}${advice}`;
}

function summaryOf(checks: readonly Check[]): string {
  const count = (wanted: Check['state']): number => checks.filter(({ state }) => state === wanted).length;
  const [fine, warnings, bad] = [count('fine'), count('warning'), count('bad')];
  return `${fine} 项正常，${warnings} 项需要留意，${bad} 项有问题 / ${fine} fine, ${warnings} to look at, ${bad} bad`;
}
