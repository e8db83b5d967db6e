import { statfsSync } from 'node:fs';

/** What is left on the disk of `path`; null where the system does not say. */
export function freeBytesOf(path: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return null;
  }
}
