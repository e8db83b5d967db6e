import Type, { type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { readProblems } from './read-problems.ts';

const strict = { additionalProperties: false } as const;
const problemsOf = (schema: TSchema, value: unknown) => readProblems(Compile(schema).Errors(value), value);
const inside = (schema: TSchema) => Type.Object({ a: Type.Optional(schema) }, strict);

test.each([
  ['a text that is too short', Type.String({ minLength: 10 }), 'short', 'field.too_short', '/a', '≥ 10'],
  ['one that is too long', Type.String({ maxLength: 3 }), 'long', 'field.too_long', '/a', '≤ 3'],
  ['one of another pattern', Type.String({ pattern: '^x$' }), 'y', 'field.not_allowed', '/a', '^x$'],
  ['one of another form', Type.String({ format: 'uri' }), 'y', 'field.not_allowed', '/a', 'must match format "uri"'],
  ['a number below', Type.Integer({ minimum: 2 }), 1, 'field.not_allowed', '/a', '≥ 2'],
  ['a number above', Type.Integer({ maximum: 2 }), 3, 'field.not_allowed', '/a', '≤ 2'],
  ['a number that is not above', Type.Integer({ exclusiveMinimum: 2 }), 2, 'field.not_allowed', '/a', 'must be > 2'],
  ['no whole number', Type.Integer(), 1.5, 'field.wrong_type', '/a', 'integer'],
  ['a list that is too short', Type.Array(Type.Null(), { minItems: 2 }), [null], 'field.missing', '/a', '≥ 2'],
  ['a list that is too long', Type.Array(Type.Null(), { maxItems: 1 }), [null, null], 'field.too_many', '/a', '≤ 1'],
  [
    'an object with too little',
    Type.Object({ b: Type.Optional(Type.Null()) }, { ...strict, minProperties: 1 }),
    {},
    'field.missing',
    '/a',
    '≥ 1',
  ],
  [
    'an object with too much',
    Type.Record(Type.String(), Type.Null(), { maxProperties: 1 }),
    { b: null, c: null },
    'field.too_many',
    '/a',
    '≤ 1',
  ],
  ['no word of a list', Type.Enum(['x', 'y']), 'z', 'field.not_allowed', '/a', 'x | y'],
] as const)('%s is named with its place and what was expected', (_what, schema, value, code, pointer, expected) => {
  expect(problemsOf(inside(schema), { a: value })).toEqual([expect.objectContaining({ code, pointer, expected })]);
});
test.each([
  [Type.Integer(), '整数'],
  [Type.Number(), '数字'],
  [Type.String(), '文本'],
  [Type.Boolean(), '真假值'],
  [Type.Object({}), '对象'],
  [Type.Array(Type.Null()), '列表'],
] as const)('in Chinese a type has a Chinese name: %j', (schema, name) => {
  expect(problemsOf(inside(schema), { a: null })).toEqual([expect.objectContaining({ zh: `类型不对：读到 null，应为${name}` })]);
});
test('of a text, a list or an object that is too large its size is told, never what stands there', () => {
  const told = (schema: TSchema, value: unknown) => problemsOf(inside(schema), { a: value })[0]?.reading;
  expect(told(Type.String({ maxLength: 3 }), '𠮷𠮷𠮷𠮷')).toBe('4');
  expect(told(Type.String({ minLength: 3 }), 'ab')).toBe('2');
  expect(told(Type.Array(Type.Null(), { maxItems: 1 }), [null, null])).toBe('2');
  expect(told(Type.Record(Type.String(), Type.Null(), { maxProperties: 1 }), { b: null, c: null })).toBe('2');
});
test('what is missing and what is too much stand at their own names', () => {
  const found = problemsOf(Type.Object({ a: Type.String() }, strict), { b: 1 });
  expect(found.map(({ code, pointer }) => [code, pointer])).toEqual([
    ['field.missing', '/a'],
    ['field.unknown', '/b'],
  ]);
});
test('where no branch of a union fits, each branch says why', () => {
  const found = problemsOf(inside(Type.Union([Type.String({ minLength: 2 }), Type.Integer({ minimum: 1 })])), { a: '' });
  expect(found.map(({ code, pointer }) => [code, pointer])).toEqual([
    ['field.too_short', '/a'],
    ['field.wrong_type', '/a'],
  ]);
});
test('nothing is told without a word of what was expected', () => {
  expect(readProblems([], null)).toMatchObject([{ pointer: '', expected: '/openapi.json' }]);
});
