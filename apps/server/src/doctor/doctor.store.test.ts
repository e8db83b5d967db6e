import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';
import { openDb, readConfig } from '#platform';
import { type Check, diagnose } from './index.ts';
import type { DoctorDeps } from './diagnose.ts';
import { checkWriteBack } from './house.ts';
import { withRights } from './machine.ts';
import { readHouseFacts } from './store.ts';

const GB = 1024 ** 3;
const HOUR = 3_600_000;
let house: TestHouse;
let dir: string;
let port: number;
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'weir-doctor-'));
  writeFileSync(join(dir, 'index.html'), 'x');
  house = await testHouse({ auditHeads: { file: join(dir, 'heads') } });
  await house.house.app.listen({ port: 0, host: '127.0.0.1' });
  port = (house.house.app.server.address() as AddressInfo).port;
  await house.send('POST', '/v1/orders', neutralOrder());
  await house.send('POST', '/v1/endpoints', { name: 'erp', url: 'https://erp.example/hook' });
});
afterAll(async () => {
  await house.close();
  rmSync(dir, { recursive: true, force: true });
});
async function look(env: Record<string, string> = {}, more: Partial<DoctorDeps> = {}): Promise<Map<string, Check>> {
  const config = readConfig({
    WEIR_HOME: house.home,
    WEIR_DATABASE_URL: house.url,
    WEIR_PORT: String(port),
    WEIR_AUDIT_HEADS: 'x',
    ...env,
  });
  const checks = await diagnose({
    config,
    clock: { now: () => Date.now() },
    nodeVersion: '24.1.0',
    freeBytes: () => 100 * GB,
    limits: 'Max open files            65536                65536                files',
    consoleDir: dir,
    ...more,
  });
  return new Map(checks.map((check) => [check.id, check]));
}
const stateOf = async (id: string, env: Record<string, string> = {}, more: Partial<DoctorDeps> = {}): Promise<string | undefined> => {
  const check = (await look(env, more)).get(id);
  if (check !== undefined && (check.state === 'bad' || check.state === 'warning')) {
    expect(check.zh).toMatch(/[\u4e00-\u9fff]/);
    expect(check.en).not.toMatch(/[\u4e00-\u9fff]/);
    expect(check.doZh).toBeTruthy();
    expect(check.doEn).toBeTruthy();
  }
  return check?.state;
};
/** Spoils the database, looks, and mends it. */
async function spoilt(sql: string, id: string, mend: string): Promise<string | undefined> {
  await house.house.db.query(sql);
  try {
    return await stateOf(id);
  } finally {
    await house.house.db.query(mend);
  }
}

test('a healthy installation has nothing bad, and only what it does not have is a warning', async () => {
  await house.house.auditKeeper.look(true);
  const checks = [...(await look()).values()];
  expect(checks.filter(({ state }) => state === 'bad' || state === 'warning').map(({ id }) => id)).toEqual(['backups']);
  expect(checks.map(({ id }) => id)).toEqual(
    expect.arrayContaining([
      'node',
      'home',
      'port',
      'root_key',
      'database',
      'migrations',
      'keys',
      'clock',
      'parts',
      'lease',
      'lag',
      'endpoints',
      'dead_letters',
      'audit',
      'backups',
      'transactions',
      'bloat',
    ]),
  );
});

describe('the machine', () => {
  test('an old Node', async () => expect(await stateOf('node', {}, { nodeVersion: '22.17.9' })).toBe('bad'));
  test('a disk that is nearly full, and one that is', async () => {
    expect(await stateOf('home_disk', {}, { freeBytes: () => GB })).toBe('warning');
    expect(await stateOf('home_disk', {}, { freeBytes: () => 1 })).toBe('bad');
    expect(
      await stateOf(
        'home_disk',
        {},
        {
          freeBytes: () => {
            throw new Error('gone');
          },
        },
      ),
    ).toBe('skipped');
  });
  test('few open files', async () => {
    expect(await stateOf('open_files', {}, { limits: 'Max open files            1024      1024   files' })).toBe('warning');
    expect(await stateOf('open_files', {}, { limits: '' })).toBe('skipped');
  });
  test('a data directory that is not there', async () =>
    expect(await stateOf('home', { WEIR_HOME: join(dir, 'nowhere') })).toBe('warning'));
  test('a key that others may read, a token that others may read', async () => {
    chmodSync(join(house.home, 'root.key'), 0o644);
    expect(await stateOf('root_key')).toBe('bad');
    chmodSync(join(house.home, 'root.key'), 0o600);
    writeFileSync(join(house.home, 'admin.token'), 'x', { mode: 0o640 });
    expect(await stateOf('admin_token')).toBe('bad');
    rmSync(join(house.home, 'admin.token'));
  });
  test('a root key that is missing, is none, or belongs to another database', async () => {
    const other = join(dir, 'other-home');
    mkdirSync(other);
    expect(await stateOf('root_key', { WEIR_HOME: other })).toBe('bad');
    writeFileSync(join(other, 'root.key'), 'zz', { mode: 0o600 });
    expect(await stateOf('root_key_text', { WEIR_HOME: other })).toBe('bad');
    writeFileSync(join(other, 'root.key'), 'ab'.repeat(32), { mode: 0o600 });
    expect(await stateOf('keys', { WEIR_HOME: other })).toBe('bad');
  });
  test('what this user may not read is a finding, not the end of the look', () => {
    const closed = (code: string) => () => {
      throw Object.assign(new Error(code), { code });
    };
    expect(withRights('database', '/x/postgres-access.json', closed('EACCES'))).toMatchObject({
      id: 'database',
      state: 'bad',
      en: expect.stringContaining('/x/'),
    });
    expect(() => withRights('database', 'x', closed('EIO'))).toThrow('EIO');
  });
  test('a server that answers while there is nothing in the directory that is looked at', async () => {
    const empty = join(dir, 'not-its-home');
    mkdirSync(empty);
    expect(await stateOf('database', { WEIR_HOME: empty, WEIR_DATABASE_URL: '' })).toBe('bad');
    expect(await stateOf('database', { WEIR_HOME: empty, WEIR_DATABASE_URL: '', WEIR_PORT: '0' })).toBe('warning');
  });
  test('an address of IPv6', async () =>
    expect((await look({ WEIR_HOST: '::1', WEIR_PORT: '0' })).get('port')?.en).toMatch(/^\[::1\]:0 |^\[::1\]/));
  test('pages that were not built', async () => expect(await stateOf('console', {}, { consoleDir: join(dir, 'nowhere') })).toBe('warning'));
  test('another program on the port', async () => {
    const stranger = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    expect(await stateOf('port', { WEIR_PORT: String((stranger.address() as AddressInfo).port) })).toBe('bad');
    stranger.closeAllConnections();
    stranger.close();
  });
  test('no folder for backups, one without any, and one whose backup is none', async () => {
    expect(await stateOf('backups')).toBe('warning');
    expect(await stateOf('backups', { WEIR_BACKUP_DIR: join(dir, 'nowhere') })).toBe('bad');
    mkdirSync(join(dir, 'backups', 'weir-20260220T000000Z'), { recursive: true });
    writeFileSync(join(dir, 'backups', 'weir-20260220T000000Z', 'manifest.json'), '{}');
    expect(await stateOf('backups', { WEIR_BACKUP_DIR: join(dir, 'backups') })).toBe('bad');
  });
});

describe('the database', () => {
  test('not there, for the embedded one and for one of yours; a wrong password', async () => {
    expect(await stateOf('database', { WEIR_DATABASE_URL: 'postgres://weir:x@127.0.0.1:9/weir' })).toBe('bad');
    expect((await look({ WEIR_DATABASE_URL: 'postgres://weir:x@127.0.0.1:9/weir' })).get('house')?.state).toBe('skipped');
    const wrong = new URL(house.url);
    wrong.password = 'wrong';
    expect(await stateOf('database', { WEIR_DATABASE_URL: wrong.href })).toBe('bad');
    const empty = join(dir, 'empty-home');
    mkdirSync(empty);
    expect(await stateOf('database', { WEIR_HOME: empty, WEIR_DATABASE_URL: '', WEIR_PORT: '0' })).toBe('warning');
    writeFileSync(join(empty, 'postgres-access.json'), JSON.stringify({ port: 9, password: 'x', adminPassword: 'y' }), { mode: 0o600 });
    expect((await look({ WEIR_HOME: empty, WEIR_DATABASE_URL: '' })).get('database')?.doEn).toContain('start the server');
  });
  test('synchronous_commit off', async () => {
    const unsafe = new URL(house.url);
    const name = unsafe.pathname.slice(1);
    await house.house.db.query(`alter database "${name}" set synchronous_commit = off`);
    expect(await stateOf('database')).toBe('bad');
    await house.house.db.query(`alter database "${name}" reset synchronous_commit`);
  });
  test('migrations that wait, are newer, or were changed', async () => {
    const last = '(select max(version) from schema_migrations)';
    const { rows } = await house.house.db.query<{ sha256: string }>(`select sha256 from schema_migrations where version = ${last}`);
    const mend = `update schema_migrations set sha256 = '${rows[0]?.sha256}' where version = ${last}`;
    expect(await spoilt(`update schema_migrations set sha256 = 'x' where version = ${last}`, 'migrations', mend)).toBe('bad');
    const newer = `insert into schema_migrations (version, name, sha256) select max(version) + 1, 'later', 'x' from schema_migrations`;
    const older = `delete from schema_migrations where name = 'later'`;
    expect(await spoilt(newer, 'migrations', older)).toBe('bad');
    await house.house.db.query(`create table kept as select * from schema_migrations where version = ${last}`);
    const back = 'insert into schema_migrations select * from kept; drop table kept';
    expect(await spoilt(`delete from schema_migrations where version = ${last}`, 'migrations', back)).toBe('warning');
  });
  test('clocks that are apart', async () => {
    expect(await stateOf('clock', {}, { clock: { now: () => Date.now() + 10_000 } })).toBe('warning');
    expect(await stateOf('clock', {}, { clock: { now: () => Date.now() - HOUR } })).toBe('bad');
  });
  test('tables of tomorrow that are missing, a data key that is missing', async () => {
    const later = { clock: { now: () => Date.now() + 20 * 24 * HOUR } };
    expect(await stateOf('parts', {}, later)).toBe('bad');
    expect(await stateOf('keys', {}, { clock: { now: () => Date.now() + 70 * 24 * HOUR } })).toBe('warning');
  });
});

describe('the house', () => {
  const { min, max } = { min: "'-infinity'", max: 'now()' };
  test('nobody works; somebody has just stopped', async () => {
    const before = `update leases set until = now() + interval '10 minutes'`;
    const facts = async (sql: string): Promise<string | undefined> => {
      // the worker renews its lease: the look and the spoiling are one transaction's view away from that, so it is tried until it is seen
      let state: string | undefined;
      await waitUntil('the lease is seen as it was spoilt', async () => {
        await house.house.db.query(sql);
        state = await stateOf('lease');
        return state !== 'fine';
      });
      return state;
    };
    expect(await facts(`update leases set until = ${min}`)).toBe('bad');
    expect(await facts(`update leases set until = ${max} - interval '10 seconds'`)).toBe('warning');
    await house.house.db.query(before);
  });
  test('an endpoint that stands still, one with parked orders', async () => {
    await house.house.db.query(
      `insert into consumers (consumer, positions, updated_at) values ('ep_still', array_fill(0::bigint, array[64]), now() - interval '1 hour')`,
    );
    await house.house.db.query(
      `insert into endpoints (id, name, url, wrapped_secret) values ('ep_still', 'still', 'https://x.example', '\\x00'), ('ep_parked', 'parked', 'https://x.example', '\\x00')`,
    );
    expect((await look()).get('endpoints')?.en).toContain('still');
    await house.house.db.query(
      `insert into parked (consumer, log_partition, order_key, from_version, attempts, next_at, since, last_error) values ('ep_parked', 1, 'x', 1, 3, now(), now() - interval '2 hours', 'x')`,
    );
    expect(await stateOf('endpoints')).toBe('warning');
    expect((await look()).get('endpoints')?.zh).toContain('parked');
    await house.house.db.query(
      `delete from parked; delete from endpoints where id like 'ep_%ed' or id = 'ep_still'; delete from consumers where consumer = 'ep_still'`,
    );
  });
  test('dead letters; a consent that ended; rows that are few', async () => {
    const letter = `insert into write_backs (log_partition, order_key, what, channel, shop, channel_order_id, version, wanted, next_at, since, state) values (1, 'x', 'ship', 'c', 's', '1', 1, '{}', now(), now(), 'dead')`;
    expect(await spoilt(letter, 'dead_letters', 'delete from write_backs')).toBe('warning');
    const ended = `insert into shops (channel, shop, name, token_error) values ('douyin', 'ended', 'x', 'expired')`;
    expect(await spoilt(ended, 'channels', `delete from shops where shop = 'ended'`)).toBe('warning');
    const { db } = house.house;
    await db.query(
      `insert into apps (id, channel, app_key, wrapped_secret, name, created_at) values ('app_d', 'elsewhere', 'k', '\\x00', 'd', now())`,
    );
    await db.query(`insert into shops (channel, shop, name, app_id) values ('elsewhere', 'stuck', 'x', 'app_d')`);
    const stuck = `insert into pulls (channel, shop, feed, cursor_at, last_error) values ('elsewhere', 'stuck', 'orders', now() - interval '3 days', 'refused')`;
    expect(await spoilt(stuck, 'pulls', `delete from pulls where shop = 'stuck'`)).toBe('warning');
    await db.query(`delete from shops where shop = 'stuck'; delete from apps where id = 'app_d'`);
    const few = `insert into pulls (channel, shop, feed, cursor_at, alarm_at) values ('douyin', 'few', 'orders', now(), now())`;
    expect(await spoilt(few, 'channels', `delete from pulls where shop = 'few'`)).toBe('warning');
  });
  test('write-back that stands still, and what it has not told for long', async () => {
    const old = `insert into write_backs (log_partition, order_key, what, channel, shop, channel_order_id, version, wanted, next_at, since) values (1, 'x', 'ship', 'c', 's', '1', 1, '[]', now() + interval '1 day', now() - interval '7 hours')`;
    expect(await spoilt(old, 'write_back', 'delete from write_backs')).toBe('warning');
    expect(checkWriteBack({ ...(await readHouseFacts(house.house.db)), writeBackStillSeconds: 601 }).state).toBe('bad');
  });
  test('a retention that failed; heads that their address has not taken', async () => {
    const failed = `insert into retention_runs (job, began_at, ended_at, error) values ('raw', now() - interval '2 days', now(), null), ('raw', now() - interval '1 day', now(), 'x')`;
    expect(await spoilt(failed, 'retention', 'delete from retention_runs')).toBe('warning');
    const url = { WEIR_AUDIT_HEADS_URL: 'https://heads.example/x' };
    expect(await stateOf('audit_sending')).toBeUndefined();
    expect(await stateOf('audit_sending', url)).toBe('fine');
    await house.house.db.query(`update audit_heads set at = at - interval '4 hours'`);
    expect(await stateOf('audit_sending', url)).toBe('bad');
    await house.house.db.query(`update audit_heads set at = at + interval '4 hours'`);
  });
  test('a transaction of our own export takes its time, another one does not', async () => {
    const age = async (): Promise<number> => (await readHouseFacts(house.house.db)).oldestTransactionSeconds;
    for (const [name, isSeen] of [
      ['weir export', false],
      ['psql', true],
    ] as const) {
      const db = openDb({ url: house.url, max: 1, name });
      await db.transaction(async (tx) => {
        await tx.query('select 1');
        await waitUntil('it is the oldest', async () => (await age()) > 0.3 || !isSeen);
        await new Promise((resolve) => setTimeout(resolve, 400));
        expect((await age()) > 0.3).toBe(isSeen);
      });
      await db.end();
    }
  });
  test('records without a head, heads that go nowhere', async () => {
    expect(
      await spoilt(
        `update audit_chains set headed = 0; update audit_heads set at = at - interval '3 hours'`,
        'audit',
        'update audit_chains set headed = serial; update audit_heads set at = now()',
      ),
    ).toBe('bad');
    expect(await stateOf('audit', { WEIR_AUDIT_HEADS: '' })).toBe('warning');
  });
});
