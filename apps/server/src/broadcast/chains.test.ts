import { expect, test } from 'vitest';
import { createChains, isTurn, type Turn, type Waiting } from './chains.ts';
import type { LogEvent } from './envelope.ts';

const event = (subjectKey: string, version: number) => ({ subjectKey, version }) as LogEvent;
const versionOf = (waiting: Waiting | Turn | undefined): number | undefined =>
  waiting === undefined || isTurn(waiting) ? undefined : waiting.event.version;
const place = { partition: 0, position: 1, finished: false };

test('a subject belongs to one lane at a time, and what comes for it meanwhile waits behind', () => {
  const chains = createChains();
  chains.add(event('a', 1), place);
  const mine = chains.take();
  chains.add(event('a', 2), place);
  chains.add(event('b', 1), place);
  expect(mine?.waiting.map(versionOf)).toEqual([1, 2]);
  expect(chains.take()?.subjectKey).toBe('b');
  expect(chains.take()).toBeUndefined();
});

test('a subject that was put back comes after all others', () => {
  const chains = createChains();
  for (const key of ['a', 'b', 'c']) chains.add(event(key, 1), place);
  const first = chains.take();
  if (first) chains.putBack(first);
  expect([chains.take(), chains.take(), chains.take()].map((chain) => chain?.subjectKey)).toEqual(['b', 'c', 'a']);
});

test('a probe takes what was never tried before what was', () => {
  const chains = createChains();
  chains.add(event('tried', 1), place);
  const tried = chains.take();
  for (const waiting of tried?.waiting ?? []) if (!isTurn(waiting)) waiting.tries = 1;
  if (tried) chains.putBack(tried);
  chains.add(event('fresh', 1), place);
  expect([chains.takeFresh(), chains.takeFresh(), chains.takeFresh()].map((chain) => chain?.subjectKey)).toEqual([
    'fresh',
    'tried',
    undefined,
  ]);
});

test('what comes for an occupied subject has its turn when it is left, and an empty one is forgotten', () => {
  const chains = createChains();
  const kept = chains.occupy('a');
  chains.add(event('a', 7), place);
  expect(chains.take()).toBeUndefined();
  chains.leave(kept);
  const mine = chains.take();
  expect(versionOf(mine?.waiting[0])).toBe(7);
  mine?.waiting.shift();
  if (mine) chains.leave(mine);
  expect(chains.take()).toBeUndefined();
  chains.add(event('a', 8), place);
  expect(chains.take()?.waiting.map(versionOf)).toEqual([8]);
});
