/** A whole server and a simulated Douyin that is connected to it; the clock runs, and may be moved ahead. */
import { createDouyin, type Douyin } from '@weir/sandbox/doudian';
import { type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

const APP = { key: '3409409348479354011', secret: 'a-secret-of-the-sandbox' };
const SHOP = '1234567';

export interface World extends TestHouse {
  readonly douyin: Douyin;
  move(ms: number): void;
  /** A paid order that is held here: its id there and its key here. */
  paid(lines?: number): Promise<{ readonly id: string; readonly key: string }>;
  /** Sends what the platform has to send and waits until we hold it. */
  deliver(): Promise<void>;
  ship(key: string, ...shipments: object[]): Promise<void>;
  // oxlint-disable-next-line no-explicit-any -- tests look into it
  rows(key: string): Promise<any[]>;
  /** Until every row of the order has ended so. */
  untilState(key: string, what: string, state: string): Promise<void>;
  numbers(id: string): string[];
  calls(method: string): number;
}

export async function world(seed: number): Promise<World> {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  const house = await testHouse({ allowPrivateEndpoints: true, clock });
  let appId = '';
  const push: typeof fetch = async (_url, init) => {
    const { body, headers } = init as { body: string; headers: Record<string, string> };
    const answer = await house.house.app.inject({ method: 'POST', url: `/v1/intake/douyin/${appId}`, headers, payload: body });
    return new Response(answer.body, { status: answer.statusCode });
  };
  const sleep = async (): Promise<void> => {};
  const douyin = await createDouyin({
    app: APP,
    shop: SHOP,
    seed,
    pushUrl: 'http://push.invalid/',
    fetch: push,
    clock: { ...clock, sleep },
  });
  appId = (await house.send('POST', '/v1/apps', { channel: 'douyin', ...APP, name: 'app', baseUrl: douyin.url })).body.id;
  await house.send('POST', '/v1/shops', { channel: 'douyin', shop: SHOP, name: '抖音店', app: appId });
  const { db } = house.house;
  const settled = async (): Promise<boolean> => {
    const { rows } = await db.query<{ open: number }>(
      'select (select count(*) from fetches where not dead) + (select count(*) from inbox_head, leases where inbox_head.position > leases.positions[1]) as open',
    );
    return rows[0]?.open === 0;
  };
  const held = async (id: string) => (await house.send('GET', `/v1/orders?channel=douyin&shop=${SHOP}&channelOrderId=${id}`)).body.items[0];
  const rows = async (key: string) => (await db.query('select * from write_backs where order_key = $1 order by what', [key])).rows;
  const deliver = async (): Promise<void> => {
    await douyin.mailbox.deliver();
    await waitUntil('everything is worked and fetched', settled);
  };
  return {
    ...house,
    douyin,
    rows,
    deliver,
    move: (ms) => void (ahead += ms),
    async paid(lines = 2) {
      const id = douyin.place({ lines, promotion: 'told' });
      ahead += 2_000;
      douyin.pay(id);
      ahead += 2_000;
      await deliver();
      await waitUntil('it is whole and paid here', async () => isWhole(await held(id)));
      return { id, key: (await held(id)).orderKey };
    },
    async ship(key, ...shipments) {
      const answer = await house.send('POST', `/v1/orders/${key}:ship`, { shipments });
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    },
    untilState: (key, what, state) =>
      waitUntil(
        `${what} is ${state}`,
        async () =>
          (await rows(key)).some(
            (row) => (row as { what: string; state: string }).what === what && (row as { state: string }).state === state,
          ),
        30_000,
      ),
    numbers: (id) =>
      douyin
        .shown(1_000)
        .find((order) => order.id === id)
        ?.parcels.map((each) => each.trackingNumber) ?? [],
    calls: (method) => douyin.calls().filter((call) => call.method === method).length,
    async close() {
      await douyin.close();
      await house.close();
    },
  };
}

// oxlint-disable-next-line no-explicit-any -- a row of the list
const isWhole = (item: any): boolean => item?.status === 'paid' && item.held.length === 0 && item.lineCount > 0;
