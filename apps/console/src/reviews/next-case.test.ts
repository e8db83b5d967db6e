import { expect, test } from 'vitest';
import { nextCase } from './next-case.ts';

test('after a decision the case below is next, at the end the one above, and of the only one none', () => {
  expect([nextCase(['a', 'b', 'c'], 'b'), nextCase(['a', 'b'], 'b'), nextCase(['a'], 'a')]).toEqual(['c', 'a', null]);
});
test('after a case that the list does not show the first of the list is next', () => {
  expect([nextCase(['a', 'b'], 'z'), nextCase([], 'z')]).toEqual(['a', null]);
});
