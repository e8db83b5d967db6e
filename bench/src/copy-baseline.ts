/** The baseline of the intake benches: the very rows that the bench left, copied by one connection into empty tables of the same form. */
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';

const TABLES = ['inbox', 'orders', 'order_list', 'blind_index', 'events', 'outcomes'];

/** Rows of changes a second by COPY: `changes` is how many messages made those rows. */
export async function copyBaseline(databaseUrl: string, changes: number): Promise<number> {
  const db = new pg.Client(databaseUrl);
  await db.connect();
  await db.query('create schema copy_target');
  const data = new Map<string, Buffer[]>();
  for (const table of TABLES) {
    await db.query(`create table copy_target.${table} (like public.${table} including all)`);
    const chunks: Buffer[] = [];
    for await (const chunk of db.query(copyTo(`copy (select * from public.${table}) to stdout binary`))) chunks.push(chunk as Buffer);
    data.set(table, chunks);
  }
  const start = performance.now();
  await db.query('begin');
  for (const table of TABLES)
    await pipeline(Readable.from(data.get(table) as Buffer[]), db.query(copyFrom(`copy copy_target.${table} from stdin binary`)));
  await db.query('commit');
  const seconds = (performance.now() - start) / 1000;
  await db.query('drop schema copy_target cascade');
  await db.end();
  return changes / seconds;
}
