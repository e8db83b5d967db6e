import Type from 'typebox';
import { expect, test } from 'vitest';
import { onlyDeclared } from './only-declared.ts';

const Name = Type.Object({ first: Type.String() });
const copy = onlyDeclared(
  Type.Object({
    id: Type.String(),
    perhaps: Type.Optional(Type.String()),
    name: Type.Union([Name, Type.Null()]),
    names: Type.Array(Name),
    counts: Type.Record(Type.String(), Type.Integer()),
    anything: Type.Optional(Type.Unknown()),
  }),
);
const good = { id: 'a', name: null, names: [{ first: 'b' }], counts: { x: 1 }, anything: { deep: [1] } };

test('what is declared passes as it is, and the value itself is left alone', () => {
  expect(copy(good)).toEqual(good);
  const grown = { ...good, extra: 1 };
  copy(grown);
  expect(grown.extra).toBe(1);
});

test('an undeclared field does not pass, at no depth, behind no list and no union', () => {
  const leaky = {
    ...good,
    phone: '13800138000',
    name: { first: 'a', phone: '1' },
    names: [{ first: 'b', phone: '2' }],
    counts: { x: 1, y: { phone: '3' } },
  };
  expect(JSON.stringify(copy(leaky))).not.toContain('phone');
});

test('an object or a list in the place of a text does not pass', () => {
  expect(copy({ ...good, id: { phone: '1' } })).not.toHaveProperty('id.phone');
  expect(JSON.stringify(copy({ ...good, name: [{ first: 'a' }] }))).not.toContain('first":"a');
  expect(copy({ ...good, names: { first: 'a' } })).toMatchObject({ names: undefined });
});

test('null and false are values', () => {
  expect(onlyDeclared(Type.Object({ a: Type.Boolean(), b: Type.Null() }))({ a: false, b: null })).toEqual({ a: false, b: null });
});
