/** After a bench: what was acknowledged is there and nothing else, every order is counted, and 1,000 random ones are read and opened through the API. */
import pg from 'pg';
import type { BenchHouse } from './house.ts';
import { expected } from './orders.ts';

const SAMPLE = 1_000;
/** Searches by phone are counted against a daily quota. */
const SEARCHED = 20;

export interface Acknowledged {
  /** Messages that were answered with success, and the different orders among them. */
  readonly messages: number;
  readonly orders: number;
  /** The time of change in the newest message about an order, where the sender still knows it. */
  readonly newest?: (channelOrderId: string) => string;
}
interface Answer {
  readonly channelOrderId: string;
  readonly payable: string;
  readonly paid: string;
  readonly modifiedAt: string;
  readonly personal: { readonly receiver: { readonly city: string } };
}

export async function readBack(house: BenchHouse, acknowledged: Acknowledged): Promise<void> {
  const db = new pg.Client(house.databaseUrl);
  await db.connect();
  const { counts, sample } = await look(db).finally(() => db.end());
  const { orders, keys, listed, holes, messages } = counts;
  if (orders !== keys || orders !== listed || holes !== '0')
    throw new Error(`read back: ${orders} orders, ${keys} keys, ${listed} listed, ${holes} with a hole in their versions`);
  if (Number(orders) !== acknowledged.orders || Number(messages) !== acknowledged.messages)
    throw new Error(
      `read back: ${acknowledged.messages} messages of ${acknowledged.orders} orders were acknowledged, ${messages} of ${orders} are there`,
    );
  for (const { order_key } of sample) check(order_key, (await ask(house, `/v1/orders/${order_key}`)) as Answer, acknowledged);
  const searched = sample.slice(0, SEARCHED);
  for (const { order_key, channel_order_id } of searched) {
    const { phone } = expected(channel_order_id);
    const { items } = (await ask(house, '/v1/orders:search', { phone })) as { items: { orderKey: string }[] };
    if (!items.some(({ orderKey }) => orderKey === order_key)) throw new Error(`read back: ${order_key} is not found by its phone`);
  }
  process.stderr.write(
    `read back: ${orders} orders counted, ${sample.length} opened and as they were sent, ${searched.length} found by phone, no hole in any history\n`,
  );
}

async function look(db: pg.Client) {
  const { rows: counts } = await db.query<Record<'orders' | 'keys' | 'listed' | 'holes' | 'messages', string>>(
    `select (select count(*) from orders) as orders, (select count(distinct order_key) from orders) as keys, (select count(*) from order_list) as listed,
       (select count(*) from (select order_key from events group by order_key having count(*) <> max(version)) h) as holes, (select coalesce(sum(entry_count), 0) from inbox) as messages`,
  );
  const { rows: sample } = await db.query<{ order_key: string; channel_order_id: string }>(
    'select order_key, channel_order_id from orders order by random() limit $1',
    [SAMPLE],
  );
  return { counts: counts[0] as (typeof counts)[number], sample };
}

function check(orderKey: string, found: Answer, { newest }: Acknowledged): void {
  const { payable, city } = expected(found.channelOrderId);
  const isNewest = newest === undefined || found.modifiedAt === newest(found.channelOrderId);
  if (found.payable !== payable || found.paid !== payable || found.personal.receiver.city !== city || !isNewest)
    throw new Error(`read back: ${orderKey} is not what was sent: ${JSON.stringify(found)}`);
}

async function ask(house: BenchHouse, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${house.token}`, 'content-type': 'application/json' };
  const response = await fetch(
    `${house.url}${path}`,
    body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`read back: ${path} answered ${response.status}`);
  return response.json();
}
