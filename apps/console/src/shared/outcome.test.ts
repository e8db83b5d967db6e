import { expect, test } from 'vitest';
import { ApiError } from '../api/client.ts';
import type { CommandAnswer } from '../api/types.ts';
import { outcomeOf } from './outcome.ts';

const notYet = new ApiError(404, 'outcome.not_found', null);
const done: CommandAnswer = { orderKey: 'DY1', result: 'changed', version: 4 };
/** Answers one after the other, the last one for ever; counts the time that was waited. */
function told(...answers: readonly (CommandAnswer | ApiError)[]) {
  const state = { asked: 0, waitedMs: 0 };
  const ask = (): Promise<CommandAnswer> => {
    const answer = answers[Math.min(state.asked, answers.length - 1)];
    state.asked += 1;
    return answer instanceof ApiError ? Promise.reject(answer) : Promise.resolve(answer as CommandAnswer);
  };
  const wait = (ms: number): Promise<void> => {
    state.waitedMs += ms;
    return Promise.resolve();
  };
  return { state, outcome: () => outcomeOf(ask, wait) };
}

test('is asked for until it is known', async () => {
  const { state, outcome } = told(
    notYet,
    notYet,
    new ApiError(0, 'network.down', null),
    new ApiError(401, 'request.unauthorized', null),
    done,
  );
  expect(await outcome()).toEqual({ kind: 'done', answer: done });
  expect(state.asked).toBe(5);
});
test('a later refusal is told as one', async () => {
  const refused = new ApiError(409, 'order.is_held', null);
  expect(await told(notYet, refused).outcome()).toEqual({ kind: 'refused', error: refused });
});
test('asking ends after some ten minutes', async () => {
  const { state, outcome } = told(notYet);
  expect(await outcome()).toEqual({ kind: 'unknown' });
  expect(state.waitedMs).toBeGreaterThan(600_000);
  expect(state.waitedMs).toBeLessThan(700_000);
});
