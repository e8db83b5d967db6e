import type { Arrival } from '@weir/sandbox';
import { expect, test } from 'vitest';
import { judgeArrivals } from './judge-arrivals.ts';
import { idOf, shownOf } from './orders.ts';

const SERIAL = 5;
const versions = new Map([['A', 3]]);
const acknowledged = new Map([[idOf(SERIAL), { serial: SERIAL, version: 4 }]]);
type Told = Partial<Record<'status' | 'payable' | 'paid', string>>;
const arrival = (subject: string, version: number, webhookId: string, told: Told = {}) => ({
  subject,
  version,
  webhookId,
  order: {
    orderKey: subject,
    version,
    channelOrderId: idOf(SERIAL),
    ...shownOf(SERIAL, version + 1),
    ...told,
  } as unknown as Arrival['order'],
});
const arrived = (...list: readonly number[]) =>
  list.map((version, i) => arrival('A', version, `${version}-${list.indexOf(version) === i ? 'first' : 'again'}`));
const judged = (arrivals: Parameters<typeof judgeArrivals>[0]) => judgeArrivals(arrivals, versions, acknowledged);

test('all versions in order are as promised', () => {
  expect(judged(arrived(1, 2, 3))).toEqual({ lost: [], doubled: [], wrong: [] });
});
test('a missing version is lost, one under a second id is doubled, one behind a later one is wrong', () => {
  expect(judged(arrived(1, 3)).lost).toEqual(['A version 2 never arrived']);
  expect(judged(arrived(1, 2, 2, 3)).doubled).toHaveLength(1);
  expect(judged(arrived(1, 3, 2))).toMatchObject({ lost: [], wrong: ['A version 2 first arrived after version 3'] });
});
test('an order that nobody knows is wrong', () => {
  expect(judged([arrival('B', 1, 'x'), ...arrived(1, 2, 3)]).wrong).toEqual(['B arrived and is no order']);
});
test.each<Told>([{ status: 'paid' }, { payable: '0.01' }, { paid: '0.00' }])(
  'a file in which the last arrival says %j, other than its sender was told yes to, is noticed',
  (told) => {
    expect(judged([...arrived(1, 2), arrival('A', 3, '3-first', told)]).lost).toEqual([expect.stringContaining(idOf(SERIAL))]);
  },
);
test('an acknowledged order of which nothing arrived is lost, though no server shows it', () => {
  expect(judgeArrivals([], new Map(), acknowledged).lost).toEqual([`${idOf(SERIAL)} was acknowledged and never arrived`]);
});
