/** A logical export: every table as NDJSON of one moment, whatever PostgreSQL it lies in, and the way back into an empty one. Sealed values stay sealed. */
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import { proveRootKey, ROOT_KEY_FILE, rootKeyId } from '#access';
import { type Clock, migrate, openDb, type Sql } from '#platform';
import {
  closeRows,
  emptyTable,
  fetchRows,
  insertRows,
  isUnused,
  longestRow,
  listPartBounds,
  listTables,
  makePart,
  markLoading,
  openRows,
  type PartBounds,
  readLoading,
  readSchemaVersion,
} from './export-store.ts';
import { fsyncPath, writeDurably } from './files.ts';
import { newTimeline, requireClock, type TimelineBegun } from './new-timeline.ts';
import { problemOf } from './problems.ts';
import { readNewest } from './timeline-store.ts';

const FORM = 'weir-export-1';
const ROWS_AT_ONCE = 500;
/** Of rows in memory at once, about; a segment of the inbox may be a megabyte by itself. */
const BYTES_AT_ONCE = 16_000_000;
/** A row as JSON against the row as it is stored: bytes are two digits each, and what is compressed grows. */
const TEXT_GROWTH = 8;
const NAME = /^[a-z][a-z0-9_]*$/;
interface TableDigest {
  readonly table: string;
  readonly rows: number;
  /** Of the lines, uncompressed. */
  readonly sha256: string;
}
interface ExportManifest {
  readonly form: typeof FORM;
  readonly at: string;
  readonly schemaVersion: number;
  readonly rootKeyId: string | null;
  readonly parts: readonly PartBounds[];
  readonly tables: readonly TableDigest[];
}
const fileOf = (folder: string, table: string): string => join(folder, `${table}.ndjson.zst`);

/** One snapshot of the whole; the folder appears under its name only when it is whole. Memory holds some hundred rows. */
export async function exportHouse(
  url: string,
  to: string,
  clock: Clock,
  keyId: string | null,
): Promise<{ readonly folder: string; readonly tables: readonly TableDigest[] }> {
  const db = openDb({ url, max: 1, name: 'weir export' });
  const folder = join(resolve(to), `weir-export-${new Date(clock.now()).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`);
  const draft = join(dirname(folder), `.${basename(folder)}.part`);
  mkdirSync(draft, { recursive: true, mode: 0o700 });
  try {
    const at = new Date(clock.now()).toISOString();
    const manifest = await db.transaction(
      async (tx): Promise<ExportManifest> => {
        const tables: TableDigest[] = [];
        for (const table of await listTables(tx)) tables.push(await writeTable(tx, table, fileOf(draft, table)));
        return { form: FORM, at, schemaVersion: await readSchemaVersion(tx), rootKeyId: keyId, parts: await listPartBounds(tx), tables };
      },
      { snapshot: true, readOnly: true, statementTimeoutMs: 0 },
    );
    writeDurably(join(draft, 'manifest.json'), `${JSON.stringify(manifest)}\n`);
    renameSync(draft, folder);
    fsyncPath(dirname(folder));
    return { folder, tables: manifest.tables };
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  } finally {
    await db.end();
  }
}

/** `longest` in bytes, as stored. */
export const rowsAtOnce = (longest: number): number =>
  Math.max(1, Math.min(ROWS_AT_ONCE, Math.floor(BYTES_AT_ONCE / (longest * TEXT_GROWTH || 1))));

async function writeTable(tx: Sql, table: string, file: string): Promise<TableDigest> {
  const hash = createHash('sha256');
  let rows = 0;
  const most = rowsAtOnce(await longestRow(tx, table));
  await openRows(tx, table);
  const lines = async function* (): AsyncGenerator<string> {
    for (;;) {
      const page = await fetchRows(tx, most);
      if (page.length === 0) return;
      rows += page.length;
      const text = page.map((row) => `${row}\n`).join('');
      hash.update(text);
      yield text;
    }
  };
  await pipeline(Readable.from(lines()), createZstdCompress(), createWriteStream(file, { mode: 0o600, flush: true }));
  await closeRows(tx);
  return { table, rows, sha256: hash.digest('hex') };
}

interface LoadOptions {
  readonly url: string;
  readonly home: string;
  readonly from: string;
  readonly migrations: string;
  readonly clock: Clock;
  /** Named points at which a test may stop the process. */
  readonly reach?: (point: string) => void;
}
/**
 * Into a database that was never used; all of it or nothing, and then a new timeline as after a restore. Until that has begun the database bears a mark, with which
 * no server starts; a second try goes on there. Refuses (StartProblem) `export.*`, `restore.*`, and what a start refuses.
 */
export async function loadExport({ url, home, from, migrations, clock, reach = () => {} }: LoadOptions): Promise<TimelineBegun> {
  const folder = resolve(from);
  const manifest = readExport(folder);
  if (manifest.rootKeyId !== null && rootKeyId(join(home, ROOT_KEY_FILE)) !== manifest.rootKeyId) throw problemOf('restore.wrong_root_key');
  const backupAt = Date.parse(manifest.at);
  requireClock(clock.now(), backupAt);
  const db = openDb({ url, max: 1, name: 'weir export load' });
  try {
    const { to } = await migrate(db, migrations);
    if (to !== manifest.schemaVersion) throw problemOf('export.other_schema', { found: manifest.schemaVersion, ours: to });
    await db.transaction(
      async (tx) => {
        if ((await readLoading(tx)) === basename(folder)) return; // its data is in: what is missing is the new timeline
        if (!(await isUnused(tx))) throw problemOf('export.not_empty');
        const known = new Set(await listTables(tx));
        for (const part of manifest.parts)
          if (NAME.test(part.name) && known.has(part.parent)) await makePart(tx, { ...part, from: Number(part.from), to: Number(part.to) });
        for (const { table } of manifest.tables) if (known.has(table)) await emptyTable(tx, table);
        for (const wanted of manifest.tables) {
          if (!known.has(wanted.table)) throw problemOf('export.damaged', { folder, what: wanted.table });
          await readTable(tx, folder, wanted);
        }
        requireClock(clock.now(), await readNewest(tx));
        await proveRootKey(tx, home);
        await markLoading(tx, basename(folder));
      },
      { statementTimeoutMs: 0 },
    );
  } finally {
    await db.end();
  }
  reach('export.loaded');
  return newTimeline({ url, home, migrations, clock, backupAt, from: folder, reach });
}

/** Refuses (StartProblem) a database into which an export was loaded and whose new timeline never began: `database.half_loaded`. */
export async function refuseHalfLoaded(sql: Sql): Promise<void> {
  const from = await readLoading(sql);
  if (from !== null) throw problemOf('database.half_loaded', { from });
}

function readExport(folder: string): ExportManifest {
  const file = join(folder, 'manifest.json');
  if (!existsSync(file)) throw problemOf('export.none', { folder });
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as ExportManifest;
  if (manifest.form !== FORM) throw problemOf('export.damaged', { folder, what: 'manifest.json' });
  return manifest;
}

async function readTable(tx: Sql, folder: string, { table, rows, sha256 }: TableDigest): Promise<void> {
  const hash = createHash('sha256');
  const input = createReadStream(fileOf(folder, table)).pipe(createZstdDecompress());
  let [page, bytes, found]: [string[], number, number] = [[], 0, 0];
  for await (const line of createInterface({ input })) {
    hash.update(`${line}\n`);
    found += 1;
    bytes += line.length;
    if (page.push(line) < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE) continue;
    await insertRows(tx, table, page);
    [page, bytes] = [[], 0];
  }
  if (page.length > 0) await insertRows(tx, table, page);
  if (found !== rows || hash.digest('hex') !== sha256) throw problemOf('export.damaged', { folder, what: table });
}
