/** Sends lines through `POST /v1/orders:import` and answers the report's last line. */
import { Readable } from 'node:stream';
import { request } from 'undici';
import type { BenchHouse } from './house.ts';

const LINES_A_CHUNK = 200;

export interface ImportCounts {
  readonly counts: Readonly<Record<string, number>>;
}

/** `line` answers null at the end. */
export async function importLines(house: Pick<BenchHouse, 'url' | 'token'>, line: () => string | null): Promise<ImportCounts> {
  const chunks = function* (): Generator<Buffer> {
    for (let lines: string[] = []; ; lines = []) {
      for (let next = line(); next !== null; next = lines.length < LINES_A_CHUNK ? line() : null) lines.push(next);
      if (lines.length === 0) return;
      yield Buffer.from(`${lines.join('\n')}\n`);
    }
  };
  const response = await request(`${house.url}/v1/orders:import`, {
    method: 'POST',
    body: Readable.from(chunks()),
    headers: { authorization: `Bearer ${house.token}`, 'content-type': 'application/x-ndjson' },
    bodyTimeout: 0,
    headersTimeout: 0,
  });
  let tail = '';
  for await (const chunk of response.body) tail = (tail + String(chunk)).slice(-2_000);
  return JSON.parse(tail.trimEnd().split('\n').at(-1) as string) as ImportCounts;
}
