/** Whether a backup is still what it was: every byte is read and compared with the manifest. */
import { join } from 'node:path';
import { eachFile, unpackTar } from './pack.ts';
import { DATA_FILE, type FileDigest, type Manifest, readManifest } from './manifest.ts';
import { problemOf } from './problems.ts';
import { TarBroken, type TarEntry } from './tar.ts';

interface Taker {
  readonly begin?: (entry: TarEntry) => unknown;
  readonly body?: (bytes: Buffer) => unknown;
  readonly end?: (digest: FileDigest) => unknown;
}
/** Reads a whole backup, handing on what it finds, and compares all of it. Refuses (StartProblem): `backup.none`, `backup.damaged`. `signal` ends the reading. */
export async function readBackup(folder: string, taker: Taker = {}, signal?: AbortSignal): Promise<Manifest> {
  const manifest = readManifest(folder);
  const wanted = new Map(manifest.files.map((file) => [file.name, file]));
  const damaged = (what: string, cause?: unknown) => problemOf('backup.damaged', { folder, what }, cause);
  const { parts, end } = unpackTar(join(folder, DATA_FILE), signal);
  try {
    await eachFile(parts, {
      ...taker,
      end: async (found) => {
        const file = wanted.get(found.name);
        if (file?.size !== found.size || file.sha256 !== found.sha256) throw damaged(found.name);
        wanted.delete(found.name);
        await taker.end?.(found);
      },
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw isUnreadable(error) ? damaged(DATA_FILE, error) : error;
  }
  const [missing] = wanted.keys();
  if (missing !== undefined) throw damaged(missing);
  const data = end();
  if (data.size !== manifest.data.size || data.sha256 !== manifest.data.sha256) throw damaged(DATA_FILE);
  return manifest;
}

const isUnreadable = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return (
    error instanceof TarBroken ||
    code.startsWith('ZSTD_') ||
    code === 'Z_BUF_ERROR' ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ENOENT'
  );
};
