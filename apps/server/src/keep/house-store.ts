/** SQL of what a backup says about its house. */
import { openDb } from '#platform';

export interface DatabaseFacts {
  readonly installationId: string;
  readonly timeline: number;
  readonly schemaVersion: number;
  readonly postgresVersion: string;
  /** How far time has come for sure, ms UTC. */
  readonly provenAt: number;
}
/** Null while the house has not been opened for the first time. */
export async function readDatabaseFacts(url: string): Promise<DatabaseFacts | null> {
  const db = openDb({ url, max: 1, name: 'weir backup' });
  try {
    const { rows } = await db.query<DatabaseFacts>(
      `select id::text as "installationId", timeline, (select max(version) from schema_migrations) as "schemaVersion", current_setting('server_version') as "postgresVersion",
         (extract(epoch from time_proven_at) * 1000)::int8 as "provenAt"
       from installation`,
    );
    return rows[0] ?? null;
  } finally {
    await db.end();
  }
}
