/** The file of heads: one line each, written by appending only, so that it may lie where nothing can be changed. */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { KeyObject } from 'node:crypto';
import { createInterface } from 'node:readline';
import { hashOfLine, readHead } from './audit-head.ts';

/** A head of a thousand chains is shorter than this. */
const TAIL_BYTES = 512 * 1024;

/** The last whole head of the file; null when there is none. */
export async function lastInFile(path: string, key: KeyObject): Promise<{ readonly number: number; readonly hash: string } | null> {
  const lines = (await tailOf(path)).text.split('\n').toReversed();
  for (const line of lines) {
    const head = line === '' ? null : readHead(line, key);
    if (head !== null) return { number: head.number, hash: hashOfLine(line) };
  }
  return null;
}

async function tailOf(path: string): Promise<{ readonly text: string; readonly endsOpen: boolean }> {
  const file = await open(path, 'a+', 0o644);
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    return { text: bytes.toString('utf8'), endsOpen: bytes.length > 0 && bytes.at(-1) !== 0x0a };
  } finally {
    await file.close();
  }
}

/** Appends what is not in the file yet, and waits until the disk has it. A half line, left by a machine that died, gets its end and stays: the whole line follows it. */
export async function appendHeads(
  path: string,
  key: KeyObject,
  newer: (after: number) => AsyncIterable<{ readonly line: string }>,
): Promise<void> {
  const last = await lastInFile(path, key);
  const { endsOpen } = await tailOf(path);
  const file = await open(path, 'a', 0o644);
  let isFirst = true;
  try {
    for await (const { line } of newer(last?.number ?? 0)) {
      await file.write(`${isFirst && endsOpen ? '\n' : ''}${line}\n`);
      isFirst = false;
    }
    if (!isFirst) await file.sync();
  } finally {
    await file.close();
  }
}

/** Line by line, also of a file that does not end with one. */
export async function* readHeadLines(path: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY }))
    if (line !== '') yield line;
}
