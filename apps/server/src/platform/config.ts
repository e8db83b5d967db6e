import { readSettings, type SettingsOf } from './settings.ts';
import { LOG_LEVELS } from './log.ts';
import type { Setting } from './settings.ts';

/** The settings of the house itself; a room has a table like this of its own and gives it to `readSettings`. */
export const PLATFORM_SETTINGS = {
  home: {
    env: 'WEIR_HOME',
    type: 'text',
    default: '.weir',
    zh: '数据目录：内置数据库、密钥和锁都在这里',
    en: 'data directory: embedded database, keys and locks live here',
  },
  port: {
    env: 'WEIR_PORT',
    type: 'integer',
    default: 7700,
    range: [0, 65_535],
    zh: 'HTTP 端口，0 表示任选',
    en: 'HTTP port, 0 takes any free one',
  },
  host: { env: 'WEIR_HOST', type: 'text', default: '127.0.0.1', zh: '监听地址', en: 'address to listen on' },
  databaseUrl: {
    env: 'WEIR_DATABASE_URL',
    type: 'url',
    default: null,
    protocols: ['postgres:', 'postgresql:'],
    secret: true,
    zh: '外部 PostgreSQL（15 或更新）；不填则使用内置数据库',
    en: 'a PostgreSQL of yours (15 or newer); the embedded one when absent',
  },
  adminToken: {
    env: 'WEIR_ADMIN_TOKEN',
    type: 'text',
    default: null,
    length: [16, 200],
    secret: true,
    zh: '管理员令牌；不填则生成一个并只显示一次',
    en: 'token of the administrator; one is made and shown once when absent',
  },
  publicUrl: {
    env: 'WEIR_PUBLIC_URL',
    type: 'url',
    default: null,
    protocols: ['http:', 'https:'],
    zh: '外部访问地址，用于链接',
    en: 'address under which others reach this server, for links',
  },
  trustedProxies: {
    env: 'WEIR_TRUSTED_PROXIES',
    type: 'networks',
    default: [],
    zh: '本机前面的反向代理的地址或网段；来自它们的 X-Forwarded-For 才算数。不填则一概不信',
    en: 'addresses or networks of proxies before this server, whose X-Forwarded-For counts; nobody is believed when absent',
  },
  connectionsPerAddress: {
    env: 'WEIR_CONNECTIONS_PER_ADDRESS',
    type: 'integer',
    default: 1_000,
    range: [10, 10_000],
    zh: '同一来源地址最多的连接数（经可信代理来的不计）',
    en: 'connections that one address may have (what comes through a trusted proxy is not counted)',
  },
  allowPrivateEndpoints: {
    env: 'WEIR_ALLOW_PRIVATE_ENDPOINTS',
    type: 'flagOrNetworks',
    default: false,
    zh: '允许向内网或本机地址推送：1 为全部，或只列出这些网段；链路本地和云元数据地址始终拒绝',
    en: 'webhooks may go to private and loopback addresses: 1 = all of them, or these networks only; link-local and metadata addresses are always refused',
  },
  backupDir: {
    env: 'WEIR_BACKUP_DIR',
    type: 'text',
    default: null,
    zh: '每天把内置数据库备份到这个目录；不填则不自动备份',
    en: 'folder for a daily backup of the embedded database; none is made when absent',
  },
  backupKeepDays: {
    env: 'WEIR_BACKUP_KEEP_DAYS',
    type: 'integer',
    default: 35,
    range: [1, 3_650],
    zh: '自动备份保留的天数，最新的一份总会留下',
    en: 'days for which those backups are kept; the newest always stays',
  },
  auditHeads: {
    env: 'WEIR_AUDIT_HEADS',
    type: 'text',
    default: null,
    zh: '审计链头写到的文件（只追加；最好在别的机器或只可追加的盘上）',
    en: 'file that gets the signed heads of the audit (append-only; best on another machine or a disk that only grows)',
  },
  auditHeadsUrl: {
    env: 'WEIR_AUDIT_HEADS_URL',
    type: 'url',
    default: null,
    protocols: ['http:', 'https:'],
    secret: true,
    zh: '审计链头发往的地址（每个一次 POST）',
    en: 'address that gets the signed heads of the audit, one POST each',
  },
  keepFactsDays: {
    env: 'WEIR_KEEP_FACTS_DAYS',
    type: 'integer',
    default: 1_095,
    range: [30, 36_500],
    zh: '订单结束且再无变化之后，订单与其历史保留的天数；更早月份的事件一并删除',
    en: 'days for which an order and its history are kept after it ended and last changed; events of older months go with them',
  },
  keepPersonalDays: {
    env: 'WEIR_KEEP_PERSONAL_DAYS',
    type: 'integer',
    default: 180,
    range: [1, 3_650],
    zh: '订单结束且再无变化之后，个人信息保留的天数',
    en: 'days for which the personal data of an order is kept after it ended and last changed',
  },
  keepRawDays: {
    env: 'WEIR_KEEP_RAW_DAYS',
    type: 'integer',
    default: 90,
    range: [2, 3_650],
    zh: '收到的原文（inbox）及其处理结果保留的天数',
    en: 'days for which raw messages (the inbox) and what became of them are kept',
  },
  keepWorkDays: {
    env: 'WEIR_KEEP_WORK_DAYS',
    type: 'integer',
    default: 90,
    range: [1, 3_650],
    zh: '已办完的回写、导入报告、补拉和死信保留的天数',
    en: 'days for which finished write-backs, import reports, back-fills and dead letters are kept',
  },
  logLevel: {
    env: 'WEIR_LOG_LEVEL',
    type: 'choice',
    choices: LOG_LEVELS,
    default: 'info',
    zh: '日志级别',
    en: 'least level that is logged',
  },
} as const satisfies Readonly<Record<string, Setting>>;

export type Config = SettingsOf<typeof PLATFORM_SETTINGS>;

/** Throws a StartProblem that names every wrong variable at once. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  return readSettings(PLATFORM_SETTINGS, env);
}
