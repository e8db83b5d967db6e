/** A database's schema as SQL, from its catalogue: the same text on every PostgreSQL that Weir runs on. There is no pg_dump in the embedded binaries. */
import type { Sql } from '../../apps/server/src/platform/index.ts';

interface Table {
  readonly oid: number;
  readonly name: string;
  readonly partitionKey: string | null;
  readonly options: readonly string[] | null;
}
interface Part {
  readonly oid: number;
  readonly text: string;
}

const TABLES = `select c.oid::int8 as oid, c.relname as name, pg_get_partkeydef(c.oid) as "partitionKey", c.reloptions as options
  from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`;
const COLUMNS = `select a.attrelid::int8 as oid, a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
    || case when a.attidentity <> '' or a.attgenerated <> '' then ' identity or generated' else '' end as text
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attnum > 0 and not a.attisdropped order by a.attrelid, a.attnum`;
const CONSTRAINTS = `select conrelid::int8 as oid, 'constraint ' || conname || ' ' || pg_get_constraintdef(oid) as text
  from pg_constraint where contype in ('p', 'u', 'f', 'c', 'x') and connamespace = 'public'::regnamespace order by contype = 'f', conname`;
const STORAGE = `select a.attrelid::int8 as oid, a.attname || ' set storage ' || case a.attstorage when 'e' then 'external' when 'm' then 'main' when 'x' then 'extended' else 'plain' end as text
  from pg_attribute a join pg_type t on t.oid = a.atttypid where a.attnum > 0 and not a.attisdropped and a.attstorage <> t.typstorage order by a.attname`;
const INDEXES = `select i.indrelid::int8 as oid, pg_get_indexdef(i.indexrelid) as text from pg_index i
  where not exists (select from pg_constraint c where c.conindid = i.indexrelid) order by i.indexrelid::regclass::text`;
const FUNCTIONS = `select oid::int8 as oid, pg_get_functiondef(oid) as text from pg_proc
  where pronamespace = 'public'::regnamespace and prokind in ('f', 'p') order by proname, pg_get_function_identity_arguments(oid)`;
const TRIGGERS = `select t.oid::int8 as oid, pg_get_triggerdef(t.oid) as text from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where not t.tgisinternal and t.tgparentid = 0 and c.relnamespace = 'public'::regnamespace order by c.relname, t.tgname`;
/** What no migration of ours makes so far; if one does, the dump must learn it before anybody relies on it. */
const UNKNOWN = `select 'relation ' || relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind not in ('r', 'p', 'i', 'I', 't')
  union all select 'function ' || proname from pg_proc where pronamespace = 'public'::regnamespace and prokind not in ('f', 'p')
  union all select 'rule ' || rulename from pg_rules where schemaname = 'public'
  union all select 'policy ' || policyname from pg_policies
  union all select 'type ' || typname from pg_type where typnamespace = 'public'::regnamespace and typtype in ('e', 'd', 'r')`;

/** Throws on what it cannot write down: a dump that leaves something out in silence proves nothing. */
export async function dumpSchema(sql: Sql): Promise<string> {
  const rowsOf = async <R>(text: string): Promise<R[]> => (await sql.query<R>(text)).rows;
  const unknown = await rowsOf<{ name: string }>(UNKNOWN);
  if (unknown.length > 0) throw new Error(`tools/gen/schema.ts does not know how to write: ${unknown.map(({ name }) => name).join(', ')}`);
  const of = async (text: string): Promise<(table: Table) => string[]> => {
    const parts = Map.groupBy(await rowsOf<Part>(text), (part) => part.oid);
    return ({ oid }) => (parts.get(oid) ?? []).map((part) => tidied(part.text));
  };
  const [columns, constraints, storage, indexes] = [await of(COLUMNS), await of(CONSTRAINTS), await of(STORAGE), await of(INDEXES)];
  const tables = (await rowsOf<Table>(TABLES)).toSorted(
    (a, b) => Number(constraints(a).some(isReference)) - Number(constraints(b).some(isReference)),
  );
  const written = tables.map((table) => {
    const tail = `${table.partitionKey ? ` partition by ${tidied(table.partitionKey)}` : ''}${table.options ? ` with (${table.options.join(', ')})` : ''}`;
    const lines = [...columns(table), ...constraints(table)].map((each) => `  ${each}`);
    const more = [...storage(table).map((each) => `alter table ${table.name} alter column ${each}`), ...indexes(table)];
    return [`create table ${table.name} (\n${lines.join(',\n')}\n)${tail};`, ...more.map((each) => `${each};`)].join('\n');
  });
  const code = [...(await rowsOf<Part>(FUNCTIONS)), ...(await rowsOf<Part>(TRIGGERS))].map(
    ({ text }) => `${text.trimEnd().replaceAll('public.', '')};`,
  );
  return `${[...written, ...code].join('\n\n')}\n`;
}

const isReference = (text: string): boolean => / references /.test(text);
const KEYWORDS =
  /\b(CREATE|UNIQUE|INDEX|ON|ONLY|USING|WHERE|AND|OR|IS|NOT|NULL|PRIMARY|KEY|FOREIGN|REFERENCES|DELETE|UPDATE|CASCADE|CHECK|RANGE|LIST|HASH|DESC|ASC|INCLUDE|WITH|CURRENT_TIMESTAMP|NULLS|FIRST|LAST|ARRAY)\b/g;
/** Lower case as our migrations are, without the schema's name. */
const tidied = (text: string): string =>
  text
    .replaceAll(KEYWORDS, (word) => word.toLowerCase())
    .replace(/ on only /, ' on ')
    .replaceAll('public.', '');
