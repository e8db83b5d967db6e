/** The house in its database: judgements over facts. Pure. */
import { provenTime } from '#keep';
import { bad, type Check, fine, type Words, warning } from './check.ts';
import type { HouseFacts } from './store.ts';

const CLOCK = { warnMs: 2_000, badMs: 60_000 } as const;
const LAG = { warnSeconds: 60, badSeconds: 600 } as const;
const TRANSACTION = { warnSeconds: 300, badSeconds: 3_600 } as const;
const WRITE_BACK_STILL_SECONDS = 600;
const LEASE_GONE_SECONDS = 60;
const HEAD_LATE_MS = 2 * 3_600_000;
const GB = 1024 ** 3;

const grade = (value: number, warn: number, worst: number): typeof fine | typeof warning =>
  value >= worst ? bad : value >= warn ? warning : fine;
const seconds = (value: number): string => `${Math.round(value)} s`;

export function checkClock(facts: HouseFacts, now: number): Check {
  const apart = Math.abs(facts.clockMs - now);
  const words = {
    zh: `本机与数据库的时钟相差 ${Math.round(apart)} ms`,
    en: `the clocks of this machine and of the database are ${Math.round(apart)} ms apart`,
  };
  return grade(apart, CLOCK.warnMs, CLOCK.badMs)('clock', words, {
    zh: '两台机器都开启时间同步（chrony、systemd-timesyncd）',
    en: 'have both machines keep their time (chrony, systemd-timesyncd)',
  });
}

/** What was kept for long enough is dropped by a time that is proven: see keep/proven-time.ts. */
export function checkProvenTime({ provenMs }: HouseFacts, now: number): Check {
  const { isDoubtful } = provenTime(now, provenMs);
  const [seen, proven] = [new Date(now).toISOString(), new Date(provenMs).toISOString()];
  if (!isDoubtful)
    return fine('retention_clock', { zh: `到期清理所依据的时间：${proven}`, en: `the time by which old data is dropped: ${proven}` });
  const words = {
    zh: `系统时钟是 ${seen}，但有据可查的时间只到 ${proven}：到期清理已停`,
    en: `the clock says ${seen}, but time is proven up to ${proven} only: nothing is dropped for its age`,
  };
  return bad('retention_clock', words, {
    zh: '先核对系统时钟；若确实停用了这么久，由管理员 POST /v1/retention:trustClock {"now": "照自己的表"}；渠道有新订单时会自动恢复',
    en: 'look at the clock of the machine; if the house really was off for so long, an administrator says so: POST /v1/retention:trustClock {"now": "by your own watch"}; new orders of a channel do it as well',
  });
}

export function checkLease({ holder, leaseSeconds }: HouseFacts): Check {
  const who = holder?.split(' ').at(-1) ?? '?';
  if (holder !== null && leaseSeconds > 0)
    return fine('lease', {
      zh: `进程 ${who} 正在工作，租约还有 ${seconds(leaseSeconds)}`,
      en: `process ${who} works, its lease runs ${seconds(leaseSeconds)} more`,
    });
  const words = { zh: '现在没有进程在处理消息', en: 'no process works on messages now' };
  const advice = {
    zh: '启动服务器；若已在运行，看日志里的 worker.batch_failed',
    en: 'start the server; if it runs, look for worker.batch_failed in its log',
  };
  return holder !== null && leaseSeconds > -LEASE_GONE_SECONDS ? warning('lease', words, advice) : bad('lease', words, advice);
}

export function checkLag({ waiting, writeLagSeconds }: HouseFacts): Check {
  const words = {
    zh: `${waiting} 条消息等待处理，最早的等了 ${seconds(writeLagSeconds)}`,
    en: `${waiting} messages wait, the oldest for ${seconds(writeLagSeconds)}`,
  };
  return grade(writeLagSeconds, LAG.warnSeconds, LAG.badSeconds)('lag', words, {
    zh: '看服务器是否在运行、数据库是否慢（worker.batch_failed、磁盘）',
    en: 'see whether the server runs and the database is slow (worker.batch_failed, its disk)',
  });
}

export function checkDeadLetters({ deadIn, deadOut }: HouseFacts): Check {
  const words = { zh: `死信：入 ${deadIn}，出 ${deadOut}`, en: `dead letters: ${deadIn} in, ${deadOut} out` };
  return deadIn + deadOut === 0
    ? fine('dead_letters', words)
    : warning('dead_letters', words, {
        zh: 'GET /v1/dead-letters 说明原因，处理后 :retry',
        en: 'GET /v1/dead-letters says why; :retry once the cause is settled',
      });
}

const some = (id: string, names: readonly string[], none: Words, words: Words, advice: Words): Check =>
  names.length === 0
    ? fine(id, none)
    : warning(id, { zh: `${words.zh}：${names.join('、')}`, en: `${words.en}: ${names.join(', ')}` }, advice);

export function checkEndpoints({ stillEndpoints, parkedEndpoints }: HouseFacts): Check {
  return some(
    'endpoints',
    [...new Set([...stillEndpoints, ...parkedEndpoints])],
    { zh: '订阅端点都在接收', en: 'every endpoint takes what it is told' },
    { zh: '订阅端点停住或有订单停靠', en: 'endpoints that stand still or have parked orders' },
    {
      zh: 'GET /v1/endpoints 给出最近的错误；修好接收方后自动补发',
      en: 'GET /v1/endpoints has the last error; it catches up by itself once the receiver is mended',
    },
  );
}

export function checkChannels({ tokenErrors, pullAlarms, linksDown }: HouseFacts): Check {
  return some(
    'channels',
    [...tokenErrors, ...linksDown, ...(pullAlarms > 0 ? [`${pullAlarms} × few rows`] : [])],
    {
      zh: '渠道授权有效，连接正常，拉取无异常',
      en: 'the channels’ consents are good, their queues and sockets stand, nothing odd was pulled',
    },
    { zh: '渠道授权失效、连接断开或行数少得可疑', en: 'consents that ended, queues or sockets that are down, or suspiciously few rows' },
    {
      zh: '重新授权店铺；GET /v1/apps 给出连接断开的原因；在总览里确认或等待行数',
      en: 'have the shop consent again; GET /v1/apps says why a queue or socket is down; accept the few rows on the overview, or wait for more',
    },
  );
}

export function checkPulls({ pullsStuck }: HouseFacts): Check {
  return some(
    'pulls',
    pullsStuck,
    { zh: '各店铺的拉取没有停滞', en: 'no shop’s pulls stand still' },
    { zh: '一天以上拉取不到的店铺', en: 'shops of which nothing could be pulled for a day' },
    {
      zh: 'GET /v1/pulls 给出最近的错误；多半是授权、权限或平台本身',
      en: 'GET /v1/pulls has the last error; mostly it is the consent, a right, or the platform',
    },
  );
}

export function checkWriteBack({ writeBackStillSeconds: still, writeBacksOld: old }: HouseFacts): Check {
  if (still > WRITE_BACK_STILL_SECONDS)
    return bad(
      'write_back',
      {
        zh: `回写已停住 ${seconds(still)}：没有渠道得知发货`,
        en: `write-back has stood still for ${seconds(still)}: no channel learns of parcels`,
      },
      { zh: '看日志里的 write_back.follow_failed', en: 'look for write_back.follow_failed in the log' },
    );
  const words = { zh: `${old} 项回写等了六小时以上`, en: `${old} changes have waited for more than six hours to be told` };
  return old === 0
    ? fine('write_back', words)
    : warning('write_back', words, {
        zh: '渠道在限流、授权失效或平台故障；GET /v1/shops 与 GET /v1/pulls 给出原因',
        en: 'the channel throttles, a consent ended, or its platform fails; GET /v1/shops and GET /v1/pulls say which',
      });
}

export function checkRetention({ retentionFailed }: HouseFacts): Check {
  return some(
    'retention',
    retentionFailed,
    { zh: '保存期清理没有失败', en: 'what has passed its retention goes' },
    { zh: '最近一次失败的清理', en: 'jobs of retention whose last run failed' },
    { zh: 'GET /v1/retention-runs 给出错误；每天会再试', en: 'GET /v1/retention-runs has the error; it is tried again each day' },
  );
}

/** Null where nothing is to be sent. */
export function checkSending({ headsUnsent }: HouseFacts, hasAddress: boolean): Check | null {
  if (!hasAddress) return null;
  const words = {
    zh: `${headsUnsent} 个审计链头三小时以上没有送出`,
    en: `${headsUnsent} heads of the audit could not be sent for three hours`,
  };
  return headsUnsent === 0
    ? fine('audit_sending', words)
    : bad('audit_sending', words, {
        zh: 'WEIR_AUDIT_HEADS_URL 没有收下；看日志里的 audit.head_not_sent，地址恢复后会补送',
        en: 'WEIR_AUDIT_HEADS_URL does not take them; they are sent once it does',
      });
}

export function checkTransactions({ oldestTransactionSeconds: age }: HouseFacts): Check {
  const words = { zh: `最久的事务已开 ${seconds(age)}`, en: `the oldest transaction is open for ${seconds(age)}` };
  return grade(age, TRANSACTION.warnSeconds, TRANSACTION.badSeconds)('transactions', words, {
    zh: '在 pg_stat_activity 里找到它并结束：它使清理停滞、表变大',
    en: 'find it in pg_stat_activity and end it: it keeps vacuum from its work and tables grow',
  });
}

export function checkBloat({ deadTuples, databaseBytes }: HouseFacts): Check {
  const size = `${(databaseBytes / GB).toFixed(1)} GB`;
  return some(
    'bloat',
    deadTuples,
    { zh: `数据库 ${size}，没有积压的死行`, en: `the database has ${size}, no dead rows pile up` },
    { zh: `数据库 ${size}，死行比活行多的表`, en: `the database has ${size}; tables with more dead rows than live ones` },
    { zh: '先看最久的事务，再 vacuum 这些表', en: 'look at the oldest transaction first, then vacuum these tables' },
  );
}

export interface AuditFacts {
  readonly lastHeadAt: number | null;
  readonly unheaded: number;
  readonly isSentOut: boolean;
}
export function checkAudit({ lastHeadAt, unheaded, isSentOut }: AuditFacts, now: number): Check {
  const age = lastHeadAt === null ? null : now - lastHeadAt;
  const words = {
    zh: lastHeadAt === null ? '审计还没有签过链头' : `审计链头最近签于 ${new Date(lastHeadAt).toISOString()}，之后 ${unheaded} 条`,
    en:
      lastHeadAt === null
        ? 'no head of the audit was signed yet'
        : `the last head of the audit was signed at ${new Date(lastHeadAt).toISOString()}, ${unheaded} records since`,
  };
  if (unheaded > 0 && (age === null || age > HEAD_LATE_MS))
    return bad('audit', words, {
      zh: '看日志里的 audit.head_failed；服务器须在运行',
      en: 'look for audit.head_failed in the log; the server must run',
    });
  return isSentOut
    ? fine('audit', words)
    : warning(
        'audit',
        { zh: `${words.zh}；没有送出`, en: `${words.en}; they are sent nowhere` },
        {
          zh: '设置 WEIR_AUDIT_HEADS 或 WEIR_AUDIT_HEADS_URL，否则截掉的尾部看不出来',
          en: 'set WEIR_AUDIT_HEADS or WEIR_AUDIT_HEADS_URL, else a tail that was cut off does not show',
        },
      );
}

/** Tables that the coming days need. */
export function checkParts(missing: readonly string[]): Check {
  return missing.length === 0
    ? fine('parts', { zh: '日志的表已建到明天之后', en: 'the tables of the logs are made beyond tomorrow' })
    : bad(
        'parts',
        { zh: `缺少表 ${missing.join('、')}`, en: `missing tables: ${missing.join(', ')}` },
        {
          zh: '服务器每十分钟补建；看日志里的 upkeep.failed',
          en: 'the server makes them every ten minutes; look for upkeep.failed in its log',
        },
      );
}

export function checkMigrations(
  landed: readonly { version: number; sha256: string }[] | null,
  known: readonly { version: number; sha256: string; name: string }[],
): Check {
  const id = 'migrations';
  if (landed === null)
    return warning(
      id,
      { zh: '数据库还是空的', en: 'the database is empty still' },
      { zh: '启动服务器，它会建表', en: 'start the server, which makes the tables' },
    );
  const changed = known.find((file) => landed.some((row) => row.version === file.version && row.sha256 !== file.sha256));
  if (landed.length > known.length)
    return bad(
      id,
      {
        zh: `数据库结构是第 ${landed.length} 版，本程序只到第 ${known.length} 版`,
        en: `the schema is at version ${landed.length}, this program knows ${known.length}`,
      },
      { zh: '使用更新版本的 Weir，或恢复旧备份', en: 'run a newer Weir, or restore an older backup' },
    );
  if (changed !== undefined)
    return bad(
      id,
      { zh: `迁移 ${changed.name} 与数据库中记录的不同`, en: `migration ${changed.name} differs from what the database recorded` },
      { zh: '放回原来的文件；已上线的迁移不可修改', en: 'put the original file back: a landed migration is never changed' },
    );
  if (landed.length < known.length)
    return warning(
      id,
      { zh: `有 ${known.length - landed.length} 个迁移待执行`, en: `${known.length - landed.length} migrations are to be run` },
      { zh: '先备份，再启动新版本，它会执行', en: 'make a backup, then start the new version, which runs them' },
    );
  return fine(id, { zh: `数据库结构是第 ${landed.length} 版，最新`, en: `the schema is at version ${landed.length}, the newest` });
}
