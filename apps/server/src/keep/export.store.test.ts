/** A round trip: out of one database and into an empty one, with the same orders, events and people, and a timeline of its own. */
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, testDatabase, type TestDatabase, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { manualClock, silentLog, systemClock } from '#platform';
import { exportHouse, loadExport, rowsAtOnce } from './export.ts';
import { longestRow } from './export-store.ts';

const MIGRATIONS = new URL('../../../../database/migrations', import.meta.url).pathname;
let house: TestHouse;
let target: TestDatabase;
let folder: string;
beforeAll(async () => {
  [house, target] = [await testHouse(), await testDatabase()];
  folder = mkdtempSync(join(tmpdir(), 'weir-export-'));
});
afterAll(async () => {
  await house.close();
  await target.drop();
  rmSync(folder, { recursive: true, force: true });
});
const dump = async (db: TestDatabase['db'], text: string): Promise<unknown> => (await db.query(text)).rows;
const SAME = [
  'select md5(string_agg(o::text, chr(10) order by order_key)) from orders o',
  `select md5(string_agg(l::text, chr(10) order by order_key)) from order_list l`,
  'select channel, shop, status, held, orders from order_counts where orders <> 0 order by 1, 2, 3, 4',
  'select md5(string_agg(b::text, chr(10) order by b::text)) from blind_index b',
  'select md5(string_agg(r::text, chr(10) order by r::text)) from review_cases r',
  'select md5(string_agg(e::text, chr(10) order by log_partition, position)) from events e',
];

test('what was exported comes back the same, goes on above what was handed out, and only into an empty database', async () => {
  for (let n = 0; n < 700; n += 50)
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: `x${n + i}` }))),
    );
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'wrong', payable: '1.00', paid: '1.00', payments: undefined }));
  const made = await exportHouse(house.url, folder, systemClock, null);
  expect(made.tables.find(({ table }) => table === 'orders')?.rows).toBe(701);

  const damaged = { ...made, folder: join(folder, 'damaged') };
  cpSync(made.folder, damaged.folder, { recursive: true });
  const file = join(damaged.folder, 'orders.ndjson.zst');
  const text = zstdDecompressSync(readFileSync(file)).toString('utf8');
  writeFileSync(file, zstdCompressSync(text.replace('"version":2', '"version":3')));
  const home = mkdtempSync(join(folder, 'home-'));
  copyFileSync(join(house.home, 'root.key'), join(home, 'root.key'));
  const { openHouse } = await import('../main.ts');
  const load = (from: string, more: Partial<Parameters<typeof loadExport>[0]> = {}) =>
    loadExport({ url: target.url, home, from, migrations: MIGRATIONS, clock: systemClock, ...more });
  await expect(load(damaged.folder)).rejects.toMatchObject({ code: 'export.damaged' });
  expect(await dump(target.db, 'select count(*) as n from orders')).toEqual([{ n: 0 }]);

  await expect(load(made.folder, { clock: manualClock(Date.now() - 3_600_000) })).rejects.toMatchObject({ code: 'restore.clock' });
  const strange = mkdtempSync(join(folder, 'home-'));
  writeFileSync(join(strange, 'root.key'), `${'5a'.repeat(32)}\n`);
  await expect(load(made.folder, { home: strange })).rejects.toMatchObject({ code: 'keys.wrong_root' });
  expect(await dump(target.db, 'select count(*) as n from orders')).toEqual([{ n: 0 }]);

  const before = await Promise.all(SAME.map((text) => dump(house.house.db, text)));
  const open = () => openHouse({ databaseUrl: target.url, home, adminToken: 'weir_test_admin_token', clock: systemClock, log: silentLog });
  for (const cutAt of ['export.loaded', 'timeline.begun']) {
    const reach = (point: string): void => {
      if (point === cutAt) throw new Error('killed');
    };
    await expect(load(made.folder, { reach })).rejects.toThrow('killed');
    await expect(open()).rejects.toMatchObject({ code: 'database.half_loaded' });
  }
  const begun = await load(made.folder);
  expect(begun.retold).toBe(701);
  expect(await Promise.all(SAME.map((text) => dump(target.db, text)))).toEqual(before);
  await expect(load(made.folder)).rejects.toMatchObject({ code: 'export.not_empty' });

  const again = await open();
  try {
    await waitUntil(
      'all are told again',
      async () =>
        ((await dump(target.db, `select count(*) as n from events where type = 'order.restored'`)) as { n: number }[])[0]?.n === 701,
    );
    const [{ key, version }] = (await dump(target.db, `select order_key as key, version from orders where channel_order_id = 'x1'`)) as [
      { key: string; version: number },
    ];
    expect(version).toBeGreaterThan(1_000_000);
    const shown = await again.app.inject({ url: `/v1/orders/${key}`, headers: { authorization: 'Bearer weir_test_admin_token' } });
    expect(shown.json()).toMatchObject({ status: 'paid', personal: { receiver: { city: '杭州市' } } });
  } finally {
    await again.stop();
  }
});

test('how many rows lie in memory at once is chosen by the longest of them', async () => {
  expect([0, 100, 20_000, 1_000_000, 100_000_000].map(rowsAtOnce)).toEqual([500, 500, 100, 2, 1]);
  const longest = await house.house.db.transaction(async (tx) => {
    await tx.query(
      `create temporary table long_rows on commit drop as select n, decode(repeat('ab', case n when 7 then 500000 else 3 end), 'hex') as body from generate_series(1, 9) n`,
    );
    await tx.query('alter table long_rows alter column body set storage external');
    return longestRow(tx, 'long_rows');
  });
  expect(longest).toBeGreaterThan(3_000);
});
