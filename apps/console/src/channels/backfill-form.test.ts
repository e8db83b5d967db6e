import { expect, test } from 'vitest';
import { firstForm, rangeOf } from './backfill-form.ts';

const NOW = Date.parse('2026-02-22T10:00:30+08:00');

test('the last week is offered, or as far as the platform reaches, and both can be asked for', () => {
  expect(firstForm(NOW, 90)).toEqual({ from: '2026-02-15T10:01', to: '2026-02-22T10:00' });
  expect(firstForm(NOW, 3).from).toBe('2026-02-19T10:01');
  for (const days of [90, 7, 3, 1]) expect(rangeOf(firstForm(NOW, days), NOW, days)).not.toBeNull();
});
test('times are those of +08:00, with or without seconds', () => {
  expect(rangeOf({ from: '2026-02-20T20:00', to: '2026-02-20T20:30:05' }, NOW, 90)).toEqual({
    from: '2026-02-20T20:00:00+08:00',
    to: '2026-02-20T20:30:05+08:00',
  });
});
test.each([
  ['nothing', '', ''],
  ['an end before the start', '2026-02-20T20:00', '2026-02-20T19:00'],
  ['what lies ahead', '2026-02-23T20:00', '2026-02-24T19:00'],
  ['what the platform has forgotten', '2025-10-20T20:00', '2026-02-20T19:00'],
])('%s is no range', (_what, from, to) => {
  expect(rangeOf({ from, to }, NOW, 90)).toBeNull();
});
