import { expect, test } from 'vitest';
import { wordsOf } from '../words/words.ts';
import { chipsOf, filterOf, mayBelong, readSearch, sameSearch } from './filters.ts';

const zh = wordsOf('zh');
const now = Date.parse('2026-02-22T10:00:30+08:00');

test('an address with strange names and values still opens the list', () => {
  expect(readSearch({ status: 'paid', since: 'yesterday', page: '2', shop: 7, held: '', channelOrderId: '6912345678901234567' })).toEqual({
    status: 'paid',
    channelOrderId: '6912345678901234567',
  });
});
test('the chips read as a sentence, and each takes only itself away', () => {
  const chips = chipsOf({ channel: 'douyin', status: 'paid', since: '24h', open: 'DY2026022200872A' }, now, zh);
  expect(chips.map(({ text }) => text).join(' · ')).toBe('抖音小店 · 已付款 · 最近 24 小时');
  expect(chips[1]?.without).toEqual({ channel: 'douyin', since: '24h' });
});
test('an hour opened from the chart is one chip, in +08:00', () => {
  const hour = { placedFrom: '2026-02-22T01:00:00.000Z', placedTo: '2026-02-22T02:00:00.000Z' };
  expect(chipsOf(hour, now, zh)).toMatchObject([{ text: '09:00:00 至 10:00:00', without: {} }]);
});
test('a span ends now and asks the same question all minute long', () => {
  expect(filterOf({ since: '24h' }, now)).toEqual({ placedFrom: '2026-02-21T02:00:00.000Z' });
  expect(filterOf({ since: '24h' }, now + 20_000)).toEqual(filterOf({ since: '24h' }, now));
  expect(filterOf({ since: 'today', status: 'paid' }, now)).toEqual({ status: 'paid', placedFrom: '2026-02-21T16:00:00.000Z' });
});
test('the open order is no part of the question', () => {
  expect(filterOf({ status: 'paid', open: 'DY2026022200872A' }, now)).toEqual({ status: 'paid' });
  expect(sameSearch({ status: 'paid', open: 'DY2026022200872A' }, { status: 'paid' })).toBe(true);
  expect(sameSearch({ status: 'paid' }, { held: 'any' })).toBe(false);
});
test('an order that comes into the list is announced above it: a new one, or one whose status or hold is the list’s', () => {
  const created = { orderKey: 'DY2026022200872A', version: 1, type: 'order.created', status: 'paid', shop: '7' };
  const paid = { ...created, type: 'order.paid' };
  expect(mayBelong(created, {})).toBe(true);
  expect(mayBelong(created, { channel: 'douyin', shop: '7', status: 'paid' })).toBe(true);
  expect(mayBelong(created, { channel: 'taobao' })).toBe(false);
  expect(mayBelong(created, { shop: '8' })).toBe(false);
  expect(mayBelong(created, { status: 'shipped' })).toBe(false);
  expect(mayBelong(paid, {})).toBe(false);
  expect(mayBelong(paid, { status: 'paid' })).toBe(true);
  expect(mayBelong({ ...paid, type: 'order.changed' }, { status: 'paid' })).toBe(false);
  expect(mayBelong({ ...paid, type: 'order.held' }, { held: 'any' })).toBe(true);
  expect(mayBelong(paid, { held: 'any' })).toBe(false);
  expect(mayBelong(created, { channelOrderId: '1' })).toBe(false);
});
