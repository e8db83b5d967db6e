/** SQL of the audit: chains that grow, what is read of them, and their signed heads. */
import type { Db, Sql } from '#platform';
import type { HeadOfChain } from './audit-head.ts';
import { type AuditRecord, BEGINNING, type Seal, type Unchained, chainOf } from './audit-record.ts';

/** A process that is stopped while it holds the lock of a chain would keep it for as long as it sleeps; the database ends its transaction instead. */
const IDLE_IN_TRANSACTION_MS = 3_000;

/** One chain per process and day; writers of one process take turns on an advisory lock. */
export async function appendAudit(db: Db, row: Omit<Unchained, 'serial'>, seal: Seal | null): Promise<void> {
  await db.transaction((tx) => appendAuditIn(tx, row, seal));
}

/** The same as the last thing of a transaction that others wait for no longer than for its commit. */
export async function appendAuditIn(tx: Sql, row: Omit<Unchained, 'serial'>, seal: Seal | null): Promise<void> {
  await tx.query(`select set_config('idle_in_transaction_session_timeout', $2, true), pg_advisory_xact_lock(hashtext($1))`, [
    `audit ${row.process} ${row.day}`,
    String(IDLE_IN_TRANSACTION_MS),
  ]);
  const { rows } = await tx.query<{ serial: number; chain: Buffer }>(
    'select serial, chain from audit where process = $1 and day = $2 order by serial desc limit 1',
    [row.process, row.day],
  );
  const record = { ...row, serial: (rows[0]?.serial ?? 0) + 1 };
  const chain = chainOf(rows[0]?.chain ?? BEGINNING, record);
  await tx.query(
    `with noted as (
         insert into audit_chains (process, day, serial, chain) values ($1, $2, $3, $12)
         on conflict on constraint audit_chains_pk do update set serial = excluded.serial, chain = excluded.chain)
       insert into audit (process, day, serial, at, form, who, name, via, address, what, subject, detail, chain, seal)
       values ($1, $2, $3, to_timestamp($4::float8 / 1000), $5, $6, $7, $8, $9, $10, $11, $14, $12, $13)`,
    [
      record.process,
      record.day,
      record.serial,
      record.at,
      record.form,
      record.who,
      record.name,
      record.via,
      record.address,
      record.what,
      record.subject,
      chain,
      seal === null ? null : seal(chain),
      record.detail,
    ],
  );
}

/** Until the transaction ends nobody else counts or writes this deed of this caller. */
export async function lockDeeds(tx: Sql, who: string, what: string): Promise<void> {
  await tx.query(`select set_config('idle_in_transaction_session_timeout', $2, true), pg_advisory_xact_lock(hashtext($1))`, [
    `deeds ${what} ${who}`,
    String(IDLE_IN_TRANSACTION_MS),
  ]);
}
export async function countDeeds(tx: Sql, who: string, what: string, since: number): Promise<number> {
  const { rows } = await tx.query<{ n: number }>(
    'select count(*) as n from audit where who = $1 and what = $2 and at > to_timestamp($3::float8 / 1000)',
    [who, what, since],
  );
  return rows[0]?.n ?? 0;
}

const COLUMNS = `process, day::text as day, serial, (extract(epoch from at) * 1000000)::int8 as micros, form, who, name, via, address, what,
  subject, detail::text as detail, chain, seal`;
type Row = Omit<AuditRecord, 'at'> & { readonly micros: number };
/** A record is of a whole millisecond; what was pushed by less shows as a time that no hash fits. */
const toRecord = ({ micros, ...row }: Row): AuditRecord => ({ ...row, at: micros / 1_000 });

export interface AuditFilter {
  readonly who: string | null;
  readonly what: string | null;
  readonly subject: string | null;
  readonly from: string | null;
  readonly to: string | null;
}
export type AuditPlace = readonly [micros: string, process: string, day: string, serial: string];
export type ListedRecord = AuditRecord & { readonly place: AuditPlace };

/** Newest first. */
export async function listAudit(sql: Sql, filter: AuditFilter, limit: number, before: AuditPlace | null): Promise<ListedRecord[]> {
  const { who, what, subject, from, to } = filter;
  const { rows } = await sql.query<Row>(
    `select ${COLUMNS} from audit
     where ($1::text is null or who = $1 or name = $1) and ($2::text is null or what = $2) and ($3::text is null or subject = $3)
       and ($4::timestamptz is null or at >= $4::timestamptz) and ($5::timestamptz is null or at <= $5::timestamptz)
       and ($6::int8 is null or (at, process, audit.day::text, serial) < ('epoch'::timestamptz + $6::int8 * interval '1 microsecond', $7::text, $8::text, $9::int))
     order by at desc, process desc, audit.day desc, serial desc limit $10`,
    [who, what, subject, from, to, ...(before ?? [null, null, null, null]), limit],
  );
  return rows.map((row) => ({ ...toRecord(row), place: [String(row.micros), row.process, row.day, String(row.serial)] }));
}

const PAGE = 2_000;
/** Every record, chain by chain, a page in memory at a time. */
export async function* streamAudit(sql: Sql): AsyncGenerator<AuditRecord> {
  let last: readonly [string, string, number] = ['', '-infinity', 0];
  for (;;) {
    const { rows } = await sql.query<Row>(
      `select ${COLUMNS} from audit where (process, audit.day, serial) > ($1::text, $2::date, $3::int) order by process, audit.day, serial limit ${PAGE}`,
      last,
    );
    yield* rows.map(toRecord);
    const end = rows.at(-1);
    if (end === undefined) return;
    last = [end.process, end.day, end.serial];
  }
}

/** Every head that was kept, in order; from `after` on. */
export async function* streamHeads(sql: Sql, after = 0): AsyncGenerator<{ readonly number: number; readonly line: string }> {
  for (let last = after; ; ) {
    const { rows } = await sql.query<{ number: number; line: string }>(
      `select number, line from audit_heads where number > $1 order by number limit ${PAGE}`,
      [last],
    );
    yield* rows;
    if (rows.length === 0) return;
    last = (rows.at(-1) as { number: number }).number;
  }
}

export async function lastHead(sql: Sql): Promise<{ readonly number: number; readonly at: number; readonly line: string } | null> {
  const { rows } = await sql.query<{ number: number; at: number; line: string }>(
    'select number, (extract(epoch from at) * 1000)::int8 as at, line from audit_heads order by number desc limit 1',
  );
  return rows[0] ?? null;
}

/** How many records no head covers yet. */
export async function countUnheaded(sql: Sql): Promise<number> {
  const { rows } = await sql.query<{ n: number }>(
    'select coalesce(sum(serial - headed), 0)::int8 as n from audit_chains where headed < serial',
  );
  return rows[0]?.n ?? 0;
}

const HEAD_LOCK = 7_700_011;
/** One at a time; `make` is given the head before and what has grown since, and answers the next. */
export async function addHead(
  db: Db,
  most: number,
  make: (
    last: { readonly number: number; readonly at: number; readonly line: string } | null,
    grown: readonly HeadOfChain[],
  ) => { readonly number: number; readonly at: number; readonly line: string },
): Promise<void> {
  return db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [HEAD_LOCK]);
    const { rows } = await tx.query<{ process: string; day: string; serial: number; chain: Buffer }>(
      'select process, day::text as day, serial, chain from audit_chains where headed < serial order by audit_chains.day, process limit $1 for update',
      [most],
    );
    const grown = rows.map(({ process, day, serial, chain }): HeadOfChain => [process, day, serial, chain.toString('hex')]);
    const made = make(await lastHead(tx), grown);
    await tx.query('insert into audit_heads (number, at, line) values ($1, to_timestamp($2::float8 / 1000), $3)', [
      made.number,
      made.at,
      made.line,
    ]);
    await tx.query(
      `update audit_chains c set headed = g.serial from unnest($1::text[], $2::date[], $3::int[]) as g (process, day, serial)
       where c.process = g.process and c.day = g.day`,
      [rows.map((row) => row.process), rows.map((row) => row.day), rows.map((row) => row.serial)],
    );
  });
}

export async function readUnposted(sql: Sql, most: number): Promise<{ readonly number: number; readonly line: string }[]> {
  const { rows } = await sql.query<{ number: number; line: string }>(
    'select number, line from audit_heads where posted_at is null order by number limit $1',
    [most],
  );
  return rows;
}
export async function notePosted(sql: Sql, number: number, now: number): Promise<void> {
  await sql.query('update audit_heads set posted_at = to_timestamp($2::float8 / 1000) where number = $1', [number, now]);
}

export async function loadAuditKey(sql: Sql): Promise<Buffer | null> {
  const { rows } = await sql.query<{ key: Buffer | null }>('select wrapped_audit_key as key from installation');
  return rows[0]?.key ?? null;
}
/** The first one stays. */
export async function saveAuditKey(sql: Sql, wrapped: Buffer): Promise<void> {
  await sql.query('update installation set wrapped_audit_key = $1 where wrapped_audit_key is null', [wrapped]);
}
