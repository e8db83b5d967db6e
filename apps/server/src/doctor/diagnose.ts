/** Looks at an installation from outside, as far as it can, and changes nothing. What depends on something broken is skipped and says so. */
import { readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { countUnheaded, lastHead, rootOf } from '#access';
import { partNames } from '#intake';
import { listBackups } from '#keep';
import { checkDatabase, type Clock, type Config, type Db, embeddedUrl, openDb, readMigrations, StartProblem } from '#platform';
import { bad, type Check, fine, skipped, warning } from './check.ts';
import {
  checkAudit,
  checkBloat,
  checkChannels,
  checkClock,
  checkDeadLetters,
  checkEndpoints,
  checkLag,
  checkLease,
  checkMigrations,
  checkParts,
  checkProvenTime,
  checkPulls,
  checkRetention,
  checkSending,
  checkTransactions,
  checkWriteBack,
} from './house.ts';
import {
  answersAt,
  checkBackups,
  checkConsole,
  checkDisk,
  checkHome,
  checkNode,
  checkOpenFiles,
  checkPort,
  checkRootKeyText,
  checkSecretFile,
  withRights,
} from './machine.ts';
import { readHouseFacts, readKeyFacts, readLanded, readTables } from './store.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../../database/migrations', import.meta.url));
const CONSOLE = fileURLToPath(new URL('../../../console/dist', import.meta.url));
const CONNECT_MS = 5_000;
const STATEMENT_MS = 20_000;
const DAY_MS = 86_400_000;

export interface DoctorDeps {
  readonly config: Config;
  readonly clock: Clock;
  readonly nodeVersion: string;
  readonly freeBytes: (path: string) => number;
  /** As `/proc/self/limits` has it; empty where there is none. */
  readonly limits: string;
  /** Where the built pages of the console lie. */
  readonly consoleDir: string;
}

export const realWorld = (config: Config, clock: Clock): DoctorDeps => ({
  config,
  clock,
  nodeVersion: process.versions.node,
  freeBytes: (path) => {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  },
  limits: limitsHere(),
  consoleDir: CONSOLE,
});
function limitsHere(): string {
  try {
    return readFileSync('/proc/self/limits', 'utf8');
  } catch {
    return '';
  }
}

export async function diagnose(deps: DoctorDeps): Promise<Check[]> {
  const { config, clock } = deps;
  const isEmbedded = config.databaseUrl === null;
  const answers = await answersAt(config.host, config.port);
  const access = join(config.home, 'postgres-access.json');
  const url = config.databaseUrl ?? withRights('database', access, () => embeddedUrl(config.home));
  const times = withRights('backups', String(config.backupDir), () => backupTimes(config.backupDir));
  const machine = [
    checkNode(deps.nodeVersion),
    checkOpenFiles(deps.limits),
    checkHome(config.home),
    checkDisk('home_disk', config.home, deps.freeBytes),
    checkConsole(deps.consoleDir),
    await checkPort(config.host, config.port, answers),
    ...(isEmbedded
      ? [checkDisk('database_disk', join(config.home, 'postgres'), deps.freeBytes)]
      : [
          skipped('database_disk', {
            zh: '数据库在别处，磁盘请在那台机器上看',
            en: 'the database is elsewhere: look at its disk on that machine',
          }),
        ]),
    checkSecretFile('admin_token', join(config.home, 'admin.token'), false),
    checkSecretFile('database_login', access, false),
    isCheck(times) ? times : checkBackups(times, isEmbedded, clock.now()),
  ].filter((check) => check !== null);
  if (url === null) return [...machine, noDatabase(config.home, answers)];
  return isCheck(url) ? [...machine, url] : [...machine, ...(await withDb(url, (db) => checkHouse(db, deps, isEmbedded)))];
}

const isCheck = (value: unknown): value is Check => typeof value === 'object' && value !== null && 'state' in value;

const backupTimes = (dir: string | null): number[] | null =>
  dir === null ? null : listBackups(dir).map(({ manifest }) => Date.parse(manifest.startedAt));

/** A server that answers has its database somewhere: whoever looks here looks at nothing, and must not be told that all is well. */
const noDatabase = (home: string, answers: boolean): Check =>
  answers
    ? bad(
        'database',
        {
          zh: `Weir 在端口上应答，但数据目录 ${home} 里没有数据库：看的不是它的目录`,
          en: `Weir answers at the port, but there is no database in ${home}: this is not its data directory`,
        },
        { zh: '用服务器的 WEIR_HOME（或 WEIR_DATABASE_URL）再运行', en: 'run again with the server’s WEIR_HOME (or WEIR_DATABASE_URL)' },
      )
    : warning(
        'database',
        { zh: `数据目录 ${home} 里还没有数据库`, en: `there is no database in ${home} yet` },
        { zh: '启动一次服务器', en: 'start the server once' },
      );

async function withDb(url: string, run: (db: Db) => Promise<Check[]>): Promise<Check[]> {
  const db = openDb({ url, max: 1, name: 'weir doctor', acquireTimeoutMs: CONNECT_MS, statementTimeoutMs: STATEMENT_MS });
  try {
    return await run(db);
  } finally {
    await db.end();
  }
}

async function checkHouse(db: Db, deps: DoctorDeps, isEmbedded: boolean): Promise<Check[]> {
  const database = await checkServer(db, isEmbedded);
  if (database.state === 'bad')
    return [database, skipped('house', { zh: '其余检查要等数据库可用', en: 'all other checks need the database' })];
  const known = await readMigrations(MIGRATIONS);
  const landed = await readLanded(db);
  const migrations = checkMigrations(landed, known);
  if (landed === null || landed.length !== known.length || migrations.state === 'bad')
    return [
      database,
      migrations,
      skipped('house', { zh: '其余检查要等数据库结构与程序一致', en: 'all other checks need a schema that fits this program' }),
    ];
  return [database, migrations, ...(await checkKeys(db, deps)), ...(await checkWork(db, deps))];
}

async function checkServer(db: Db, isEmbedded: boolean): Promise<Check> {
  try {
    const { version } = await checkDatabase(db);
    return fine('database', {
      zh: `PostgreSQL ${version} 可用，提交即落盘`,
      en: `PostgreSQL ${version} answers and stores before it says so`,
    });
  } catch (error) {
    if (!(error instanceof StartProblem)) throw error;
    const start = { zh: '内置数据库随服务器运行：先启动服务器', en: 'the embedded database runs with its server: start the server first' };
    return bad('database', { zh: error.zh, en: error.en }, isEmbedded ? start : { zh: '照上面这句做', en: 'do as the sentence says' });
  }
}

async function checkKeys(db: Db, { config, clock }: DoctorDeps): Promise<Check[]> {
  const facts = await readKeyFacts(db);
  const file = join(config.home, 'root.key');
  const [root, text] = [checkSecretFile('root_key', file, facts !== null), checkRootKeyText(file)];
  const files = [root, text].filter((check) => check !== null);
  if (facts === null || root?.en.includes('is missing') || text !== null) return files;
  const month = new Date(clock.now()).toISOString().slice(0, 7);
  try {
    rootOf(config.home).unwrap(facts.wrapped);
  } catch (error) {
    const words = error instanceof StartProblem ? error : { zh: '根密钥读不出来', en: 'the root key cannot be read' };
    return [
      ...files,
      bad('keys', words, { zh: '从备份放回这个数据库的 root.key', en: 'put back the root.key that belongs to this database' }),
    ];
  }
  return [
    ...files,
    facts.months.includes(month)
      ? fine('keys', {
          zh: `根密钥与数据库相配，本月（${month}）的数据密钥已备好`,
          en: `the root key fits the database, the data key of ${month} is there`,
        })
      : warning(
          'keys',
          { zh: `还没有本月（${month}）的数据密钥`, en: `there is no data key of ${month} yet` },
          { zh: '启动服务器，它会建', en: 'start the server, which makes it' },
        ),
  ];
}

async function checkWork(db: Db, { config, clock }: DoctorDeps): Promise<Check[]> {
  const facts = await readHouseFacts(db);
  const wanted = [clock.now(), clock.now() + DAY_MS].flatMap(partNames);
  const there = new Set(await readTables(db, wanted));
  const audit = {
    lastHeadAt: (await lastHead(db))?.at ?? null,
    unheaded: await countUnheaded(db),
    isSentOut: config.auditHeads !== null || config.auditHeadsUrl !== null,
  };
  return [
    checkClock(facts, clock.now()),
    checkProvenTime(facts, clock.now()),
    checkParts([...new Set(wanted)].filter((name) => !there.has(name))),
    checkLease(facts),
    checkLag(facts),
    checkEndpoints(facts),
    checkChannels(facts),
    checkPulls(facts),
    checkWriteBack(facts),
    checkRetention(facts),
    checkDeadLetters(facts),
    checkTransactions(facts),
    checkBloat(facts),
    checkAudit(audit, clock.now()),
    checkSending(facts, config.auditHeadsUrl !== null),
  ].filter((check) => check !== null);
}
