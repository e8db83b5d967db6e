import { createLog, readConfig, systemClock } from '#platform';
import { restore } from '#keep';
import { MIGRATIONS } from '../main.ts';
import { type Command, Failure, json, textOf } from './command.ts';

export const restoreCommand: Command = {
  name: 'restore',
  usage: '<folder> [--root-key FILE]',
  zh: '把备份恢复到一个空的数据目录（WEIR_HOME）',
  en: 'restores a backup into an empty data directory (WEIR_HOME)',
  more: `先停掉旧服务器，并且不要再启动它。数据目录必须是空的，可以只含 root.key；也可用 --root-key 指定根密钥文件。
恢复开始一条新的时间线：版本号、订单号、位置都跳到旧系统可能用过的之上，渠道从备份时刻起重新拉取。详见 docs/operations.md。
Stop the old server first, and for good. The data directory must be empty; root.key may lie in it, or be named with --root-key.
A restore begins a new timeline: versions, order keys and positions jump above what the old one may have handed out, and channels are asked again from the time of the backup on. See docs/operations.md.`,
  example: 'WEIR_HOME=/var/lib/weir weir restore /mnt/backups/weir-20260220T122208Z --root-key /safe/root.key',
  options: { 'root-key': { type: 'string' } },
  takes: 1,
  async run(args, io) {
    const config = readConfig(io.env);
    if (config.databaseUrl !== null)
      throw new Failure(
        'weir restore 只恢复内置数据库：请去掉 WEIR_DATABASE_URL',
        'weir restore makes an embedded database: unset WEIR_DATABASE_URL',
      );
    const [from = ''] = args.positionals;
    const { manifest, timeline, retold, live } = await restore({
      from,
      home: config.home,
      rootKey: textOf(args, 'root-key'),
      migrations: MIGRATIONS,
      clock: systemClock,
      log: createLog({ level: 'warn' }),
    });
    io.out(json({ home: config.home, backupOf: manifest.startedAt, timeline, retold, live }));
    io.say(advice(manifest.startedAt));
    return 0;
  },
};

const advice = (at: string): string => `已恢复到 ${at} 的状态。启动后渠道会自动补拉其后的订单；还请做三件事：
  1. 备份之后直接写入的订单和操作（POST /v1/orders、导入、人工操作）要由发送方再发一次；重复发送不会重复。
  2. 备份之后吊销的令牌、删除的人员和端点又有效了：用 weir token list、weir person list、GET /v1/endpoints 核对。登录会话已全部失效。
  3. 备份之后更换过的密钥（端点、应用、口令）回到了旧值：请再换一次。
Restored to ${at}. Once it runs, what came later is fetched from the channels; three things are yours:
  1. Orders and steps that were written here directly since the backup (POST /v1/orders, imports, people) must be sent again by their senders; what is sent twice is not doubled.
  2. Tokens revoked, people and endpoints removed since the backup live again: look at weir token list, weir person list, GET /v1/endpoints. All sessions have ended.
  3. Secrets changed since the backup (endpoints, apps, passwords) are the old ones: change them again.
`;
