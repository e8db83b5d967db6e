/** Judges from outside, by the API alone: what was acknowledged against what the server shows. */
import { cityOf, SHOP, shownOf } from './orders.ts';
import type { Sent } from './sender.ts';

export interface Verdict {
  readonly orders: number;
  readonly events: number;
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  /** Anything else that is not as promised, in words. */
  readonly wrong: readonly string[];
  /** How many versions each order has, by its key. */
  readonly versions: ReadonlyMap<string, number>;
}
interface Shown {
  readonly orderKey: string;
  readonly channelOrderId: string;
}
interface Event {
  readonly version: number;
  readonly position: number;
  readonly type: string;
  readonly state: { readonly version: number };
}
const PAGE = 200;
const AT_ONCE = 8;
/** What may become of an acknowledged order; without an outcome it would have been lost, also when a newer version hides that. */
const WORKED: ReadonlySet<string> = new Set(['created', 'changed', 'unchanged']);
/** One each in a history, however often the message came. */
const ONCE = ['order.created', 'order.paid', 'order.shipped'];

type Read = (path: string) => Promise<unknown>;

export async function judge(url: string, token: string, sent: Pick<Sent, 'acknowledged' | 'taken' | 'strange'>): Promise<Verdict> {
  const read: Read = (path) => get(`${url}${path}`, token);
  const [lost, doubled, wrong]: [string[], string[], string[]] = [[], [], [...sent.strange]];
  const shown = await allOrders(read);
  const byId = Map.groupBy(shown, (order) => order.channelOrderId);
  for (const id of sent.acknowledged.keys()) if (!byId.has(id)) lost.push(id);
  for (const [id, orders] of byId) {
    if (orders.length > 1) doubled.push(`${id} is shown ${orders.length} times: ${orders.map((order) => order.orderKey).join(', ')}`);
    if (!sent.acknowledged.has(id)) wrong.push(`${id} was never acknowledged, although everything that was sent is`);
  }
  if (new Set(shown.map((order) => order.orderKey)).size !== shown.length) doubled.push('two orders share one key');
  const versions = new Map<string, number>();
  const queue = [...shown];
  const work = async (): Promise<void> => {
    for (let order = queue.pop(); order !== undefined; order = queue.pop()) {
      const known = sent.acknowledged.get(order.channelOrderId);
      if (known === undefined) continue;
      versions.set(order.orderKey, await judgeOne(read, order, known, { lost, doubled, wrong }));
    }
  };
  const ids = [...new Set(sent.taken)];
  const ask = async (): Promise<void> => {
    for (let id = ids.pop(); id !== undefined; id = ids.pop()) {
      const said = await read(`/v1/outcomes/${id}`).then(
        (outcome) => (outcome as { result: string }).result,
        (error: unknown) => (error as Error).message,
      );
      if (!WORKED.has(said)) lost.push(`message ${id} was acknowledged, and of its outcome we hear ${said}`);
    }
  };
  await Promise.all([...Array.from({ length: AT_ONCE }, work), ...Array.from({ length: AT_ONCE }, ask)]);
  const events = [...versions.values()].reduce((sum, n) => sum + n, 0);
  return { orders: shown.length, events, lost, doubled, wrong, versions };
}

type Found = { readonly lost: string[]; readonly doubled: string[]; readonly wrong: string[] };

async function judgeOne(read: Read, order: Shown, newest: { serial: number; version: number }, found: Found): Promise<number> {
  const id = order.channelOrderId;
  const state = (await read(`/v1/orders/${order.orderKey}`)) as Record<string, unknown> & { personal: { receiver: { city: string } } };
  const { items } = (await read(`/v1/orders/${order.orderKey}/events`)) as { items: Event[] };
  const expected = {
    ...shownOf(newest.serial, newest.version),
    city: cityOf(newest.serial, newest.version),
    holds: '[]',
    version: items.length,
  };
  const seen = {
    status: state['status'],
    payable: state['payable'],
    paid: state['paid'],
    city: state.personal.receiver.city,
    holds: JSON.stringify(state['holds']),
    version: state['version'],
  };
  if (JSON.stringify(seen) !== JSON.stringify(expected))
    found.lost.push(`${id}: acknowledged ${JSON.stringify(expected)}, shown ${JSON.stringify(seen)}`);
  items.forEach((event, i) => {
    if (event.version !== i + 1 || event.state.version !== i + 1)
      found.wrong.push(`${id}: event ${i + 1} has version ${event.version}, state ${event.state.version}`);
    if (i > 0 && event.position <= (items[i - 1] as Event).position)
      found.wrong.push(`${id}: event ${i + 1} lies before the one before it`);
  });
  for (const type of ONCE) {
    const times = items.filter((event) => event.type === type).length;
    if (times > 1) found.doubled.push(`${id}: ${times} events ${type}`);
  }
  return items.length;
}

async function allOrders(read: Read): Promise<Shown[]> {
  const all: Shown[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const query = new URLSearchParams({ ...SHOP, limit: String(PAGE), ...(cursor === '' ? {} : { cursor }) });
    const page = (await read(`/v1/orders?${query}`)) as { items: Shown[]; nextCursor: string | null };
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

async function get(url: string, token: string): Promise<unknown> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
