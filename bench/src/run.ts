/** `npm run bench -- <name…>`: every promised number as a command. */
import { parseArgs } from 'node:util';
import { broadcast } from './broadcast.ts';
import { fold } from './fold.ts';
import { intakeImport } from './intake-import.ts';
import { intakePush } from './intake-push.ts';
import { keys } from './keys.ts';
import { list, type ListOptions } from './list.ts';
import { recover } from './recover.ts';
import { type Figure, print } from './report.ts';
import { seal } from './seal.ts';

const BENCHES: Readonly<Record<string, (seconds: number, options: ListOptions) => Figure[] | Promise<Figure[]>>> = {
  'intake.push': intakePush,
  'intake.import': intakeImport,
  fold,
  keys,
  list,
  recover,
  broadcast,
  seal,
};
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    seconds: { type: 'string', default: '60' },
    orders: { type: 'string', default: '1000000' },
    home: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

if (values.help || positionals.length === 0) {
  process.stdout.write(
    `npm run bench -- <name…> [--seconds N] [--json]\n  list: [--orders N] [--home 保留的数据目录 data directory to keep]\n\n  名称 names: ${Object.keys(BENCHES).join(' ')}\n  基线在同一次运行中测得；请比较 ratio。The baseline is measured in the same run: compare ratios.\n`,
  );
} else {
  const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
  if (unknown.length > 0) {
    process.stderr.write(`没有这个基准 no such bench: ${unknown.join(' ')}\n`);
    process.exit(2);
  }
  const figures: Figure[] = [];
  for (const name of positionals)
    figures.push(
      ...(await (BENCHES[name] as (typeof BENCHES)[string])(Number(values.seconds), { orders: Number(values.orders), home: values.home })),
    );
  print(figures, values.json);
}
