export interface Acknowledged {
  /** Messages that were answered with success, and the different orders among them. */
  readonly messages: number;
  readonly orders: number;
}

/** After a bench: what was acknowledged is there and nothing else, every order is counted, and 1,000 random ones are read and opened through the API. */
import pg from 'pg';
import type { BenchHouse } from './house.ts';

const SAMPLE = 1_000;

export async function readBack(house: BenchHouse, acknowledged: Acknowledged): Promise<void> {
  const db = new pg.Client(house.databaseUrl);
  await db.connect();
  const { rows: counts } = await db.query<{ orders: string; keys: string; listed: string; holes: string; messages: string }>(
    `select (select count(*) from orders) as orders, (select count(distinct order_key) from orders) as keys, (select count(*) from order_list) as listed,
       (select count(*) from (select order_key from events group by order_key having count(*) <> max(version)) h) as holes, (select coalesce(sum(entry_count), 0) from inbox) as messages`,
  );
  const { orders, keys, listed, holes, messages } = counts[0] as {
    orders: string;
    keys: string;
    listed: string;
    holes: string;
    messages: string;
  };
  if (orders !== keys || orders !== listed || holes !== '0')
    throw new Error(`read back: ${orders} orders, ${keys} keys, ${listed} listed, ${holes} with a hole in their versions`);
  if (Number(orders) !== acknowledged.orders || Number(messages) !== acknowledged.messages)
    throw new Error(
      `read back: ${acknowledged.messages} messages of ${acknowledged.orders} orders were acknowledged, ${messages} of ${orders} are there`,
    );
  const { rows } = await db.query<{ order_key: string }>('select order_key from orders order by random() limit $1', [SAMPLE]);
  await db.end();
  for (const { order_key } of rows) {
    const response = await fetch(`${house.url}/v1/orders/${order_key}`, { headers: { authorization: `Bearer ${house.token}` } });
    const order = (await response.json()) as { payable?: string; personal?: { receiver?: { city?: string } } };
    if (order.payable !== '114.00' || order.personal?.receiver?.city !== '杭州市')
      throw new Error(`read back: ${order_key} is not what was sent`);
  }
  process.stderr.write(`read back: ${orders} orders counted, ${rows.length} opened, no hole in any history\n`);
}
