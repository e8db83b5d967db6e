import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

test('the dead letters that the overview counts are those that the list shows to the same person', async () => {
  await house.house.db.query(
    `insert into dead_letters (id, position, reason, created_at, sealed) values ('dl_1', 1, 'message.failed', now(), '')`,
  );
  for (const [shops, count] of [
    [undefined, 1],
    [['own/s1'], 0],
  ] as const) {
    const { body } = await house.send('POST', '/v1/tokens', { name: 'who', role: 'operations', ...(shops ? { shops } : {}) });
    const ask = async (path: string) => (await house.send('GET', path, undefined, { token: body.token })).body;
    expect((await ask('/v1/overview')).deadLetters).toBe(count);
    expect((await ask('/v1/dead-letters')).items).toHaveLength(count);
  }
});
