import pg from 'pg';
import { sendAtOnce, type Step } from './db-at-once.ts';
import { toFault } from './db-faults.ts';
import { TransactionScope, type TransactionOptions } from './db-transaction.ts';
import { TYPES } from './db-types.ts';
import { Fault } from './faults.ts';
import { run, statement, type Rows, type Sql } from './sql.ts';

export interface Db extends Sql {
  /**
   * READ COMMITTED unless asked otherwise. BEGIN travels with the first statement; nothing is sent when `run` sends nothing.
   * Throws `CommitUnknown` when the connection is lost during COMMIT; any other throw means that nothing is stored.
   */
  transaction<T>(run: (tx: Sql) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * All steps in one round trip and one transaction: stored wholly or not at all. Answers the rows of each step. Throws `CommitUnknown`
   * when the connection is lost, since the group carries its own COMMIT.
   */
  atOnce(steps: readonly Step[]): Promise<readonly number[]>;
  /** Connections in use, idle and waited for: for metrics. */
  stats(): { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Waits for what is running, then closes. May be called more than once. */
  end(): Promise<void>;
}

export interface DbOptions {
  readonly url: string;
  readonly max: number;
  /** Shown as application_name in pg_stat_activity. */
  readonly name: string;
  /** 0 = none. Default 30 s: no statement of a person's request runs longer. */
  readonly statementTimeoutMs?: number;
  /** How long a caller waits for a connection, free or new. */
  readonly acquireTimeoutMs?: number;
  /** An idle connection died; the pool replaces it by itself. */
  readonly onLost?: (fault: Fault) => void;
}

const STATEMENT_TIMEOUT_MS = 30_000;
const ACQUIRE_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
/** Callers waiting for a connection; one more is told so at once instead of queueing. */
const WAITING_LIMIT = 1_000;

/** Text forms that the parsers of db-types.ts rely on, whatever the server's own configuration says. */
const SESSION = [
  'TimeZone=UTC',
  'DateStyle=ISO,YMD',
  'bytea_output=hex',
  'standard_conforming_strings=on',
  'default_transaction_isolation=read\\ committed',
  'default_transaction_read_only=off',
]
  .map((setting) => `-c ${setting}`)
  .join(' ');

export function openDb(options: DbOptions): Db {
  const pool = openPool(options);
  const acquire = async (): Promise<pg.PoolClient> => {
    if (pool.waitingCount >= WAITING_LIMIT) {
      throw new Fault('database.busy', { message: `${WAITING_LIMIT} callers already wait for a database connection`, retry: true });
    }
    return pool.connect().catch((error: unknown) => {
      throw toFault(error);
    });
  };
  const send = async <R>(query: pg.QueryConfig): Promise<Rows<R>> => withClient(acquire, (client) => run<R>(client, query));
  let ended: Promise<void> | undefined;
  return {
    query: (text, values) => send(statement(text, values)),
    queryNamed: (name, text, values) => send(statement(text, values, name)),
    atOnce: (steps) => withClient(acquire, (client) => sendAtOnce(client, steps)),
    transaction: (work, wanted) => new TransactionScope(acquire, wanted ?? {}).run(work),
    stats: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    end: () => (ended ??= pool.end()),
  };
}

function openPool(options: DbOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.max,
    application_name: options.name,
    types: TYPES,
    options: SESSION,
    statement_timeout: options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? ACQUIRE_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
  });
  pool.on('error', (error) => options.onLost?.(toFault(error))); // without a listener Node would end the process
  // So it would for a connection that is lent, or dies in the moment in which it becomes ready: whatever runs on it gets the same error.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}

/** Lends a connection; one on which anything failed at the socket is thrown away, one that only got an SQL error is kept. */
async function withClient<T>(acquire: () => Promise<pg.PoolClient>, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await acquire();
  let broken = true;
  try {
    const value = await use(client);
    broken = false;
    return value;
  } catch (error) {
    const fault = toFault(error);
    broken = fault.code !== 'database.constraint' && fault.code !== 'database.statement' && fault.code !== 'database.conflict';
    throw fault;
  } finally {
    client.release(broken);
  }
}
