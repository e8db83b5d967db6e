import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, parseBytes, parseLossless } from './lossless-json.ts';

test('two ids that are one double stay two ids', () => {
  expect(Number('6930000000000002002')).toBe(Number('6930000000000002012')); // the trap, on this very machine
  expect(parseLossless('{"s_ids":[6930000000000002002,6930000000000002012]}')).toEqual({
    s_ids: ['6930000000000002002', '6930000000000002012'],
  });
});

test('every integer of any length comes back digit by digit, and numbers keep their spelling', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (id) => {
      expect(parseLossless(`[${id}]`)).toEqual([String(id)]);
    }),
  );
  expect(parseLossless('[1.50,-0,1e5]')).toEqual(['1.50', '-0', '1e5']);
});

test('whatever is no JSON is null: broken text, bytes that are not UTF-8, nesting deeper than the stack', () => {
  for (const text of ['', '{', '01', 'undefined', `${'['.repeat(200_000)}${']'.repeat(200_000)}`]) expect(parseLossless(text)).toBeNull();
  expect(parseBytes(Uint8Array.of(0x22, 0xc3, 0x28, 0x22))).toBeNull();
});

test('a byte order mark is no part of the text, as the published samples begin with one', () => {
  expect(parseBytes(Buffer.from('\ufeff{"tag":100}'))).toEqual({ tag: '100' });
});

test('a field named __proto__ is a field', () => {
  const value = parseLossless('{"__proto__":{"p_id":1}}');
  expect(Object.hasOwn(value as object, '__proto__')).toBe(true);
  expect((value as Record<string, unknown>)['p_id']).toBeUndefined();
});

test('names that look like numbers are sorted as text, as the platform does', () => {
  expect(canonicalJson('{"b":1,"10":2,"9":[{"z":1,"a":6930000000000002002}]}')).toBe(
    '{"10":2,"9":[{"a":6930000000000002002,"z":1}],"b":1}',
  );
});

test('sorting twice changes nothing, and the value stays the same', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const once = canonicalJson(text);
      expect(canonicalJson(once)).toBe(once);
      expect(parseLossless(once)).toEqual(parseLossless(text));
    }),
  );
});
