/** Where an import that was lost can go on: behind the last line before which every line has a result. */
import { type Api, refusal } from './api.ts';

const NEWLINE = 0x0a;

/** Reports of earlier versions, kept for months, say `refused` with one of these of lines that were never stored. */
const NOT_STORED: ReadonlySet<unknown> = new Set(['intake.full', 'intake.not_stored', 'server.disk_full', 'server.stopping']);

/** Lines of the file that need not be sent again. */
export async function linesToSkip(api: Api, left: { readonly import: string; readonly before: number }): Promise<number> {
  const response = await fetch(new URL(`/v1/imports/${encodeURIComponent(left.import)}/report`, api.base), { headers: api.headers });
  if (!response.ok) throw refusal(response.status, null);
  const answered = new Set<number>();
  for (const text of (await response.text()).split('\n')) {
    if (text === '') continue;
    const { line, code } = JSON.parse(text) as { line: number; code?: string };
    if (!NOT_STORED.has(code)) answered.add(line);
  }
  let whole = 0;
  while (answered.has(whole + 1)) whole++;
  return left.before + whole;
}

export async function* skipLines(source: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of source) {
    let from = 0;
    while (left > 0) {
      const at = chunk.indexOf(NEWLINE, from);
      if (at < 0) break;
      from = at + 1;
      left--;
    }
    if (left === 0 && from < chunk.length) yield chunk.subarray(from);
  }
}
