/** An append-only NDJSON file. `append` returns once the line is on the disk; lines that come together share one fsync. */
import { constants, existsSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';

export interface ArrivalFile {
  /** After a failure every later append fails too: a subscriber that cannot store must not say that it did. */
  append(line: object): Promise<void>;
  close(): Promise<void>;
}

export async function openArrivalFile(path: string): Promise<ArrivalFile> {
  const wholeBytes = Buffer.byteLength(wholeLines(path));
  const handle = await open(path, constants.O_APPEND | constants.O_CREAT | constants.O_RDWR, 0o600);
  await handle.truncate(wholeBytes); // half a line would swallow the next one
  let waiting: string[] = [];
  let next: Promise<void> | null = null;
  let last: Promise<void> = Promise.resolve();
  const writeAll = async (): Promise<void> => {
    const text = waiting.join('');
    waiting = [];
    next = null;
    await handle.appendFile(text);
    await handle.datasync();
  };
  return {
    append(line) {
      waiting.push(`${JSON.stringify(line)}\n`);
      if (next === null) {
        last = last.then(writeAll);
        next = last;
      }
      return next;
    },
    async close() {
      await last.catch(() => undefined); // those who appended have heard of it
      await handle.close();
    },
  };
}

/** A line cut off by a crash was never acknowledged and does not count. */
function wholeLines(path: string): string {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

/** The lines written so far. */
export function readArrivals<T>(path: string): T[] {
  return wholeLines(path)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}
