import { createLog, readConfig, systemClock } from '#platform';
import { restore } from '#keep';
import { MIGRATIONS } from '../main.ts';
import { type Command, Failure, json, textOf } from './command.ts';

export const restoreCommand: Command = {
  name: 'restore',
  usage: '<folder> [--root-key FILE] [--erasures FILE]',
  zh: '把备份恢复到一个空的数据目录（WEIR_HOME）',
  en: 'restores a backup into an empty data directory (WEIR_HOME)',
  more: `先停掉旧服务器，并且不要再启动它。数据目录必须是空的，可以只含 root.key；也可用 --root-key 指定根密钥文件。
恢复开始一条新的时间线：版本号、订单号、位置都跳到旧系统可能用过的之上，渠道从备份时刻起重新拉取。详见 docs/operations.md。
备份之后按请求删除的个人信息会照删除清单再删一次：默认用备份旁边的 erasures.ndjson，也可用 --erasures 指定。
Stop the old server first, and for good. The data directory must be empty; root.key may lie in it, or be named with --root-key.
A restore begins a new timeline: versions, order keys and positions jump above what the old one may have handed out, and channels are asked again from the time of the backup on. See docs/operations.md.
People who were erased on request since the backup are erased again by the list of erasures: erasures.ndjson beside the backup, or --erasures.`,
  example: 'WEIR_HOME=/var/lib/weir weir restore /mnt/backups/weir-20260220T122208Z --root-key /safe/root.key',
  options: { 'root-key': { type: 'string' }, erasures: { type: 'string' } },
  takes: 1,
  async run(args, io) {
    const config = readConfig(io.env);
    if (config.databaseUrl !== null)
      throw new Failure(
        'weir restore 只恢复内置数据库：请去掉 WEIR_DATABASE_URL',
        'weir restore makes an embedded database: unset WEIR_DATABASE_URL',
      );
    const [from = ''] = args.positionals;
    const { manifest, timeline, retold, live, erasedAgain, erasedUnknown } = await restore({
      from,
      home: config.home,
      rootKey: textOf(args, 'root-key'),
      erasures: textOf(args, 'erasures'),
      migrations: MIGRATIONS,
      clock: systemClock,
      log: createLog({ level: 'warn' }),
    });
    io.out(json({ home: config.home, backupOf: manifest.startedAt, timeline, retold, erasedAgain, erasedUnknown, live }));
    io.say(advice(manifest.startedAt));
    io.say(erasedAgain === null ? NO_LIST : erasedUnknown.length > 0 ? UNKNOWN : '');
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

const NO_LIST = `  注意：没有找到删除清单（erasures.ndjson），备份之后应请求删除的个人信息又回来了：请在启动前用 --erasures 重新恢复，或逐单再删一次。
  Mind: there was no list of erasures (erasures.ndjson), so people who were erased on request since the backup are back: restore again with --erasures before you start, or erase them once more.
`;
const UNKNOWN = `  注意：erasedUnknown 里的订单晚于这份备份，渠道会再次送来：到了以后请再删一次。
  Mind: the orders of erasedUnknown are younger than this backup, and their channel will tell them again: erase them once more when they are here.
`;
