/** The database itself, for commands that must not have to believe the server. */
import { embeddedUrl, openDb, readConfig, type Config, type Db } from '#platform';
import { Failure, type Io } from './command.ts';

const CONNECTIONS = 2;

/** Opens it, runs, closes it. The embedded database is there while its server runs. */
export async function withDatabase<T>({ env }: Pick<Io, 'env'>, run: (db: Db, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(env);
  const url = config.databaseUrl ?? embeddedUrl(config.home);
  if (url === null)
    throw new Failure(
      `数据目录 ${config.home} 里没有数据库：请设置 WEIR_HOME 或 WEIR_DATABASE_URL`,
      `There is no database in the data directory ${config.home}: set WEIR_HOME or WEIR_DATABASE_URL`,
    );
  const db = openDb({ url, max: CONNECTIONS, name: 'weir command', statementTimeoutMs: 0 });
  try {
    return await run(db, config);
  } finally {
    await db.end();
  }
}
