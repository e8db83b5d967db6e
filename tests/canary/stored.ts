/** Every row of every table, and every file of the data directory, as text. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sql } from '../../apps/server/src/platform/index.ts';
import { type Evidence, readings } from './find.ts';

const BYTES = /\\\\x([0-9a-f]+)/g;

export async function storedRows(db: Sql): Promise<Evidence[]> {
  const { rows: tables } = await db.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  );
  const found: Evidence[] = [];
  for (const { name } of tables) {
    const { rows } = await db.query<{ row: string }>(`select row_to_json(t)::text || '' as row from "${name}" t`);
    for (const { row } of rows) {
      const opened = [...row.matchAll(BYTES)].map(([, hex]) => readings(Buffer.from(hex as string, 'hex')));
      found.push({ where: `table ${name}`, text: [row, ...opened].join(' ') });
    }
  }
  return found;
}

export const storedFiles = (home: string): Evidence[] =>
  readdirSync(home, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => ({ where: `file ${file.name}`, text: readFileSync(join(file.parentPath, file.name), 'latin1') }));
