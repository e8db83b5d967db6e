import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
  await house.house.db.query(
    `create function no_room() returns trigger language plpgsql as $$ begin raise exception 'could not extend file: No space left on device' using errcode = '53100'; end $$`,
  );
});
afterAll(() => house.close());

/** The database answers as it does when its disk is full. */
const fill = (table: string): Promise<unknown> =>
  house.house.db.query(`create trigger full_disk before insert on ${table} for each row execute function no_room()`);
const makeRoom = (table: string): Promise<unknown> => house.house.db.query(`drop trigger full_disk on ${table}`);

test('on a full disk nothing is acknowledged, the refusal says why, reading goes on, and with room again everything does', async () => {
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'before' }));
  await fill('inbox');
  const refused = await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'full' }));
  expect(refused).toMatchObject({ status: 503, body: { code: 'server.disk_full', retry: true } });
  expect(refused.body.detailZh).toContain('磁盘已满');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThanOrEqual(1);
  expect((await house.send('GET', '/v1/orders')).body.items).toHaveLength(1);
  await makeRoom('inbox');
  expect((await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'full' }))).body.result).toBe('created');
});

test('what is not a message is refused with the same sentence', async () => {
  await fill('shops');
  expect(await house.send('POST', '/v1/shops', { channel: 'own', shop: 'x', name: 'x' })).toMatchObject({
    body: { code: 'server.disk_full' },
  });
  await makeRoom('shops');
  expect((await house.send('POST', '/v1/shops', { channel: 'own', shop: 'x', name: 'x' })).status).toBe(201);
});

test('a disk that fills between storing and working makes the message late, never lost or a dead letter', async () => {
  await fill('events');
  const coming = house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'late' }));
  const { status, body } = await coming;
  expect(status).toBe(202);
  await makeRoom('events');
  await waitUntil('the stored message is worked', async () => (await house.send('GET', `/v1/outcomes/${body.id}`)).status === 201);
  expect((await house.house.db.query('select 1 from dead_letters')).rowCount).toBe(0);
});
