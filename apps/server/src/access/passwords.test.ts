import { expect, test } from 'vitest';
import { NOBODY, passwordFits } from './passwords.ts';

test('passwords are compared a few at once; whoever has too many waiting is sent away before any work is done', async () => {
  const compare = (client: string): Promise<boolean> => passwordFits('correct horse', NOBODY, client);
  const greedy = Array.from({ length: 12 }, () => compare('greedy'));
  const honest = compare('honest');
  const answers = (await Promise.allSettled(greedy)).map((answer) =>
    answer.status === 'fulfilled' ? answer.value : (answer.reason as { code: string }).code,
  );
  expect(answers).toEqual([...Array(8).fill(false), ...Array(4).fill('request.too_many')]);
  expect(await honest).toBe(false);
});
