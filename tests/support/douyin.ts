/** A whole server and a simulated Douyin that pushes to it, for tests through the door. */
import { createHash } from 'node:crypto';
import type { Send } from '@weir/connectors/adapter';
import { doudianAdapter } from '@weir/connectors/doudian';
import { createDouyin, type Douyin } from '@weir/sandbox/doudian';
import { whereItDiffers } from '@weir/sandbox/market';
import type { Clock } from '../../apps/server/src/platform/index.ts';
import { type TestHouse, testHouse } from './house.ts';
import { hasty } from './platforms.ts';
import { waitUntil } from './wait-until.ts';

export const APP = { key: '3409409348479354011', secret: 'a-secret-of-the-sandbox' };
export const SHOP = '1234567';

/** The headers of a push, by the platform's rule. */
export const signed = (body: string, secret = APP.secret): Record<string, string> => ({
  'content-type': 'application/json',
  'app-id': APP.key,
  'event-sign': createHash('md5').update(`${APP.key}${body}${secret}`).digest('hex'),
});

export interface DouyinHouse extends TestHouse {
  readonly douyin: Douyin;
  readonly appId: string;
  /** Connects the shop, where that was left out. */
  connect(): Promise<void>;
  /** Sends what the platform has to send, through the push door. */
  deliver(): Promise<number>;
  /** The order as our API shows it; null when we do not have it. */
  // oxlint-disable-next-line no-explicit-any -- tests look into it
  order(id: string): Promise<any>;
  /** Nothing waits to be worked or fetched. */
  settled(): Promise<void>;
  /** Where we differ from the platform, one sentence per order; none when all is well. */
  differences(): Promise<string[]>;
}

export async function douyinHouse(
  options: {
    readonly seed?: number;
    readonly clock?: Clock;
    /** The platform's own, where it is another one. */
    readonly platformClock?: Clock;
    readonly connect?: boolean;
    /** Whether our key is written into notes, for which the order is asked for too; true unless said. */
    readonly orderKeyInNote?: boolean;
    readonly send?: Send;
    /** What becomes of a push on its way; it is delivered as it is unless this says otherwise. */
    readonly road?: (body: string, deliver: (body: string) => Promise<Response>) => Promise<Response>;
  } = {},
): Promise<DouyinHouse> {
  const { seed = 4711, clock, platformClock = clock, connect = true, orderKeyInNote = true, send } = options;
  const house = await testHouse({
    allowPrivateEndpoints: true,
    adapters: [hasty(doudianAdapter)],
    ...(clock ? { clock } : {}),
    ...(send ? { send } : {}),
  });
  let appId = '';
  const deliver = async (body: string): Promise<Response> => {
    const response = await house.house.app.inject({
      method: 'POST',
      url: `/v1/intake/douyin/${appId}`,
      headers: signed(body),
      payload: body,
    });
    return new Response(response.body, { status: response.statusCode });
  };
  const { road = (body) => deliver(body) } = options;
  const push: typeof fetch = (_url, init) => road(init?.body as string, deliver);
  const douyin = await createDouyin({
    app: APP,
    shop: SHOP,
    seed,
    pushUrl: 'http://push.invalid/',
    fetch: push,
    ...(platformClock ? { clock: { now: () => platformClock.now(), sleep: async () => {} } } : {}),
  });
  appId = (await house.send('POST', '/v1/apps', { channel: 'douyin', ...APP, name: 'app', baseUrl: douyin.url })).body.id;
  const connectShop = async (): Promise<void> => {
    await house.send('POST', '/v1/shops', { channel: 'douyin', shop: SHOP, name: '抖音店', app: appId, orderKeyInNote });
  };
  if (connect) await connectShop();
  const order = async (id: string) => {
    const { body } = await house.send('GET', `/v1/orders?channel=douyin&shop=${SHOP}&channelOrderId=${id}`);
    const key = body.items[0]?.orderKey;
    return key === undefined ? null : (await house.send('GET', `/v1/orders/${key}`)).body;
  };
  const { db } = house.house;
  return {
    ...house,
    douyin,
    appId,
    order,
    connect: connectShop,
    deliver: () => douyin.mailbox.deliver(),
    settled: () =>
      waitUntil(
        'everything is worked and fetched',
        async () => {
          const { rows } = await db.query<{ open: number }>(
            `select (select count(*) from fetches where not dead and shop = '${SHOP}') + (select count(*) from inbox_head, leases where inbox_head.position > leases.positions[1]) as open`,
          );
          return rows[0]?.open === 0;
        },
        600_000, // a day of orders; the test’s own limit ends what hangs
      ),
    async differences() {
      const found: string[] = [];
      for (const [id, truth] of douyin.truth()) {
        const held = await order(id);
        const said = held === null ? 'not here' : whereItDiffers(held, truth);
        if (said !== '') found.push(`${id}: ${said}`);
      }
      return found;
    },
    async close() {
      await douyin.close();
      await house.close();
    },
  };
}
