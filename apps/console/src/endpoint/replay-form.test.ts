import { expect, test } from 'vitest';
import { prettyJson } from './pretty.ts';
import { EMPTY_FORM, wishOf } from './replay-form.ts';

const times = { from: '2026-02-20T20:00', to: '2026-02-20T20:30:15' };

test('times are read as +08:00, with or without seconds', () => {
  expect(wishOf({ ...EMPTY_FORM, ...times })).toEqual({
    query: { paidFrom: '2026-02-20T20:00:00+08:00', paidTo: '2026-02-20T20:30:15+08:00' },
    perSecond: 50,
  });
  expect(wishOf({ ...EMPTY_FORM, ...times, kind: 'change', perSecond: '5' })).toEqual({
    range: { from: '2026-02-20T20:00:00+08:00', to: '2026-02-20T20:30:15+08:00' },
    perSecond: 5,
  });
});

test('keys are parted by lines, spaces and commas of both languages, each once', () => {
  expect(wishOf({ ...EMPTY_FORM, kind: 'keys', keys: ' A1\nB2，C3, A1 \n' })).toEqual({ keys: ['A1', 'B2', 'C3'], perSecond: 50 });
});

test.each([
  { ...EMPTY_FORM },
  { ...EMPTY_FORM, from: times.to, to: times.from },
  { ...EMPTY_FORM, from: times.from, to: times.from },
  { ...EMPTY_FORM, ...times, perSecond: '0' },
  { ...EMPTY_FORM, ...times, perSecond: '1.5' },
  { ...EMPTY_FORM, ...times, perSecond: '' },
  { ...EMPTY_FORM, kind: 'keys' as const, keys: ' \n,' },
])('%j is no wish yet', (form) => expect(wishOf(form)).toBeNull());

test('a body is broken into lines without touching a digit or a text', () => {
  const text = '{"id":69000000000000000123,"a":[],"b":{},"c":["x,{}\\"",1.50]}';
  expect(prettyJson(text)).toBe('{\n  "id": 69000000000000000123,\n  "a": [],\n  "b": {},\n  "c": [\n    "x,{}\\"",\n    1.50\n  ]\n}');
});
