/** A tar on its way into a backup and out of it: compressed, and every file in it hashed. */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { PassThrough, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { FileDigest } from './manifest.ts';
import { readTar, type TarEntry, type TarPart } from './tar.ts';

const LEVEL = 1;

/** Writes what comes, compressed; answers the digests of the files in the tar and of what was written. */
export async function packTar(
  tar: AsyncIterable<Buffer>,
  path: string,
): Promise<{ readonly files: readonly FileDigest[]; readonly data: Omit<FileDigest, 'name'> }> {
  const written = createMeter();
  const copy = new PassThrough();
  const files = digestsOf(copy);
  files.catch(() => copy.destroy());
  const tee = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of tar) {
      if (!copy.write(chunk)) await drained(copy);
      yield chunk;
    }
    copy.end();
  };
  try {
    const compress = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: LEVEL } });
    await pipeline(tee, compress, written.through, createWriteStream(path, { mode: 0o600, flush: true }));
    return { files: await files, data: written.end() };
  } catch (error) {
    copy.destroy(error as Error);
    await files.catch(() => {});
    throw error;
  }
}

const drained = (stream: PassThrough): Promise<void> =>
  new Promise((resolve, reject) =>
    stream.destroyed ? reject(new Error('the tar could not be read')) : stream.once('drain', resolve).once('close', resolve),
  );

/** The tar of a backup again, as parts; `end` answers the digest of the file that was read. */
export function unpackTar(
  path: string,
  signal?: AbortSignal,
): { readonly parts: AsyncGenerator<TarPart>; end(): Omit<FileDigest, 'name'> } {
  const read = createMeter();
  const out = createZstdDecompress();
  const running = pipeline(createReadStream(path), read.through, out, signal ? { signal } : {});
  running.catch(() => {}); // the reader of `out` gets the same error
  return { parts: readTar(out), end: read.end };
}

/** The digests of the files of a tar. */
export async function digestsOf(tar: AsyncIterable<Buffer>): Promise<FileDigest[]> {
  const found: FileDigest[] = [];
  await eachFile(readTar(tar), { end: (digest) => found.push(digest) });
  return found;
}

interface Visitor {
  readonly begin?: (entry: TarEntry) => unknown;
  readonly body?: (bytes: Buffer) => unknown;
  /** A file has ended. */
  readonly end: (digest: FileDigest) => unknown;
}
/** Walks over the parts of a tar; each step is waited for. */
export async function eachFile(parts: AsyncIterable<TarPart>, { begin, body, end }: Visitor): Promise<void> {
  let open: { readonly entry: TarEntry; readonly hash: Hash } | undefined;
  const close = async (): Promise<void> => {
    if (open?.entry.kind === 'file') await end({ name: open.entry.name, size: open.entry.size, sha256: open.hash.digest('hex') });
  };
  for await (const part of parts) {
    if ('entry' in part) {
      await close();
      open = { entry: part.entry, hash: createHash('sha256') };
      await begin?.(part.entry);
    } else {
      open?.hash.update(part.body);
      await body?.(part.body);
    }
  }
  await close();
}

function createMeter() {
  const hash = createHash('sha256');
  let size = 0;
  const through = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { through, end: () => ({ size, sha256: hash.digest('hex') }) };
}
