import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

/** An order that is mostly blanks, so that few of them fill the buffer. */
const large = (id: string): string => JSON.stringify(neutralOrder({ channelOrderId: id })) + ' '.repeat(1_900_000);
const ORDERS = 45;

test('when the database hangs, the full buffer answers 503 intake.full with Retry-After; what was taken is answered later, and a repeat is fine', async () => {
  const answered: number[] = [];
  let coming: ReturnType<typeof house.send>[] = [];
  await house.house.db.transaction(async (tx) => {
    await tx.query('select position from inbox_head for update', []);
    coming = Array.from({ length: ORDERS }, async (_, i) => {
      const answer = await house.send('POST', '/v1/orders', large(`big${i}`));
      answered.push(answer.status);
      return answer;
    });
    await waitUntil('somebody was refused', () => answered.length > 0);
    await waitUntil('all others wait', () => answered.length + house.house.gather.waiting() >= ORDERS - 2);
  });
  const answers = await Promise.all(coming);
  const refused = answers.filter((answer) => answer.status === 503);
  expect(refused.length).toBeGreaterThan(3);
  for (const { body, headers } of refused) {
    expect(body).toMatchObject({ code: 'intake.full', status: 503 });
    expect(body.detailZh).toContain('已满');
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1);
  }
  expect(answers.filter((answer) => answer.status === 201).length).toBe(ORDERS - refused.length);
  const again = await Promise.all(
    Array.from({ length: ORDERS }, (_, i) => house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: `big${i}` }))),
  );
  expect(again.filter((answer) => answer.body.result === 'created')).toHaveLength(refused.length);
  expect(again.filter((answer) => answer.body.result === 'unchanged')).toHaveLength(ORDERS - refused.length);
});
