import { afterAll, beforeAll, expect, test } from 'vitest';
import { ADMIN, type TestHouse, testHouse } from '../support/index.ts';
import { judge } from './judge.ts';
import { idOf, orderVersion, VERSIONS } from './orders.ts';

let house: TestHouse;
let url: string;
const taken: string[] = [];
beforeAll(async () => {
  house = await testHouse();
  url = await house.house.app.listen({ host: '127.0.0.1', port: 0 });
  for (let serial = 0; serial < 3; serial++)
    for (let version = 0; version < VERSIONS - 1; version++)
      taken.push(String((await house.send('POST', '/v1/orders', orderVersion(serial, version))).headers['x-weir-message']));
});
afterAll(() => house.close());

const sent = (more: readonly (readonly [serial: number, version: number])[] = []) => ({
  acknowledged: new Map([[0, 3], [1, 3], [2, 3], ...more].map(([serial, version]) => [idOf(serial), { serial: serial, version: version }])),
  taken,
  strange: [],
});

test('the judge finds nothing where nothing is wrong', async () => {
  const verdict = await judge(url, ADMIN, sent());
  expect(verdict).toMatchObject({ orders: 3, lost: [], doubled: [], wrong: [] });
  expect(verdict.events).toBeGreaterThan(9);
});

test('the judge finds an acknowledged order that is not there, and one that is older than acknowledged', async () => {
  expect((await judge(url, ADMIN, sent([[7, 0]]))).lost).toEqual([idOf(7)]);
  expect((await judge(url, ADMIN, sent([[1, 4]]))).lost).toHaveLength(1);
});

test('the judge finds an acknowledged message without an outcome, also when a newer one of its order hides that it is lost', async () => {
  const [older] = taken;
  const { rows } = await house.house.db.query<{ last: number; body: Buffer }>(
    'delete from outcomes where first_position <= $1 and last_position >= $1 returning last_position as last, body',
    [older],
  );
  expect(rows).toHaveLength(1);
  const { lost } = await judge(url, ADMIN, sent());
  expect(lost.filter((each) => each.startsWith(`message ${older} `))).toHaveLength(1);
  await house.house.db.query('insert into outcomes (last_position, first_position, body) values ($1, $2, $3)', [
    rows[0]?.last,
    older,
    rows[0]?.body,
  ]);
});

test('the judge finds an order that nobody sent, a doubled event and a hole in the versions', async () => {
  const few = sent();
  few.acknowledged.delete(idOf(2));
  expect((await judge(url, ADMIN, few)).wrong).toHaveLength(1);
  const doctor = (text: string) => house.house.db.query(text);
  await doctor(`update events set type = 'order.paid' where type = 'order.address_changed'`);
  expect((await judge(url, ADMIN, sent())).doubled).toHaveLength(3);
  await doctor(`delete from events where version = 2`);
  const verdict = await judge(url, ADMIN, sent());
  expect(verdict.wrong.length).toBeGreaterThanOrEqual(3);
  expect(verdict.lost).toHaveLength(3);
});
