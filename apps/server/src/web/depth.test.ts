import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeeperThan } from './depth.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('the depth told from the text is the depth of the value, whatever stands in its texts', () => {
  const tricky = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', '}', 'a', '\n', '中') });
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ depthSize: 'medium' }, tricky, fc.integer(), tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 4 }),
    object: fc.dictionary(tricky, tie('any'), { maxKeys: 4 }),
  })).any;
  fc.assert(
    fc.property(value, fc.integer({ min: 0, max: 6 }), (each, limit) => {
      expect(isDeeperThan(JSON.stringify(each), limit)).toBe(depthOf(each) > limit);
    }),
  );
});

test('two megabytes of brackets are told at once, closed or not', () => {
  const started = performance.now();
  expect(isDeeperThan('['.repeat(2_000_000), 64)).toBe(true);
  expect(isDeeperThan('{"a":'.repeat(400_000), 64)).toBe(true);
  expect(isDeeperThan('[]'.repeat(1_000_000), 64)).toBe(false);
  expect(performance.now() - started).toBeLessThan(5_000);
});
