/** Reads a tar file as PostgreSQL writes it (ustar: files, folders, no holes), part by part and without keeping any of them. */

export interface TarEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
  readonly size: number;
}
export type TarPart = { readonly entry: TarEntry } | { readonly body: Buffer };

const BLOCK = 512;
const KINDS: Readonly<Record<string, TarEntry['kind']>> = { '0': 'file', '\0': 'file', '5': 'folder', '2': 'link' };
/** The tar is cut off, or no tar. */
export class TarBroken extends Error {}

/** The entries in order, each followed by its body in pieces. Throws `TarBroken` at the first thing that is not as it should be. */
export async function* readTar(chunks: AsyncIterable<Buffer>): AsyncGenerator<TarPart> {
  let rest: Buffer = Buffer.alloc(0);
  let [left, padding, isOver] = [0, 0, false];
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (;;) {
      if (left > 0) {
        if (rest.length === 0) break;
        const body = rest.subarray(0, left);
        left -= body.length;
        rest = rest.subarray(body.length);
        yield { body };
      } else if (padding > 0) {
        const skipped = Math.min(padding, rest.length);
        padding -= skipped;
        rest = rest.subarray(skipped);
        if (padding > 0) break;
      } else {
        if (rest.length < BLOCK) break;
        const header = rest.subarray(0, BLOCK);
        rest = rest.subarray(BLOCK);
        if (isEmpty(header)) {
          isOver = true;
          continue;
        }
        if (isOver) throw new TarBroken('something follows the end of the tar');
        const entry = entryOf(header);
        yield { entry };
        left = entry.kind === 'file' ? entry.size : 0;
        padding = (BLOCK - (left % BLOCK)) % BLOCK;
      }
    }
  }
  if (!isOver || left > 0 || padding > 0 || rest.length > 0) throw new TarBroken('the tar is cut off');
}

const isEmpty = (block: Buffer): boolean => block.every((byte) => byte === 0);
const textAt = (header: Buffer, at: number, length: number): string => header.toString('utf8', at, at + length).split('\0')[0] ?? '';
const octal = (text: string): number => (/^[0-7]+ *$/.test(text) ? Number.parseInt(text, 8) : Number.NaN);

function entryOf(header: Buffer): TarEntry {
  const kind = KINDS[String.fromCharCode(header[156] as number)];
  const size = (header[124] as number) & 0x80 ? header.readUIntBE(130, 6) : octal(textAt(header, 124, 12));
  if (kind === undefined || Number.isNaN(size) || checksumOf(header) !== octal(textAt(header, 148, 8).trim()))
    throw new TarBroken('an entry of the tar cannot be read');
  const prefix = textAt(header, 345, 155);
  const name = `${prefix === '' ? '' : `${prefix}/`}${textAt(header, 0, 100)}`.replace(/^\.\//, '').replace(/\/$/, '');
  if (name.split('/').some((part) => part === '..') || name.startsWith('/')) throw new TarBroken('an entry of the tar leads outside');
  return { name, kind, size };
}

/** The sum of all bytes, its own eight counted as spaces. */
function checksumOf(header: Buffer): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : (header[i] as number);
  return sum;
}
