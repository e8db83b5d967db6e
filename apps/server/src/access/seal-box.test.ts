import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ctr, oneShotHmac, sealBox, SealBroken } from './seal-box.ts';

const key = { id: 7, cipherKey: randomBytes(16), macKey: randomBytes(32) };
const box = sealBox(() => key, new Map([[key.id, key]]));
const bytes = fc.uint8Array({ maxLength: 6_000 }).map((array) => Buffer.from(array));

test('what was sealed opens to the same bytes under the same associated text, and to nothing under another', () => {
  fc.assert(
    fc.property(bytes, fc.string(), fc.string(), (plain, row, other) => {
      const blob = box.seal(plain, row);
      fc.pre(other !== row);
      expect(box.open(blob, row).equals(plain)).toBe(true);
      expect(() => box.open(blob, other)).toThrow(SealBroken);
    }),
  );
});

test('one flipped bit anywhere is found', () => {
  const blob = box.seal(Buffer.from('13800138000'), 'row');
  for (let bit = 0; bit < blob.length * 8; bit++) {
    const bent = Buffer.from(blob);
    bent[bit >> 3] = (bent[bit >> 3] as number) ^ (1 << (bit & 7));
    expect(() => box.open(bent, 'row')).toThrow(SealBroken);
  }
});

test('the fast ways are the standard ones: sm4-ctr, HMAC-SM3 and HMAC-SHA256 of node:crypto', () => {
  fc.assert(
    fc.property(bytes, (text) => {
      const nonce = randomBytes(12);
      const standard = createCipheriv('sm4-ctr', key.cipherKey, Buffer.concat([nonce, Buffer.alloc(4)]));
      const block = createCipheriv('sm4-ecb', key.cipherKey, null).setAutoPadding(false);
      expect(ctr(key.cipherKey, block, nonce, text).equals(Buffer.concat([standard.update(text), standard.final()]))).toBe(true);
      for (const name of ['sm3', 'sha256'] as const)
        expect(oneShotHmac(name, key.macKey)(text).equals(createHmac(name, key.macKey).update(text).digest())).toBe(true);
    }),
  );
});

test('two seals of one text share nothing that can be compared', () => {
  const [a, b] = [box.seal(Buffer.from('张三'), 'r'), box.seal(Buffer.from('张三'), 'r')];
  expect(a.subarray(5).equals(b.subarray(5))).toBe(false);
});
