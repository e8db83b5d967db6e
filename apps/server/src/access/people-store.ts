/** SQL of people and their sessions. */
import type { Role } from '@weir/contract';
import type { Sql } from '#platform';

interface PersonRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly shops: readonly string[] | null;
}
export interface NewPerson extends PersonRow {
  readonly login: string;
  readonly passwordHash: string;
}
const PEOPLE_LIMIT = 10_000;

export async function findPerson(db: Sql, login: string): Promise<(PersonRow & { readonly passwordHash: string }) | null> {
  const { rows } = await db.query<PersonRow & { passwordHash: string }>(
    'select id, name, role, shops, password_hash as "passwordHash" from people where login = $1',
    [login],
  );
  return rows[0] ?? null;
}
export async function listPeople(db: Sql): Promise<(PersonRow & { readonly login: string; readonly createdAt: string })[]> {
  const { rows } = await db.query<PersonRow & { login: string; createdAt: string }>(
    `select id, login, name, role, shops, created_at as "createdAt" from people order by login limit ${PEOPLE_LIMIT}`,
  );
  return rows;
}

/** False when the login is taken. */
export async function insertPerson(db: Sql, row: NewPerson): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into people (id, login, name, password_hash, role, shops) values ($1, $2, $3, $4, $5, $6)
     on conflict on constraint people_login_unique do nothing`,
    [row.id, row.login, row.name, row.passwordHash, row.role, row.shops],
  );
  return rowCount === 1;
}
/** Of a demonstration: makes the person, or gives the one of that login this name, role and password. */
export async function savePerson(db: Sql, row: NewPerson): Promise<void> {
  await db.query(
    `insert into people (id, login, name, password_hash, role, shops) values ($1, $2, $3, $4, $5, $6)
     on conflict on constraint people_login_unique do update set password_hash = excluded.password_hash, name = excluded.name, role = excluded.role`,
    [row.id, row.login, row.name, row.passwordHash, row.role, row.shops],
  );
}

/** Inside a transaction: a new password ends every session that the old one opened. The login, or null when there is no such person. */
export async function changePassword(tx: Sql, id: string, passwordHash: string): Promise<string | null> {
  const { rows } = await tx.query<{ login: string }>('update people set password_hash = $2 where id = $1 returning login', [
    id,
    passwordHash,
  ]);
  await endSessionsOf(tx, id);
  return rows[0]?.login ?? null;
}
/** Who is gone now with all sessions, or null when there was no such person. */
export async function deletePerson(tx: Sql, id: string): Promise<Pick<NewPerson, 'login' | 'role' | 'shops'> | null> {
  await endSessionsOf(tx, id);
  const { rows } = await tx.query<Pick<NewPerson, 'login' | 'role' | 'shops'>>(
    'delete from people where id = $1 returning login, role, shops',
    [id],
  );
  return rows[0] ?? null;
}

const endSessionsOf = (tx: Sql, personId: string) => tx.query('delete from sessions where person_id = $1', [personId]);

export async function saveSession(db: Sql, sessionHash: Buffer, personId: string, until: number): Promise<void> {
  await db.query(
    'with gone as (delete from sessions where until < now()) insert into sessions (hash, person_id, until) values ($1, $2, to_timestamp($3::float8 / 1000))',
    [sessionHash, personId, until],
  );
}
export async function findSession(db: Sql, sessionHash: Buffer, now: number): Promise<PersonRow | null> {
  const { rows } = await db.queryNamed<PersonRow>(
    'access.find_session',
    'select p.id, p.name, p.role, p.shops from sessions s join people p on p.id = s.person_id where s.hash = $1 and s.until > to_timestamp($2::float8 / 1000)',
    [sessionHash, now],
  );
  return rows[0] ?? null;
}
export async function endSession(db: Sql, sessionHash: Buffer): Promise<void> {
  await db.query('delete from sessions where hash = $1', [sessionHash]);
}
