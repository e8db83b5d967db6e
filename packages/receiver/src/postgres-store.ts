/** Durable in a PostgreSQL of yours, for receivers that run as several processes. */
import type pg from 'pg';
import type { Order } from './event.ts';
import { FORGET_EVERY, type Held, REMEMBERED_MS, type Store } from './store.ts';

const SCHEMA = `
  create table if not exists weir_orders (order_key text primary key, version int not null, state json);
  create table if not exists weir_deliveries (webhook_id text primary key, at timestamptz not null);
  create index if not exists weir_deliveries_age on weir_deliveries using brin (at)`;
/** Two processes that start at once must not both make the tables. */
const SCHEMA_LOCK = 'select pg_advisory_xact_lock(5711092217360001)';
const ORDER_LOCK = 'select pg_advisory_xact_lock(hashtextextended($1, 5711))';

type Queryable = Pick<pg.ClientBase, 'query'>;
async function findIn(sql: Queryable, orderKey: string): Promise<Held | null> {
  const { rows } = await sql.query<{ version: number; state: string | null }>(
    'select version, state::text as state from weir_orders where order_key = $1',
    [orderKey],
  );
  const row = rows[0];
  return row === undefined ? null : { version: row.version, order: row.state === null ? null : (JSON.parse(row.state) as Order) };
}

/** `pool` stays yours: close it yourself. `handle` is the client, inside a transaction. */
export function postgresStore(pool: pg.Pool): Store<pg.PoolClient> {
  let remembered = 0;
  let ready: Promise<void> | undefined;
  const within = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect();
    try {
      await client.query('begin');
      const done = await work(client);
      // After a statement that failed, COMMIT undoes everything and says so without an error.
      const { command } = await client.query('commit');
      if (command !== 'COMMIT') throw new Error(`the transaction was undone (${command}): a statement in it had failed`);
      client.release();
      return done;
    } catch (error) {
      const isBroken = await client.query('rollback').then(
        () => false,
        () => true,
      );
      client.release(isBroken);
      throw error;
    }
  };
  const prepare = (): Promise<void> =>
    (ready ??= within(async (client) => {
      await client.query(SCHEMA_LOCK);
      await client.query(SCHEMA);
    }).catch((error: unknown) => {
      ready = undefined;
      throw error;
    }));

  return {
    async transaction(orderKey, work) {
      await prepare();
      return within(async (client) => {
        await client.query(ORDER_LOCK, [orderKey]);
        return work({
          handle: client,
          async remember(webhookId, atMs) {
            if (remembered++ % FORGET_EVERY === 0)
              await client.query('delete from weir_deliveries where at < to_timestamp($1::float8 / 1000)', [atMs - REMEMBERED_MS]);
            const { rowCount } = await client.query(
              'insert into weir_deliveries (webhook_id, at) values ($1, to_timestamp($2::float8 / 1000)) on conflict do nothing',
              [webhookId, atMs],
            );
            return rowCount === 1;
          },
          find: (key) => findIn(client, key),
          async put(key, { version, order }) {
            await client.query(
              'insert into weir_orders (order_key, version, state) values ($1, $2, $3) on conflict (order_key) do update set version = excluded.version, state = excluded.state',
              [key, version, order && JSON.stringify(order)],
            );
          },
        });
      });
    },
    async find(orderKey) {
      await prepare();
      return findIn(pool, orderKey);
    },
    close: () => Promise.resolve(),
  };
}
