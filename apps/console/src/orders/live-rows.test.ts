import { expect, test } from 'vitest';
import type { ListItem } from '../api/types.ts';
import { stepTo, withStatuses } from './live-rows.ts';

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
const change = (orderKey: string, status: string, version: number) => ({ orderKey, status, version, type: 'order.changed' });

test('a row learns its newest status where it stands, and a stranger is not added', () => {
  const pages = [{ items: [anItem('A', 'paid'), anItem('B', 'paid')], nextCursor: null }];
  const [page] = withStatuses(pages, [change('B', 'picked', 2), change('B', 'packed', 3), change('C', 'paid', 1)]);
  expect(page?.items.map(({ orderKey, status }) => [orderKey, status])).toEqual([
    ['A', 'paid'],
    ['B', 'packed'],
  ]);
});
test('pages in which nothing changed stay the same object, so that nothing is drawn again', () => {
  const pages = [{ items: [anItem('A', 'paid')], nextCursor: null }];
  expect(withStatuses(pages, [change('A', 'paid', 2)])[0]).toBe(pages[0]);
});
test('j and k stop at the ends and start at the nearer one', () => {
  expect([stepTo(-1, 1, 3), stepTo(2, 1, 3), stepTo(0, -1, 3), stepTo(-1, -1, 3), stepTo(1, -1, 3)]).toEqual([0, 2, 0, 2, 0]);
});
