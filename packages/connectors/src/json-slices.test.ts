import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemsAt, textAt } from './json-slices.ts';

test('a part is given as it was written: numbers beyond 2^53, spaces, escapes and the order of names', () => {
  const text = '{ "code":10000, "data" : {"list":[ {"b": 6930000000000002002, "a":"x\\"]}" } , 7,"\\u4f60" ]} }';
  expect(itemsAt(text, ['data', 'list'])).toEqual(['{"b": 6930000000000002002, "a":"x\\"]}" }', '7', '"\\u4f60"']);
  expect(textAt(text, ['code'])).toBe('10000');
  expect(textAt(text, ['data', 'nothing'])).toBeNull();
  expect(itemsAt(text, ['code'])).toEqual([]);
});

test('a name that stands twice means its last value, as JSON.parse has it', () => {
  expect(textAt('{"a":1,"a":2}', ['a'])).toBe('2');
});

test('whatever JSON it is, the parts parse to what the whole parses to', () => {
  fc.assert(
    fc.property(fc.array(fc.jsonValue(), { maxLength: 6 }), fc.constantFrom(undefined, 1, '\t'), (list, space) => {
      const text = JSON.stringify({ x: { list } }, null, space);
      expect(itemsAt(text, ['x', 'list']).map((item) => JSON.parse(item) as unknown)).toEqual(JSON.parse(JSON.stringify(list)));
    }),
  );
});

test('text that is no JSON ends all the same', () => {
  for (const text of ['', '[{"a":"never closed', '{"a":{"b":"', '["', '{"', '[', '{"a', '[{"a":1}x'])
    expect(() => [itemsAt(text, []), textAt(text, ['a', 'b'])]).not.toThrow();
});
