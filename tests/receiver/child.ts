/** A receiver as a user writes it, in a process of its own that kills itself where it hurts: `child.ts <sqlite|postgres> <file or url> <effect|commit|never>`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DatabaseSync } from 'node:sqlite';
import { receiver, type Store } from '@weir/receiver';
import { postgresStore } from '@weir/receiver/postgres';
import { sqliteStore } from '@weir/receiver/sqlite';
import pg from 'pg';

const [kind, place = '', killAt] = process.argv.slice(2);
const secret = process.env['SECRET'] ?? '';
const die = (): void => void process.kill(process.pid, 'SIGKILL');

interface Tx {
  readonly write: (text: string) => Promise<void>;
}
/** The same shape for both, so that one `onChange` serves. */
function opened(): { readonly store: Store<unknown>; readonly txOf: (handle: unknown) => Tx } {
  if (kind === 'sqlite') {
    const store = sqliteStore(place);
    return {
      store,
      txOf: (db) => ({
        write: async (text) => void (db as DatabaseSync).prepare('insert into effects values (?)').run(text),
      }),
    };
  }
  const store = postgresStore(new pg.Pool({ connectionString: place, max: 4 }));
  return {
    store,
    txOf: (client) => ({ write: async (text) => void (await (client as pg.PoolClient).query('insert into effects values ($1)', [text])) }),
  };
}

const { store, txOf } = opened();
const receive = receiver({
  secret,
  store,
  async onChange({ orderKey, version, tx }) {
    await txOf(tx).write(`${orderKey} ${version}`);
    if (killAt === 'effect') die();
  },
});
const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    void receive.take(request.headers, Buffer.concat(parts)).then(({ status, headers, effect }) => {
      if (killAt === 'commit') die();
      response.writeHead(status, headers).end(effect);
    });
  });
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.on('disconnect', die);
