/** Where the platform's published examples lie. */
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below `fixtures/platform-docs`, in order. */
export const publishedPaths = (): string[] =>
  globSync('**/[!_]*.json', { cwd: join(import.meta.dirname, 'fixtures', 'platform-docs') }).toSorted();
