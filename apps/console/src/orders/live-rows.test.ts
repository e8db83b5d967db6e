import { expect, test } from 'vitest';
import type { ListItem } from '../api/types.ts';
import { stepTo, toldOf, withTold } from './live-rows.ts';

const anItem = (orderKey: string, status: string): ListItem => ({
  orderKey,
  channel: 'own',
  shop: '1',
  channelOrderId: orderKey,
  status,
  payment: 'none',
  refund: 'none',
  held: [],
  payable: '1.00',
  currency: 'CNY',
  lineCount: 1,
  title: '',
  shipBy: null,
  placedAt: null,
});
const change = (orderKey: string, status: string, version: number) => ({ orderKey, status, version, type: 'order.changed', shop: '1' });
const pages = [{ items: [anItem('A', 'paid'), anItem('B', 'paid')], nextCursor: null }];

test('a row learns its newest status where it stands and says that more may be new; a stranger is not added', () => {
  const told = toldOf(new Map(), pages, [change('B', 'picked', 2), change('B', 'packed', 3), change('C', 'paid', 1)]);
  expect(withTold(pages[0]?.items ?? [], told).map(({ orderKey, status, isBehind }) => [orderKey, status, isBehind])).toEqual([
    ['A', 'paid', undefined],
    ['B', 'packed', true],
  ]);
});
test('an older change that comes late takes nothing back, and one that nobody shows changes nothing', () => {
  const told = toldOf(new Map(), pages, [change('A', 'packed', 5)]);
  expect(toldOf(told, pages, [change('A', 'picked', 4), change('Z', 'paid', 9)])).toBe(told);
});
test('j and k stop at the ends and start at the nearer one', () => {
  expect([stepTo(-1, 1, 3), stepTo(2, 1, 3), stepTo(0, -1, 3), stepTo(-1, -1, 3), stepTo(1, -1, 3)]).toEqual([0, 2, 0, 2, 0]);
});
