/** A small warehouse program that lives by Weir's API alone: it looks what may leave, sends it off, and now and then has mistyped a tracking number. */
import { createDice, type Dice } from '../random.ts';

export interface WarehouseOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly channel: string;
  readonly shop: string;
  readonly carrier: string;
  readonly seed: number;
  readonly everyMs: number;
  readonly fetch?: typeof fetch;
}
export interface Warehouse {
  /** One look: how many parcels left. */
  step(): Promise<number>;
  /** Numbers of the newest parcels as they should stand at the channel, oldest first. */
  sent(): readonly { readonly channelOrderId: string; readonly trackingNumber: string }[];
  readonly counts: { parcels: number; corrected: number; refused: number };
  stop(): Promise<void>;
}
interface Item {
  readonly orderKey: string;
  readonly channelOrderId: string;
  readonly held: readonly string[];
}
interface Line {
  readonly lineId: string;
  readonly quantity: number;
  readonly shipped: number;
}

const LOOKED_AT = 50;
const MOST_AT_ONCE = 4;
const REMEMBERED = 200;
const IN_PARTS_SHARE = 0.2;
const MISTYPED_SHARE = 0.1;

export function startWarehouse(options: WarehouseOptions): Warehouse {
  const dice = createDice(options.seed);
  const sent = new Map<string, { readonly channelOrderId: string; readonly trackingNumber: string }>();
  const counts = { parcels: 0, corrected: 0, refused: 0 };
  let isOver = false;

  const ask = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T | null> => {
    const headers = { authorization: `Bearer ${options.token}`, 'content-type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await (options.fetch ?? fetch)(`${options.baseUrl}${path}`, init);
    const text = await response.text();
    return response.ok ? (JSON.parse(text) as T) : null;
  };
  const ship = async (item: Item, id: string, trackingNumber: string, lines?: readonly object[]): Promise<boolean> => {
    const shipment = { id, carrier: options.carrier, trackingNumber, ...(lines === undefined ? {} : { lines }) };
    const answer = await ask<{ result: string }>('POST', `/v1/orders/${item.orderKey}:ship`, { shipments: [shipment] });
    if (answer === null) {
      counts.refused += 1; // held meanwhile, say: it is looked at again
      return false;
    }
    sent.delete(`${item.orderKey} ${id}`);
    sent.set(`${item.orderKey} ${id}`, { channelOrderId: item.channelOrderId, trackingNumber });
    const oldest = sent.size > REMEMBERED ? sent.keys().next().value : undefined;
    if (oldest !== undefined) sent.delete(oldest);
    return true;
  };
  const handle = async (item: Item): Promise<number> => {
    const order = await ask<{ lines: readonly Line[]; shipments: readonly object[] }>('GET', `/v1/orders/${item.orderKey}`);
    if (order === null) return 0;
    const place = order.shipments.length + 1;
    const part = dice.chance(IN_PARTS_SHARE) ? onePiece(order.lines) : undefined;
    const number = numberFor(dice);
    if (!(await ship(item, `p${place}`, number, part))) return 0;
    counts.parcels += 1;
    if (dice.chance(MISTYPED_SHARE) && (await ship(item, `p${place}`, numberFor(dice)))) counts.corrected += 1;
    return 1;
  };
  const step = async (): Promise<number> => {
    const query = new URLSearchParams({ channel: options.channel, shop: options.shop, status: 'paid', limit: String(LOOKED_AT) });
    const list = await ask<{ items: readonly Item[] }>('GET', `/v1/orders?${query}`);
    const free = (list?.items ?? []).filter((item) => item.held.length === 0);
    let left = 0;
    for (const item of free.slice(-MOST_AT_ONCE)) if (!isOver) left += await handle(item);
    return left;
  };

  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> = Promise.resolve();
  const round = (): void => {
    working = step()
      .catch(() => 0) // Weir is away for a moment: the next look finds everything as it is
      .finally(() => {
        if (!isOver) timer = setTimeout(round, options.everyMs);
      });
  };
  if (options.everyMs > 0) timer = setTimeout(round, options.everyMs);
  return {
    step,
    sent: () => [...sent.values()],
    counts,
    async stop() {
      isOver = true;
      clearTimeout(timer);
      await working;
    },
  };
}

/** A piece of the first line that has one left, when more than that is left. */
function onePiece(lines: readonly Line[]): readonly object[] | undefined {
  const open = lines.filter((line) => line.shipped < line.quantity);
  const pieces = open.reduce((sum, line) => sum + line.quantity - line.shipped, 0);
  return pieces > 1 && open[0] ? [{ lineId: open[0].lineId, quantity: 1 }] : undefined;
}
const numberFor = (dice: Dice): string => `SF${String(dice.between(0, 999_999_999)).padStart(9, '0')}${dice.between(1_000, 9_999)}`;
