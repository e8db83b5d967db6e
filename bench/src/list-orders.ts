/** The orders that the bench `list` fills a house with: many shops of skewed size, two years, every status, some holds; the same for the same seed. */
import type { CHANNELS } from '@weir/contract';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const YEARS_MS = 730 * DAY_MS;
/** Size of the n-th shop ~ 1 / n to this power: the biggest of 200 has about a sixth of all orders, the smallest a few hundred of a million. */
const SKEW = 1.05;
const HELD_SHARE = 0.005;
const BROKEN_SHARE = 0.0005;
const REFUND_SHARE = 0.04;
const SHOP_CHANNELS = ['douyin', 'taobao', 'pinduoduo', 'wechat', 'jd', 'own'] as const satisfies readonly (keyof typeof CHANNELS)[];

type Odds = readonly (readonly [status: string, share: number])[];
/** What an order of this age looks like; shares add up to 1. */
const AGES: readonly { readonly upTo: number; readonly odds: Odds }[] = [
  {
    upTo: 2 * DAY_MS,
    odds: [
      ['paid', 0.4],
      ['shipped', 0.2],
      ['awaiting_payment', 0.12],
      ['allocated', 0.1],
      ['picked', 0.07],
      ['packed', 0.07],
      ['cancelled', 0.04],
    ],
  },
  {
    upTo: 7 * DAY_MS,
    odds: [
      ['in_delivery', 0.5],
      ['delivered', 0.22],
      ['shipped', 0.2],
      ['cancelled', 0.05],
      ['paid', 0.03],
    ],
  },
  {
    upTo: Number.POSITIVE_INFINITY,
    odds: [
      ['completed', 0.88],
      ['closed', 0.06],
      ['cancelled', 0.05],
      ['delivered', 0.01],
    ],
  },
];
const SHIPPED: ReadonlySet<string> = new Set(['shipped', 'in_delivery', 'delivered', 'completed']);
const UNPAID: ReadonlySet<string> = new Set(['awaiting_payment', 'cancelled']);
const OPEN: ReadonlySet<string> = new Set(['paid', 'allocated', 'picked', 'packed']);
const TITLES = ['龙井茶 250 g 礼盒', '品茗杯', '铁观音 500 g', '紫砂壶 200 ml'] as const;
const FIRST_ID = 4_000_000_000_000_000_000n;

export interface ListWorld {
  /** `channel/shop`, the biggest first. */
  readonly shops: readonly string[];
  /** The n-th order as one line of NDJSON; later ones were placed later, the last one at about `now`. */
  line(n: number): string;
}

export function createListWorld(orders: number, shopCount: number, now: number, seed = 20_260_220): ListWorld {
  const shops = Array.from(
    { length: shopCount },
    (_, n) => `${SHOP_CHANNELS[n % SHOP_CHANNELS.length]}/shop-${String(n + 1).padStart(3, '0')}`,
  );
  const upTo = cumulated(shops.map((_, n) => 1 / (n + 1) ** SKEW));
  const odds = AGES.map((each) => ({ ...each, cumulated: cumulated(each.odds.map(([, share]) => share)) }));
  return {
    shops,
    line(n) {
      const dice = diceOf(seed + n);
      const [channel = '', shop = ''] = (shops[placeIn(upTo, dice())] as string).split('/');
      const age = YEARS_MS * (1 - n / orders) ** 1.2 + dice() * HOUR_MS;
      const ofAge = odds.find((each) => age < each.upTo) as (typeof odds)[number];
      const [status] = ofAge.odds[placeIn(ofAge.cumulated, dice())] as Odds[number];
      return JSON.stringify(orderOf({ channel, shop, n, status, at: now - age, dice }));
    },
  };
}

interface Draft {
  readonly channel: string;
  readonly shop: string;
  readonly n: number;
  readonly status: string;
  readonly at: number;
  readonly dice: () => number;
}

function orderOf({ channel, shop, n, status, at, dice }: Draft): object {
  const [quantity, price] = [1 + Math.floor(dice() * 3), 19 + Math.floor(dice() * 300)];
  const [total, broken] = [`${quantity * price}.00`, dice() < BROKEN_SHARE];
  const paid = UNPAID.has(status) ? '0.00' : total;
  const isRefunded = status === 'closed' || (status === 'completed' && dice() < REFUND_SHARE);
  const placedAt = new Date(at).toISOString();
  const later = new Date(at + HOUR_MS).toISOString();
  const isHeld = dice() < HELD_SHARE;
  const phone = `199${String(n % 100_000_000).padStart(8, '0')}`;
  return {
    schema: 1,
    channel,
    shop,
    channelOrderId: channelOrderIdOf(n),
    status,
    placedAt,
    modifiedAt: later,
    ...(paid === '0.00' ? {} : { paidAt: placedAt }),
    lines: [{ lineId: '1', sku: `SKU-${n % 997}`, title: TITLES[n % TITLES.length], quantity, unitPrice: `${price}.00`, discount: '0.00' }],
    discounts: [],
    shippingFee: '0.00',
    payable: broken ? `${quantity * price + 1}.00` : total,
    paid,
    refunded: isRefunded ? total : '0.00',
    ...(isRefunded ? { refunds: [{ id: `r${n}`, amount: total, status: 'done', at: later }] } : {}),
    ...(SHIPPED.has(status)
      ? { shipments: [{ id: `p${n}`, carrier: 'shunfeng', trackingNumber: trackingNumberOf(n), at: later, lines: [] }] }
      : {}),
    ...(OPEN.has(status) ? { shipBy: new Date(at + 2 * DAY_MS).toISOString() } : {}),
    ...(isHeld ? { doNotShip: [{ kind: n % 2 === 0 ? 'rule' : 'channel_risk', code: 'bench', since: placedAt }] } : {}),
    receiver: { name: '王小明', phone, province: '浙江省', city: '杭州市', district: '余杭区', detail: '文一西路 1 号' },
  };
}

export const channelOrderIdOf = (n: number): string => String(FIRST_ID + BigInt(n) * 7n);
export const trackingNumberOf = (n: number): string => `SF${String(1_000_000_000_000 + n)}`;

function cumulated(shares: readonly number[]): readonly number[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  let sum = 0;
  return shares.map((share) => (sum += share) / total);
}
const placeIn = (upTo: readonly number[], dice: number): number =>
  Math.max(
    0,
    upTo.findIndex((limit) => dice <= limit),
  );

/** Its own dice for each order, so that any line can be made alone. */
function diceOf(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
