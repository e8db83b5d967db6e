import { expect, test } from 'vitest';
import { judgeArrivals } from './judge-arrivals.ts';

const versions = new Map([['A', 3]]);
const arrived = (...list: readonly number[]) =>
  list.map((version, i) => ({ subject: 'A', version, webhookId: `${version}-${list.indexOf(version) === i ? 'first' : 'again'}` }));

test('all versions in order are as promised', () => {
  expect(judgeArrivals(arrived(1, 2, 3), versions)).toEqual({ lost: [], doubled: [], wrong: [] });
});
test('a missing version is lost, one under a second id is doubled, one behind a later one is wrong', () => {
  expect(judgeArrivals(arrived(1, 3), versions).lost).toEqual(['A version 2 never arrived']);
  expect(judgeArrivals(arrived(1, 2, 2, 3), versions).doubled).toHaveLength(1);
  expect(judgeArrivals(arrived(1, 3, 2), versions)).toMatchObject({ lost: [], wrong: ['A version 2 first arrived after version 3'] });
});
test('an order that nobody knows is wrong', () => {
  expect(judgeArrivals([{ subject: 'B', version: 1, webhookId: 'x' }, ...arrived(1, 2, 3)], versions).wrong).toEqual([
    'B arrived and is no order',
  ]);
});
