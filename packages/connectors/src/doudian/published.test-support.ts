/** Where the fixtures lie. */
import { globSync } from 'node:fs';
import { join } from 'node:path';

/** Paths below `fixtures/platform-docs`, in order. */
export const publishedPaths = (): string[] => pathsBelow('platform-docs');
export const samplePaths = (): string[] => pathsBelow('samples');

const pathsBelow = (folder: string): string[] =>
  globSync('**/[!_]*.json', { cwd: join(import.meta.dirname, 'fixtures', folder) }).toSorted();
