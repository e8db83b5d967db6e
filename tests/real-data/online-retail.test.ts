/** Half a year of a real shop through the import, with the expected count of each outcome. */
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { convertOnlineRetail } from '../../tools/convert/online-retail.ts';
import { createNotes } from '../../tools/convert/run.ts';
import { ADMIN, type TestHouse, testHouse } from '../support/index.ts';

const DIR = fileURLToPath(new URL('../data/online-retail', import.meta.url));
let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

async function* lines(): AsyncGenerator<string> {
  for await (const message of convertOnlineRetail(DIR, createNotes())) yield `${JSON.stringify(message)}\n`;
}

async function importAll(): Promise<Record<string, number>> {
  const response = await house.house.app.inject({
    method: 'POST',
    url: '/v1/orders:import',
    payload: Readable.from(lines()),
    headers: { 'content-type': 'application/x-ndjson', authorization: `Bearer ${ADMIN}` },
  });
  const last = response.body.trimEnd().split('\n').at(-1) as string;
  return (JSON.parse(last) as { counts: Record<string, number> }).counts;
}

test('12,112 messages of a real shop end as counted, and a second run changes nothing', async () => {
  const first = await importAll();
  expect(Object.values(first).reduce((sum, n) => sum + n, 0)).toBe(12_112);
  expect(first).toEqual({ created: 10_030, changed: 1_323, needs_review: 759 });
  const second = await importAll();
  expect(second).toEqual({ unchanged: 11_353, needs_review: 759 });
  const { rows } = await house.house.db.query(
    `select count(*) as orders, count(distinct order_key) as keys from orders where channel = 'onlineretail'`,
  );
  expect(rows).toEqual([{ orders: 10_789, keys: 10_789 }]);
});
