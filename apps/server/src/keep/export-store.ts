/** SQL of a logical export and its way back: rows as JSON text, which no program in between reads or rounds. */
import type { Sql } from '#platform';

/** Made by themselves, or worth nothing elsewhere. */
const LEFT_OUT = ['schema_migrations', 'sessions', 'order_counts', 'order_hours'];
/** Others point at them. */
const FIRST = ['installation', 'apps', 'people', 'imports'];

/** The tables of the house, those first that others point at. */
export async function listTables(sql: Sql): Promise<string[]> {
  const { rows } = await sql.query<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
       and c.relname <> all($1) order by array_position($2::text[], c.relname::text), c.relname`,
    [LEFT_OUT, FIRST],
  );
  return rows.map(({ name }) => name);
}
export interface PartBounds {
  readonly parent: string;
  readonly name: string;
  readonly from: number;
  readonly to: number;
}
export async function listPartBounds(sql: Sql): Promise<PartBounds[]> {
  const { rows } = await sql.query<PartBounds>(
    `select p.relname as parent, c.relname as name, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''?(\\d+)'))[1]::int8 as "from",
       (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''?(\\d+)'))[1]::int8 as "to"
     from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent where p.relkind = 'p' order by 1, 3`,
  );
  return rows;
}
/** `table` is a name of the catalogue. */
export async function openRows(tx: Sql, table: string): Promise<void> {
  await tx.query(`declare rows no scroll cursor for select row_to_json(t)::text as row from ${table} t`);
}
export async function fetchRows(tx: Sql, limit: number): Promise<string[]> {
  return (await tx.query<{ row: string }>(`fetch ${limit} from rows`)).rows.map(({ row }) => row);
}
/** How long the longest of its rows may be as text, roughly: how much of it lies in memory at once is chosen by it. */
export async function longestRow(tx: Sql, table: string): Promise<number> {
  return (await tx.query<{ n: number }>(`select coalesce(max(pg_column_size(t)), 0)::int8 as n from ${table} t`)).rows[0]?.n ?? 0;
}
export const closeRows = async (tx: Sql): Promise<void> => void (await tx.query('close rows'));

export async function isUnused(sql: Sql): Promise<boolean> {
  const { rows } = await sql.query<{ n: number }>(
    'select (select count(*) from installation) + (select count(*) from orders) + (select count(*) from inbox) as n',
  );
  return rows[0]?.n === 0;
}
/** What the migrations put there gives way to what the export holds. */
export const emptyTable = async (tx: Sql, table: string): Promise<void> => void (await tx.query(`delete from ${table}`));
export const insertRows = async (tx: Sql, table: string, rows: readonly string[]): Promise<void> =>
  void (await tx.query(`insert into ${table} select * from json_populate_recordset(null::${table}, $1::json)`, [`[${rows.join(',')}]`]));
export const makePart = async (tx: Sql, { parent, name, from, to }: PartBounds): Promise<void> =>
  void (await tx.query(`create table if not exists ${name} partition of ${parent} for values from (${from}) to (${to})`));
export async function readSchemaVersion(sql: Sql): Promise<number> {
  return (await sql.query<{ v: number }>('select max(version) as v from schema_migrations')).rows[0]?.v ?? 0;
}

/** Which export is being loaded into the house; null when none is, or there is no house yet. */
export async function readLoading(sql: Sql): Promise<string | null> {
  return (await sql.query<{ loading: string | null }>('select loading from installation')).rows[0]?.loading ?? null;
}
export const markLoading = async (sql: Sql, from: string | null): Promise<void> =>
  void (await sql.query('update installation set loading = $1', [from]));
