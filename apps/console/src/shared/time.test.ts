import { expect, test } from 'vitest';
import { wordsOf } from '../words/words.ts';
import { agoText, asOfText, dayStart, deadlineOf, exactText, shortText } from './time.ts';

const zh = wordsOf('zh');
const now = Date.parse('2026-02-22T10:00:00+08:00');
const at = (text: string): number => Date.parse(text);

test('an instant is shown in +08:00 wherever the browser stands', () => {
  expect(exactText(at('2026-02-21T19:15:20Z'))).toBe('2026-02-22 03:15:20 +08:00');
});
test('what was not today shows its day, what was not this year its year, and always the hour', () => {
  expect(shortText(at('2026-02-22T03:15:20+08:00'), now)).toBe('03:15:20');
  expect(shortText(at('2026-02-21T18:00:00+08:00'), now)).toBe('02-21 18:00');
  expect(shortText(at('2025-12-31T23:59:59+08:00'), now)).toBe('2025-12-31 23:59');
});
test('what was looked at on another day says which', () => {
  expect(asOfText(at('2026-02-22T03:15:20+08:00'), now)).toBe('03:15:20');
  expect(asOfText(at('2026-02-21T10:00:05+08:00'), now)).toBe('02-21 10:00:05');
});
test('a day starts at midnight in +08:00', () => {
  expect(new Date(dayStart(at('2026-02-22T00:00:00+08:00'))).toISOString()).toBe('2026-02-21T16:00:00.000Z');
  expect(new Date(dayStart(at('2026-02-21T23:59:59+08:00'))).toISOString()).toBe('2026-02-20T16:00:00.000Z');
});
test.each([
  ['2026-02-22T09:59:59+08:00', '刚刚'],
  ['2026-02-22T09:59:30+08:00', '30 秒前'],
  ['2026-02-22T09:57:00+08:00', '3 分钟前'],
  ['2026-02-21T10:00:01+08:00', '23 小时前'],
  ['2026-02-20T10:00:00+08:00', '2 天前'],
  ['2026-02-22T10:05:30+08:00', '5 分钟后'],
])('%s is %s at ten o’clock', (text, expected) => {
  expect(agoText(at(text), now, zh)).toBe(expected);
});
test('a deadline waits calmly, then calls a person, then is late', () => {
  expect(deadlineOf(at('2026-02-22T18:00:00+08:00'), now, zh)).toEqual({ tone: 'calm', text: '还有 8 时 0 分' });
  expect(deadlineOf(at('2026-02-22T12:14:00+08:00'), now, zh)).toEqual({ tone: 'waiting', text: '还有 2 时 14 分' });
  expect(deadlineOf(at('2026-02-22T09:20:00+08:00'), now, zh)).toEqual({ tone: 'bad', text: '已超 40 分' });
});
