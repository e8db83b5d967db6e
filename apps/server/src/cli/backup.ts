import { createLog, readConfig, systemClock } from '#platform';
import { backupHome, listBackups, provenTime, pruneBackups, readBackup } from '#keep';
import { VERSION } from '../main.ts';
import { type Args, type Command, Failure, type Io, json, textOf } from './command.ts';

const DAY_MS = 86_400_000;

export const backupCommand: Command = {
  name: 'backup',
  usage: '--to DIR [--keep DAYSd]',
  zh: '在线备份内置数据库（服务器可以继续运行）',
  en: 'backs up the embedded database, online',
  more: `备份写好、落盘、逐字节核对之后才有正式名字；每个文件的 SHA-256 在 manifest.json 里。--keep 35d 删除 35 天以前的备份，最新的一份总会留下。
备份里没有根密钥：请把数据目录里的 root.key 另存他处。没有它，备份打不开；它和备份放在一起，等于没有加密。
A backup gets its name when it is written, on the disk and read back; manifest.json has the SHA-256 of every file. --keep 35d removes those older than 35 days, never the newest.
The root key is not in it: keep root.key of the data directory in another place. Without it a backup cannot be opened, and beside the backup it protects nothing.`,
  example: 'weir backup --to /mnt/backups --keep 35d',
  options: { to: { type: 'string' }, keep: { type: 'string' } },
  async run(args, io) {
    const [to, keepMs] = [needed(args, 'to'), daysOf(textOf(args, 'keep'))];
    const config = configOf(io);
    const log = createLog({ level: 'warn' });
    const { folder, manifest, provenAt } = await backupHome({ home: config.home, to, weirVersion: VERSION, clock: systemClock }, log);
    const removed = keepMs === null ? [] : pruneBackups(to, provenTime(systemClock.now(), provenAt).at - keepMs);
    io.out(
      json({ folder, startedAt: manifest.startedAt, files: manifest.files.length, bytes: manifest.data.size, verified: true, removed }),
    );
    io.say('根密钥不在备份里，请另存 root.key。\nThe root key is not in the backup: keep root.key elsewhere.\n');
    return 0;
  },
};

export const backupList: Command = {
  name: 'backup list',
  usage: '--to DIR',
  zh: '列出目录里的备份，新的在前',
  en: 'lists the backups of a folder, newest first',
  example: 'weir backup list --to /mnt/backups',
  options: { to: { type: 'string' } },
  async run(args, io) {
    const found = listBackups(needed(args, 'to'));
    io.out(
      json(
        found.map(({ folder, manifest: { startedAt, weirVersion, timeline, data } }) => ({
          folder,
          startedAt,
          weirVersion,
          timeline,
          bytes: data.size,
        })),
      ),
    );
    return 0;
  },
};

export const backupVerify: Command = {
  name: 'backup verify',
  usage: '<folder>',
  zh: '逐字节核对一份备份与它的清单',
  en: 'reads every byte of a backup and compares it with its manifest',
  example: 'weir backup verify /mnt/backups/weir-20260220T122208Z',
  takes: 1,
  async run({ positionals: [folder = ''] }, io) {
    const manifest = await readBackup(folder);
    io.out(json({ folder, startedAt: manifest.startedAt, files: manifest.files.length, bytes: manifest.data.size, verified: true }));
    return 0;
  },
};

function configOf({ env }: Io): { readonly home: string } {
  const config = readConfig(env);
  if (config.databaseUrl === null) return config;
  throw new Failure(
    '数据库由 WEIR_DATABASE_URL 指定，不归 Weir 管：请用该数据库自己的备份工具，或用 weir export 导出',
    'The database of WEIR_DATABASE_URL is not in the hands of Weir: use the tools of that database, or weir export',
  );
}

function needed(args: Args, name: string): string {
  const text = textOf(args, name);
  if (text === undefined) throw new Failure(`缺少 --${name}`, `--${name} is missing`);
  return text;
}

function daysOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const days = /^([1-9]\d{0,3})d$/.exec(text)?.[1];
  if (days === undefined) throw new Failure(`--keep 读到 "${text}"，应为天数，如 35d`, `--keep reads "${text}", expected days such as 35d`);
  return Number(days) * DAY_MS;
}
