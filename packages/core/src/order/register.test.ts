import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameValue } from './register.ts';

const asText = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const copyOf = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('whether two values are the same', () => {
  it.each([
    [{ a: 1, b: 2 }, { b: 2, a: 1 }, false],
    [{ a: 1, b: undefined }, { a: 1 }, true],
    [{ a: undefined, b: 1 }, { b: 1, c: undefined }, true],
    [{ a: undefined }, { a: null }, false],
    [[], {}, false],
    [[1], { 0: 1 }, false],
    [[1, 2], [1, 2, 3], false],
    [null, {}, false],
    [null, 'null', false],
    ['1', 1, false],
    [undefined, undefined, true],
    [undefined, null, false],
    [{ a: { b: [{ c: '1.00' }] } }, { a: { b: [{ c: '1.00' }] } }, true],
    [{ a: { b: [{ c: '1.00' }] } }, { a: { b: [{ c: '1.01' }] } }, false],
  ])('%j and %j: %j', (a, b, same) => {
    expect(sameValue(a, b)).toBe(same);
    expect(sameValue(b, a)).toBe(same);
    expect(asText(a, b)).toBe(same);
  });

  it('is what their JSON texts say', () => {
    const near = fc
      .jsonValue({ maxDepth: 3 })
      .chain((value) => fc.tuple(fc.constant(value), fc.oneof(fc.constant(copyOf(value)), fc.jsonValue())));
    fc.assert(
      fc.property(near, ([a, b]) => {
        expect(sameValue(a, b)).toBe(asText(a, b));
        expect(sameValue(copyOf(a), a)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
