/** Durable in one file, with what Node brings along. What is acknowledged is on disk. */
import { DatabaseSync } from 'node:sqlite';
import type { Order } from './event.ts';
import { createQueue, FORGET_EVERY, type Held, REMEMBERED_MS, type Store } from './store.ts';

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma busy_timeout = 5000;
  create table if not exists weir_orders (order_key text primary key, version integer not null, state text) strict, without rowid;
  create table if not exists weir_deliveries (webhook_id text primary key, at integer not null) strict, without rowid;`;

/** `file` is made when it is not there; a database that is open already may be given instead. `handle` is the database, inside a transaction. */
export function sqliteStore(file: string | DatabaseSync): Store<DatabaseSync> {
  const db = typeof file === 'string' ? new DatabaseSync(file) : file;
  db.exec(SCHEMA);
  const find = db.prepare('select version, state from weir_orders where order_key = ?');
  const put = db.prepare(
    'insert into weir_orders (order_key, version, state) values (?, ?, ?) on conflict do update set version = excluded.version, state = excluded.state',
  );
  const remember = db.prepare('insert into weir_deliveries (webhook_id, at) values (?, ?) on conflict do nothing');
  const forget = db.prepare('delete from weir_deliveries where at < ?');
  const inTurn = createQueue(); // one connection, one transaction at a time
  let remembered = 0;

  const heldOf = (orderKey: string): Held | null => {
    const row = find.get(orderKey) as { version: number; state: string | null } | undefined;
    return row === undefined ? null : { version: row.version, order: row.state === null ? null : (JSON.parse(row.state) as Order) };
  };
  return {
    transaction: (_, work) =>
      inTurn(async () => {
        db.exec('begin immediate');
        try {
          const done = await work({
            handle: db,
            remember(webhookId, atMs) {
              if (remembered++ % FORGET_EVERY === 0) forget.run(atMs - REMEMBERED_MS);
              return remember.run(webhookId, atMs).changes === 1;
            },
            find: heldOf,
            put: (orderKey, { version, order }) => void put.run(orderKey, version, order && JSON.stringify(order)),
          });
          db.exec('commit');
          return done;
        } catch (error) {
          if (db.isTransaction) db.exec('rollback');
          throw error;
        }
      }),
    find: (orderKey) => inTurn(() => Promise.resolve(heldOf(orderKey))),
    close: () => inTurn(() => Promise.resolve(db.close())),
  };
}
