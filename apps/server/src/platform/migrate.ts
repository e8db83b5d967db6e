import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from './db.ts';
import { DatabaseAnswer } from './db-faults.ts';
import { Fault, StartProblem } from './faults.ts';
import type { Sql } from './sql.ts';

interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sha256: string;
  readonly text: string;
}

/** Any number, the same for every version of Weir: two servers that start at once migrate one after the other. */
const MIGRATION_LOCK = 7_700_001;
const FILE_NAME = /^(\d{4})-([a-z0-9-]+)\.sql$/;

/**
 * Brings the schema to the newest file of `dir`, each file in its own transaction; may be repeated and run by several servers at once.
 * Refuses (StartProblem) `migration.changed`: a landed file reads differently now, and `migration.newer`: the database is ahead of this code.
 */
export async function migrate(db: Db, dir: string): Promise<{ readonly from: number; readonly to: number }> {
  const files = await readMigrations(dir);
  await locked(db, (tx) =>
    tx.query(`
      create table if not exists schema_migrations (
        version integer constraint schema_migrations_pk primary key,
        name text not null,
        sha256 text not null,
        applied_at timestamptz not null default now()
      )`),
  );
  const from = await locked(db, (tx) => checkLanded(tx, files));
  for (const file of files) await locked(db, (tx) => applyOnce(tx, file));
  return { from, to: files.at(-1)?.version ?? 0 };
}

async function locked<T>(db: Db, run: (tx: Sql) => Promise<T>): Promise<T> {
  const work = async (tx: Sql): Promise<T> => {
    await tx.query('select pg_advisory_xact_lock($1)', [MIGRATION_LOCK]);
    return run(tx);
  };
  return db.transaction(work, { statementTimeoutMs: 0 });
}

/** The files of a directory in order. Line ends count as \n, so that a checkout on another system has the same hash. */
export async function readMigrations(dir: string): Promise<readonly Migration[]> {
  const names = (await readdir(dir)).filter((name) => name.endsWith('.sql')).sort();
  const files = await Promise.all(names.map(async (name) => toMigration(name, await readFile(join(dir, name), 'utf8'))));
  files.forEach((file, index) => {
    if (file.version === index + 1) return;
    throw numbering(`${file.name}.sql`, index + 1);
  });
  return files;
}

function toMigration(fileName: string, content: string): Migration {
  const match = FILE_NAME.exec(fileName);
  if (match === null) throw numbering(fileName, null);
  const text = content.replaceAll('\r\n', '\n');
  return { version: Number(match[1]), name: fileName.slice(0, -4), sha256: createHash('sha256').update(text).digest('hex'), text };
}

function numbering(fileName: string, expected: number | null): StartProblem {
  const wanted = expected === null ? 'NNNN-name.sql' : `${String(expected).padStart(4, '0')}-….sql`;
  return new StartProblem('migration.name', {
    zh: `数据库迁移文件 ${fileName} 的编号不连续或名称不对，应为 ${wanted}`,
    en: `The migration file ${fileName} is misnamed or out of sequence; expected ${wanted}`,
  });
}

async function checkLanded(tx: Sql, files: readonly Migration[]): Promise<number> {
  const { rows } = await tx.query<{ version: number; name: string; sha256: string }>(
    'select version, name, sha256 from schema_migrations order by version',
  );
  for (const landed of rows) {
    const file = files[landed.version - 1];
    if (file === undefined) throw newer(landed.version, files.length);
    if (file.sha256 !== landed.sha256) throw changed(landed.name);
  }
  return rows.length;
}

function newer(landed: number, known: number): StartProblem {
  return new StartProblem('migration.newer', {
    zh: `数据库结构是第 ${landed} 版，本程序只认识到第 ${known} 版：请使用更新版本的 Weir，或恢复旧备份`,
    en: `The database schema is at version ${landed}, this program knows ${known}: run a newer Weir, or restore an older backup`,
  });
}

function changed(name: string): StartProblem {
  return new StartProblem('migration.changed', {
    zh: `已执行过的迁移 ${name}.sql 内容被改动：请还原该文件，改动写进新的编号文件`,
    en: `The migration ${name}.sql has been applied and reads differently now: restore the file and put the change into a new numbered one`,
  });
}

async function applyOnce(tx: Sql, file: Migration): Promise<void> {
  const landed = await tx.query('select 1 from schema_migrations where version = $1', [file.version]);
  if (landed.rowCount > 0) return;
  await tx.query(file.text).catch((error: unknown) => {
    throw withFile(error, file);
  });
  await tx.query('insert into schema_migrations (version, name, sha256) values ($1, $2, $3)', [file.version, file.name, file.sha256]);
}

/** Names the file and the line, for whoever writes it; a fault of the surroundings stays what it is. */
function withFile(error: unknown, file: Migration): unknown {
  if (!(error instanceof Fault) || error.retry || !(error.cause instanceof DatabaseAnswer)) return error;
  const { position } = error.cause;
  const line = position === null ? '' : `, line ${file.text.slice(0, position).split('\n').length}`;
  return new Fault('migration.failed', { message: `${file.name}.sql${line}: ${error.message}`, retry: false, cause: error.cause });
}
