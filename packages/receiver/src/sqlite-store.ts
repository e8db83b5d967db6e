/** Durable in one file, with what Node brings along. What is acknowledged is on disk. */
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Order } from './event.ts';
import { createQueue, FORGET_EVERY, type Held, REMEMBERED_MS, type Store } from './store.ts';

const SCHEMA = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  create table if not exists weir_orders (order_key text primary key, version integer not null, state text) strict, without rowid;
  create table if not exists weir_deliveries (webhook_id text primary key, at integer not null) strict, without rowid;`;
const FIND = 'select version, state from weir_orders where order_key = ?';
/** Another process may hold the file for a moment. */
const BUSY_MS = 5_000;
const IN_MEMORY = ':memory:';

function heldBy(find: StatementSync, orderKey: string): Held | null {
  const row = find.get(orderKey) as { version: number; state: string | null } | undefined;
  return row === undefined ? null : { version: row.version, order: row.state === null ? null : (JSON.parse(row.state) as Order) };
}

/**
 * `file` is made when it is not there. `handle` is the store's own connection, inside a transaction: nobody else's writes get into it, and what is
 * written through it is kept or undone with the delivery. Deliveries go one after the other, also those of different orders.
 */
export function sqliteStore(file: string): Store<DatabaseSync> {
  const db = new DatabaseSync(file, { timeout: BUSY_MS });
  db.exec(SCHEMA);
  // What is looked up from outside waits for no delivery and sees only what was kept; a database in memory has one connection.
  const reader = file === IN_MEMORY ? db : new DatabaseSync(file, { timeout: BUSY_MS });
  const [find, look] = [db.prepare(FIND), reader.prepare(FIND)];
  const put = db.prepare(
    'insert into weir_orders (order_key, version, state) values (?, ?, ?) on conflict do update set version = excluded.version, state = excluded.state',
  );
  const remember = db.prepare('insert into weir_deliveries (webhook_id, at) values (?, ?) on conflict do nothing');
  const forget = db.prepare('delete from weir_deliveries where at < ?');
  const inTurn = createQueue(); // one connection, one transaction at a time
  let remembered = 0;

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
            find: (orderKey) => heldBy(find, orderKey),
            put: (orderKey, { version, order }) => void put.run(orderKey, version, order && JSON.stringify(order)),
          });
          if (!db.isTransaction) throw new Error('onChange ended the transaction of its delivery');
          db.exec('commit');
          return done;
        } catch (error) {
          if (db.isTransaction) db.exec('rollback');
          throw error;
        }
      }),
    find: async (orderKey) => heldBy(look, orderKey),
    close: () =>
      inTurn(async () => {
        if (reader !== db) reader.close();
        db.close();
      }),
  };
}
