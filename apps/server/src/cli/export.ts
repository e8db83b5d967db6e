import { join } from 'node:path';
import { ROOT_KEY_FILE, rootKeyId } from '#access';
import { exportHouse, loadExport } from '#keep';
import { adminUrlOf, readConfig, systemClock } from '#platform';
import { MIGRATIONS } from '../main.ts';
import { type Command, Failure, type Io, json, textOf } from './command.ts';

export const exportCommand: Command = {
  name: 'export',
  usage: '--to DIR',
  zh: '把任何 PostgreSQL 里的全部数据导出为 NDJSON（一个时刻的快照）',
  en: 'exports everything as NDJSON, one moment of any PostgreSQL',
  more: `每张表一个文件，manifest.json 里有行数与 SHA-256。加密的内容仍是加密的：要装回去需要同一个 root.key。
One file per table; manifest.json has the rows and SHA-256 of each. What is sealed stays sealed: to load it again the same root.key is needed.`,
  example: 'WEIR_DATABASE_URL=postgres://weir@db/weir weir export --to /mnt/exports',
  options: { to: { type: 'string' } },
  async run(args, io) {
    const to = textOf(args, 'to');
    if (to === undefined) throw new Failure('缺少 --to', '--to is missing');
    const { home } = readConfig(io.env);
    const { folder, tables } = await exportHouse(urlOf(io), to, systemClock, rootKeyId(join(home, ROOT_KEY_FILE)));
    io.out(json({ folder, tables: tables.map(({ table, rows }) => ({ table, rows })) }));
    return 0;
  },
};

export const exportLoad: Command = {
  name: 'export load',
  usage: '<folder>',
  zh: '把导出装入一个从未用过的外部数据库（WEIR_DATABASE_URL），开始新的时间线',
  en: 'loads an export into a database of yours that was never used, as a new timeline',
  more: `数据目录（WEIR_HOME）里要有原来的 root.key。注意事项与 weir restore 相同。
The data directory (WEIR_HOME) must hold the original root.key. What is said for weir restore holds here too.`,
  example: 'WEIR_DATABASE_URL=postgres://weir@db/weir weir export load /mnt/exports/weir-export-20260220T122208Z',
  takes: 1,
  async run({ positionals: [from = ''] }, io) {
    const { home, databaseUrl } = readConfig(io.env);
    if (databaseUrl === null) throw new Failure('请用 WEIR_DATABASE_URL 指定目标数据库', 'Name the database with WEIR_DATABASE_URL');
    io.out(json(await loadExport({ url: databaseUrl, home, from, migrations: MIGRATIONS, clock: systemClock })));
    return 0;
  },
};

function urlOf({ env }: Io): string {
  const { home, databaseUrl } = readConfig(env);
  const admin = adminUrlOf(home);
  if (databaseUrl !== null) return databaseUrl;
  if (admin === null)
    throw new Failure('找不到数据库：请设置 WEIR_HOME 或 WEIR_DATABASE_URL', 'No database: set WEIR_HOME or WEIR_DATABASE_URL');
  const url = new URL(admin);
  url.pathname = '/weir';
  return url.href;
}
