/** The backups of one folder: which there are, and which are old. */
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Backup } from './backup.ts';
import { MANIFEST_FILE, readManifest } from './manifest.ts';

const NAME = /^weir-\d{8}T\d{6}Z$/;

/** Newest first. What cannot be read is left out here; `weir backup verify` says why. */
export function listBackups(dir: string): Backup[] {
  const root = resolve(dir);
  if (!existsSync(root)) return [];
  const names = readdirSync(root).filter((name) => NAME.test(name) && existsSync(join(root, name, MANIFEST_FILE)));
  return names
    .flatMap((name) => {
      try {
        return [{ folder: join(root, name), manifest: readManifest(join(root, name)) }];
      } catch {
        return [];
      }
    })
    .sort((a, b) => b.manifest.startedAt.localeCompare(a.manifest.startedAt));
}

/** Removes what is older, but never the newest one. Answers the folders that are gone. */
export function pruneBackups(dir: string, olderThan: number): string[] {
  const old = listBackups(dir)
    .slice(1)
    .filter(({ manifest }) => Date.parse(manifest.startedAt) < olderThan);
  for (const { folder } of old) {
    const aside = join(folder, '..', `.${folder.split('/').at(-1)}.part`); // half removed it must not look whole
    renameSync(folder, aside);
    rmSync(aside, { recursive: true, force: true });
  }
  return old.map(({ folder }) => folder);
}
