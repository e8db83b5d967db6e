/**
 * The list of erasures: a file outside the database, one line each, with no word about the person. A backup from before an erasure holds the person still; whoever
 * restores it has her erased again by this list.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Db } from '#platform';
import { type Erasure, noteListed, readUnlisted } from './erasure-store.ts';

export const ERASURES_FILE = 'erasures.ndjson';
const KIND = 'erasure';
const AT_ONCE = 1_000;

/** Appends what the file does not hold yet, and waits until the disk has it. Killed in between, it writes some lines twice, which does no harm. */
export async function listErasures(db: Db, path: string): Promise<void> {
  for (;;) {
    const page = await readUnlisted(db, AT_ONCE);
    if (page.length === 0) return;
    await append(path, page.map(lineOf));
    await noteListed(db, page);
  }
}

const lineOf = ({ at, channel, shop, id }: Erasure): string =>
  JSON.stringify({ weir: KIND, at: new Date(at).toISOString(), channel, shop, channelOrderId: id });

async function append(path: string, lines: readonly string[]): Promise<void> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await file.read(last, 0, 1, size - 1);
    const endsOpen = size > 0 && last[0] !== 0x0a; // half a line, left by a machine that died: it gets its end
    await file.write(`${endsOpen ? '\n' : ''}${lines.join('\n')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What of the file was erased since `since`, ms UTC, a page at a time. Half a line is left out: it stands again, whole, behind its half. */
export async function* readErasures(path: string, since: number): AsyncGenerator<readonly Erasure[]> {
  let page: Erasure[] = [];
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
    const erasure = erasureOf(line);
    if (erasure === null || erasure.at < since) continue;
    if (page.push(erasure) < AT_ONCE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

function erasureOf(line: string): Erasure | null {
  try {
    const { weir, at, channel, shop, channelOrderId: id } = JSON.parse(line) as Record<string, unknown>;
    const isOne = weir === KIND && [at, channel, shop, id].every((each) => typeof each === 'string');
    return isOne ? ({ channel, shop, id, at: Date.parse(at as string) } as Erasure) : null;
  } catch {
    return null;
  }
}
