import { deflateRawSync, inflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { partitionOf } from '@weir/contract/subject';
import { expect, test } from 'vitest';
import { decodeSegment, encodeSegment, type Message } from './segment.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 20 });
const messages: fc.Arbitrary<Message[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('order', 'command', 'void'),
    subject: fc.record({ kind: fc.constant('order' as const), channel: text, shop: text, id: text }),
    bytes: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    by: text,
    receivedAt: fc.nat({ max: 4_102_444_800_000 }),
  }),
  { minLength: 1, maxLength: 30 },
);
const position = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER - 1_000 });

test('a segment gives back every message with its exact bytes, its place and the partition of its subject', () => {
  fc.assert(
    fc.property(messages, position, (list, first) => {
      const entries = decodeSegment(encodeSegment(list), first);
      expect(entries.map(({ position: _, partition: __, ...message }) => message)).toEqual(list);
      entries.forEach((entry, i) => {
        expect(entry.position).toBe(first + i);
        expect(entry.partition).toBe(partitionOf(entry.subject));
      });
    }),
    { numRuns: 60 },
  );
});

test('what a process holds beside the bytes is never stored', () => {
  const secret = { ...(fc.sample(messages, 1)[0]?.[0] as Message), parsed: { phone: '13800138000' } };
  expect(decodeSegment(encodeSegment([secret]), 1)[0]).not.toHaveProperty('parsed');
});

test('a torn segment is refused, wherever it was torn', () => {
  const packed = encodeSegment(fc.sample(messages, { numRuns: 1, seed: 7 })[0] as Message[]);
  for (let length = 0; length < packed.length; length++)
    expect(() => decodeSegment(packed.subarray(0, length), 1)).toThrow('unexpected end of file');
});

const repacked = (change: (raw: Buffer) => Buffer): Buffer => {
  const list = ['a', 'bb', 'ccc'].map(
    (id): Message => ({
      kind: 'order',
      subject: { kind: 'order', channel: 'own', shop: 's', id },
      bytes: Buffer.from(id),
      by: 't',
      receivedAt: 1,
    }),
  );
  return deflateRawSync(change(inflateRawSync(encodeSegment(list))));
};
const withIndex = (raw: Buffer, change: (index: string) => string): Buffer => {
  const bodyAt = 4 + raw.readUInt32BE(0);
  const index = Buffer.from(change(raw.toString('utf8', 4, bodyAt)));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(index.length);
  return Buffer.concat([length, index, raw.subarray(bodyAt)]);
};

test.each([
  ['bytes missing at its end', (raw: Buffer) => raw.subarray(0, raw.length - 1)],
  ['bytes too many', (raw: Buffer) => Buffer.concat([raw, Buffer.from('x')])],
  ['an index that is longer than itself', (raw: Buffer) => (raw.writeUInt32BE(0xffffffff, 0), raw)],
  ['a length that is too large', (raw: Buffer) => withIndex(raw, (index) => index.replace(',3]]', ',4]]'))],
  ['a length below zero', (raw: Buffer) => withIndex(raw, (index) => index.replace(',3]]', ',-3]]'))],
  ['a length that is no number', (raw: Buffer) => withIndex(raw, (index) => index.replace(',3]]', ',"3"]]'))],
  ['a message left out of its index', (raw: Buffer) => withIndex(raw, (index) => `${index.slice(0, index.lastIndexOf(',['))}]`)],
  ['an index that is no list', (raw: Buffer) => withIndex(raw, () => '{}')],
])('a segment with %s is refused', (_, change) => {
  expect(
    decodeSegment(
      repacked((raw) => raw),
      1,
    ),
  ).toHaveLength(3);
  expect(() => decodeSegment(repacked(change), 1)).toThrow(/segment|JSON|not a function/);
});

test('a segment that unpacks to far more than we ever write is refused before it fills the memory', () => {
  const bomb = deflateRawSync(Buffer.alloc(80 * 1024 * 1024), { level: 9 });
  expect(bomb.length).toBeLessThan(100_000);
  expect(() => decodeSegment(bomb, 1)).toThrow('larger than');
});
