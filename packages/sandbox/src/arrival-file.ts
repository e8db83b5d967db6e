/** An append-only NDJSON file. `append` returns once the line is on the disk; lines that come together share one fsync. */
import { constants, existsSync, readFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export interface ArrivalFile {
  append(line: object): Promise<void>;
  close(): Promise<void>;
}

export async function openArrivalFile(path: string): Promise<ArrivalFile> {
  const handle: FileHandle = await open(path, constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY, 0o600);
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
      next ??= last = last.then(writeAll);
      return next;
    },
    async close() {
      await last;
      await handle.close();
    },
  };
}

/** The lines written so far. A line cut off by a crash was never acknowledged and does not count. */
export function readArrivals<T>(path: string): T[] {
  if (!existsSync(path)) return [];
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as T);
}
