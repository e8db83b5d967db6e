import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';

export interface Row<Column extends string> {
  /** Line of the file where the row ends, counted from 1. */
  readonly line: number;
  readonly values: Readonly<Record<Column, string>>;
}

/** Longest row that is still a row; a lost quotation mark shows as an error here instead of as one endless field. */
const MAX_ROW_BYTES = 1_000_000;

/** Rows of `DIR/name` or `DIR/name.gz`, one at a time. Says so when the file is missing or lacks a column; never guesses one. */
export async function* readRows<Column extends string>(dir: string, name: string, columns: readonly Column[]): AsyncGenerator<Row<Column>> {
  const path = [join(dir, name), join(dir, `${name}.gz`)].find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`目录里没有 ${name}（或 ${name}.gz） / neither ${name} nor ${name}.gz is in ${dir}`);
  const file = createReadStream(path);
  const parser = parse({ bom: true, columns: true, info: true, skip_empty_lines: true, max_record_size: MAX_ROW_BYTES });
  const text = path.endsWith('.gz') ? file.pipe(createGunzip().on('error', (error) => parser.destroy(error))) : file;
  file.on('error', (error) => parser.destroy(error));
  text.pipe(parser);
  let isChecked = false;
  for await (const { info, record } of parser as AsyncIterable<{ info: { lines: number }; record: Record<Column, string> }>) {
    const missing = isChecked ? undefined : columns.find((column) => record[column] === undefined);
    if (missing !== undefined) throw new Error(`${name} 缺少列 ${missing} / ${name} has no column ${missing}`);
    isChecked = true;
    yield { line: info.lines, values: record };
  }
}
