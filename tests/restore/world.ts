/** A channel, a subscriber and people who outlive the house: what they saw is what counts. */
import { createDouyin, type Douyin } from '@weir/sandbox/doudian';
import { type Arrival, createDice, createSubscriber, type Dice, stateDigest, type Subscriber } from '@weir/sandbox';
import { APP, SHOP } from '../support/douyin.ts';
import { whereItDiffers } from '@weir/sandbox/market';
import { neutralOrder, waitUntil } from '../support/index.ts';
import { TOKEN } from '../crash/server.ts';

const PATIENCE_MS = 90_000;
const AT_ONCE = 16;

export interface World {
  readonly douyin: Douyin;
  readonly subscriber: Subscriber;
  /** First arrivals with their orders, in order. */
  readonly arrivals: readonly Arrival[];
  readonly dice: Dice;
  /** The house that is there now. */
  url: string;
  // oxlint-disable-next-line no-explicit-any -- tests look into it
  call(method: 'GET' | 'POST', path: string, body?: unknown): Promise<any>;
  /** People buy, pay, move and want money back; the pushes go out. */
  bustle(orders: number): Promise<void>;
  /** One of our own orders, as its sender tells it. */
  tell(id: string, more?: Record<string, unknown>): Promise<{ readonly orderKey: string; readonly result: string }>;
  /** Every order of the channel is here and right, and the subscriber holds what we hold. */
  settled(): Promise<void>;
  differences(): Promise<string[]>;
  close(): Promise<void>;
}

export async function aWorld(seed: number, firstUrl: string): Promise<World> {
  const arrivals: Arrival[] = [];
  const subscriber = await createSubscriber({ secret: 'whsec_', onArrival: async (arrival) => void arrivals.push(arrival) });
  const douyin = await createDouyin({ app: APP, shop: SHOP, seed });
  const dice = createDice(seed);
  const open: string[] = [];
  const world: World = {
    douyin,
    subscriber,
    arrivals,
    dice,
    url: firstUrl,
    async call(method, path, body) {
      const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
      const answer = await fetch(`${world.url}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
      return answer.json();
    },
    async bustle(orders) {
      for (let i = 0; i < orders; i++) {
        const id = douyin.place();
        open.push(id);
        if (dice.chance(0.7)) douyin.pay(id);
        const other = open[Math.floor(dice.next() * open.length)] as string;
        if (dice.chance(0.3)) attempt(() => douyin.changeAddress(other));
        if (dice.chance(0.2)) attempt(() => douyin.payBack(douyin.askRefund(other)));
        if (dice.chance(0.1)) attempt(() => douyin.ship(other, { carrier: 'shunfeng', trackingNumber: `SF${other.slice(-12)}` }));
        await douyin.mailbox.deliver();
      }
    },
    tell: (id, more = {}) => world.call('POST', '/v1/orders', neutralOrder({ channelOrderId: id, ...more })),
    async settled() {
      let left: string[] = [];
      const isSettled = async (): Promise<boolean> => (left = await world.differences()).length === 0;
      await waitUntil('the channel, we and the subscriber agree', isSettled, PATIENCE_MS).catch((error: unknown) => {
        throw new Error(`${left.length} differ:\n${left.slice(0, 10).join('\n')}`, { cause: error });
      });
    },
    async differences() {
      const found: string[] = [];
      const shown = await everyOrder(world);
      for (const [id, truth] of douyin.truth()) {
        const ours = shown.filter((order) => order['channelOrderId'] === id);
        const said = ours.length === 1 ? whereItDiffers(ours[0], truth) : `here ${ours.length} times`;
        if (said !== '') found.push(`${id}: ${said}`);
      }
      for (const order of shown) {
        const theirs = subscriber.orders().get(order.orderKey);
        if (theirs === undefined) found.push(`${order.orderKey}: the subscriber does not know it`);
        else if (stateDigest(theirs) !== stateDigest(order))
          found.push(`${order.orderKey}: ${theirs.version} at the subscriber, ${order.version} here`);
      }
      return found;
    },
    async close() {
      await douyin.close();
      await subscriber.close();
    },
  };
  return world;
}

/** Connects everything at a house that is new. */
export async function connect(world: World): Promise<void> {
  const { id } = await world.call('POST', '/v1/apps', { channel: 'douyin', ...APP, name: 'app', baseUrl: world.douyin.url });
  await world.call('POST', '/v1/shops', { channel: 'douyin', shop: SHOP, name: '抖音店', app: id });
  await world.call('POST', '/v1/shops', { channel: 'own', shop: 's1', name: '自有店' });
  const { secret } = await world.call('POST', '/v1/endpoints', { name: 'erp', url: world.subscriber.url, startAt: 'earliest' });
  world.subscriber.trust(secret);
  world.douyin.pushTo(`${world.url}/v1/intake/douyin/${id}`);
}

export async function moveTo(world: World, url: string): Promise<void> {
  world.url = url;
  const { items } = await world.call('GET', '/v1/apps');
  world.douyin.pushTo(`${url}/v1/intake/douyin/${items[0].id}`);
}

// oxlint-disable-next-line no-explicit-any -- as the API shows them
export async function everyOrder(world: World): Promise<any[]> {
  const keys: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { items: { orderKey: string }[]; nextCursor: string | null } = await world.call(
      'GET',
      `/v1/orders?limit=200${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    keys.push(...page.items.map((item) => item.orderKey));
    cursor = page.nextCursor;
  }
  const orders = [];
  for (let from = 0; from < keys.length; from += AT_ONCE)
    orders.push(...(await Promise.all(keys.slice(from, from + AT_ONCE).map((key) => world.call('GET', `/v1/orders/${key}`)))));
  return orders;
}

/** What people try and the platform does not allow just now. */
function attempt(action: () => void): void {
  try {
    action();
  } catch (error) {
    if ((error as Error).constructor.name !== 'NotPossible') throw error;
  }
}
