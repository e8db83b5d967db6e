import { expect, test } from 'vitest';
import { readSavedViews, withoutView, withView } from './saved-views.ts';

const mine = { name: '我的', search: { status: 'paid', channel: 'douyin' } } as const;

test('a saved view comes back as it was', () => {
  expect(readSavedViews(JSON.stringify([mine]))).toEqual([mine]);
});
test.each([null, '', 'not json', '{}', '[1, null, {"name": ""}, {"name": "x"}]'])(
  'what cannot be read (%s) costs nobody the page',
  (text) => {
    expect(readSavedViews(text)).toEqual([]);
  },
);
test('the same name replaces, and a thirteenth view sends the oldest away', () => {
  const changed = { name: '我的', search: { held: 'any' } };
  expect(withView([mine], changed)).toEqual([changed]);
  const many = Array.from({ length: 12 }, (_, n) => ({ name: `v${n}`, search: {} }));
  expect(withView(many, mine).map(({ name }) => name)).toEqual([...many.slice(1).map(({ name }) => name), '我的']);
  expect(withoutView([mine], '我的')).toEqual([]);
});
