import { describe, expect, test } from 'vitest';
import { digestsOf } from './pack.ts';
import { readTar, TarBroken, type TarPart } from './tar.ts';

const BLOCK = 512;
/** A tar entry as ustar has it. */
function entry(name: string, body: string, kind = '0'): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0);
  header.write(`${body.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        ', 148);
  header.write(kind, 156);
  header.write('ustar\0', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padded = Buffer.alloc(Math.ceil(body.length / BLOCK) * BLOCK);
  padded.write(body);
  return Buffer.concat([header, padded]);
}
const END = Buffer.alloc(2 * BLOCK);
async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
async function readAll(bytes: Buffer, size = 100): Promise<{ name: string; body: string }[]> {
  const found: { name: string; body: string }[] = [];
  for await (const part of readTar(inPieces(bytes, size)) as AsyncIterable<TarPart>) {
    if ('entry' in part) found.push({ name: part.entry.name, body: '' });
    else (found.at(-1) as { body: string }).body += part.body.toString();
  }
  return found;
}
const long = 'x'.repeat(1_300);
const whole = Buffer.concat([entry('base', '', '5'), entry('base/1', 'one'), entry('empty', ''), entry('./long', long), END]);

describe('a tar is read', () => {
  test.each([1, 7, 512, 513, 100_000])('in pieces of %i bytes as it was written', async (size) => {
    expect(await readAll(whole, size)).toEqual([
      { name: 'base', body: '' },
      { name: 'base/1', body: 'one' },
      { name: 'empty', body: '' },
      { name: 'long', body: long },
    ]);
  });

  test('and each file hashed', async () => {
    expect(await digestsOf(inPieces(whole, 300))).toMatchObject([
      { name: 'base/1', size: 3, sha256: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed' },
      { name: 'empty', size: 0 },
      { name: 'long', size: 1_300 },
    ]);
  });
});

describe('a tar is refused', () => {
  test.each([
    ['cut in a body', whole.subarray(0, 1_100)],
    ['cut before its end', whole.subarray(0, -END.length)],
    ['with another checksum', Buffer.concat([Buffer.from('y'), whole.subarray(1)])],
    ['with something behind its end', Buffer.concat([whole, entry('late', 'late')])],
    ['that leads outside', Buffer.concat([entry('../etc/passwd', 'x'), END])],
    ['that leads to the root', Buffer.concat([entry('/etc/passwd', 'x'), END])],
    ['empty', Buffer.alloc(0)],
  ])('%s', async (_, bytes) => {
    await expect(readAll(bytes)).rejects.toBeInstanceOf(TarBroken);
  });
});
