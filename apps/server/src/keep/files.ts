/** Files that are whole or not there. */
import { closeSync, fsyncSync, openSync, writeFileSync } from 'node:fs';

/** Makes sure that a file, or a folder's list of names, survives a power cut. */
export function fsyncPath(path: string): void {
  const fd = openSync(path, 'r');
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

export function writeDurably(path: string, text: string): void {
  writeFileSync(path, text, { mode: 0o600 });
  fsyncPath(path);
}
