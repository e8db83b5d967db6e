/** A whole server without a socket, on a fresh database: requests go through `app.inject`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type House, type HouseOptions, openHouse } from '../../apps/server/src/main.ts';
import { type Clock, silentLog, systemClock } from '../../apps/server/src/platform/index.ts';
import { testDatabase } from './test-database.ts';

export const ADMIN = 'weir_test_admin_token';
export interface Answer {
  readonly status: number;
  // oxlint-disable-next-line no-explicit-any -- tests look into bodies of every shape
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}
export interface TestHouse {
  readonly house: House;
  readonly url: string;
  readonly home: string;
  send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    body?: unknown,
    options?: { readonly token?: string | null; readonly headers?: Record<string, string> },
  ): Promise<Answer>;
  /** A second server on the same database, e.g. a standby or the next process. */
  another(options?: { readonly clock?: Clock; readonly home?: string }): Promise<House>;
  close(): Promise<void>;
}

type TestHouseOptions = Partial<
  Pick<
    HouseOptions,
    'clock' | 'log' | 'allowPrivateEndpoints' | 'publicUrl' | 'send' | 'adapters' | 'permissions' | 'auditHeads' | 'doors' | 'pages'
  >
>;
export async function testHouse(options: TestHouseOptions = {}): Promise<TestHouse> {
  const database = await testDatabase();
  const home = mkdtempSync(join(tmpdir(), 'weir-house-'));
  const open = (clock: Clock, dir: string): Promise<House> =>
    openHouse({
      databaseUrl: database.url,
      home: dir,
      adminToken: ADMIN,
      log: silentLog,
      allowPrivateEndpoints: false,
      ...options,
      clock,
    });
  const house = await open(options.clock ?? systemClock, home);
  const others: House[] = [];
  return {
    house,
    home,
    url: database.url,
    async send(method, path, body, { token = ADMIN, headers = {} } = {}) {
      const payload = body === undefined ? undefined : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      const response = await house.app.inject({
        method,
        url: path,
        ...(payload === undefined ? {} : { payload }),
        headers: {
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...headers,
        },
      });
      return { status: response.statusCode, body: response.body === '' ? null : JSON.parse(response.body), headers: response.headers };
    },
    async another(more = {}) {
      const other = await open(more.clock ?? systemClock, more.home ?? home);
      others.push(other);
      return other;
    },
    async close() {
      for (const other of others) await other.stop();
      await house.stop();
      await database.drop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
