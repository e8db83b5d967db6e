import type { Db } from './db.ts';
import { isConnectionFault, sqlstateOf } from './db-faults.ts';
import { StartProblem } from './faults.ts';

const OLDEST_VERSION = 150_000;
/** What "accepted" rests on: with one of these off, an answered order could be gone after a power cut. */
const MUST_NOT_BE_OFF = ['fsync', 'full_page_writes', 'synchronous_commit'] as const;

export interface DatabaseFacts {
  readonly version: string;
  readonly settings: Readonly<Record<string, string>>;
}

const SHOWN = ['shared_buffers', 'max_wal_size', 'wal_compression', 'checkpoint_timeout', 'wal_level'] as const;

/**
 * Asks the server what it is and how safely it stores. Refuses (StartProblem): `database.unreachable`, `database.login`,
 * `database.too_old` (< 15), `database.unsafe` (fsync, full_page_writes or synchronous_commit off), `database.encoding` (not UTF8).
 */
export async function checkDatabase(db: Db): Promise<DatabaseFacts> {
  const settings = await readFacts(db).catch((error: unknown) => {
    throw reachProblem(error) ?? error;
  });
  if (Number(settings['server_version_num']) < OLDEST_VERSION) throw tooOld(settings['server_version'] ?? '?');
  const off = MUST_NOT_BE_OFF.filter((name) => settings[name] === 'off');
  if (off.length > 0) throw unsafe(off);
  if (settings['server_encoding'] !== 'UTF8') throw encoding(settings['server_encoding'] ?? '?');
  return { version: settings['server_version'] ?? '?', settings };
}

async function readFacts(db: Db): Promise<Record<string, string>> {
  const names = ['server_version_num', 'server_version', 'server_encoding', ...MUST_NOT_BE_OFF, ...SHOWN];
  const { rows } = await db.query<{ name: string; value: string }>(
    'select name, current_setting(name) as value from pg_settings where name = any($1::text[])',
    [names],
  );
  return Object.fromEntries(rows.map((row) => [row.name, row.value]));
}

function reachProblem(error: unknown): StartProblem | null {
  const sqlstate = sqlstateOf(error);
  if (sqlstate !== null && /^(28|3D)/.test(sqlstate)) {
    return new StartProblem(
      'database.login',
      {
        zh: `数据库拒绝登录（${sqlstate}）：请检查 WEIR_DATABASE_URL 中的用户、密码和库名`,
        en: `The database refused the login (${sqlstate}): check user, password and database name in WEIR_DATABASE_URL`,
      },
      error,
    );
  }
  if (!isConnectionFault(error)) return null;
  return new StartProblem(
    'database.unreachable',
    {
      zh: '连不上数据库：请检查 WEIR_DATABASE_URL 的主机和端口，以及数据库是否在运行',
      en: 'The database cannot be reached: check host and port in WEIR_DATABASE_URL, and that the server runs',
    },
    error,
  );
}

function tooOld(version: string): StartProblem {
  return new StartProblem('database.too_old', {
    zh: `数据库是 PostgreSQL ${version}，需要 15 或更新`,
    en: `The database is PostgreSQL ${version}; 15 or newer is needed`,
  });
}

function unsafe(names: readonly string[]): StartProblem {
  return new StartProblem('database.unsafe', {
    zh: `数据库设置 ${names.join('、')} 为 off，断电会丢单：请设为 on 后重启数据库`,
    en: `The database runs with ${names.join(', ')} off, so a power cut would lose orders: set it on and restart the database`,
  });
}

function encoding(name: string): StartProblem {
  return new StartProblem('database.encoding', {
    zh: `数据库编码是 ${name}，需要 UTF8：请用 encoding 'UTF8' 新建库`,
    en: `The database's encoding is ${name}, UTF8 is needed: create it with encoding 'UTF8'`,
  });
}
