/** What a backup says of itself: what it is, from when, and the SHA-256 of everything in it. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemOf } from './problems.ts';

export const FORM = 'weir-backup-1';
export const MANIFEST_FILE = 'manifest.json';
export const DATA_FILE = 'base.tar.zst';

export interface FileDigest {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
}
export interface Manifest {
  readonly form: typeof FORM;
  /** ISO 8601: nothing that became true before is missing; what became true after may be. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly installationId: string;
  readonly timeline: number;
  readonly schemaVersion: number;
  readonly weirVersion: string;
  readonly postgresVersion: string;
  readonly startLsn: string;
  readonly endLsn: string;
  /** Tells a fitting root key from another; says nothing about the key. */
  readonly rootKeyId: string;
  readonly data: FileDigest;
  readonly files: readonly FileDigest[];
}
interface Written {
  readonly manifest: Manifest;
  /** Over the JSON text of `manifest`. */
  readonly sha256: string;
}
const digestOf = (manifest: Manifest): string => createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

export const manifestText = (manifest: Manifest): string =>
  `${JSON.stringify({ manifest, sha256: digestOf(manifest) } satisfies Written)}\n`;

/** Refuses (StartProblem): `backup.none`, `backup.damaged`. */
export function readManifest(folder: string): Manifest {
  const file = join(folder, MANIFEST_FILE);
  if (!existsSync(file)) throw problemOf('backup.none', { folder });
  const written = parse(readFileSync(file, 'utf8'));
  if (written?.manifest?.form !== FORM || digestOf(written.manifest) !== written.sha256)
    throw problemOf('backup.damaged', { folder, what: MANIFEST_FILE });
  return written.manifest;
}

function parse(text: string): Written | null {
  try {
    return JSON.parse(text) as Written;
  } catch {
    return null;
  }
}
