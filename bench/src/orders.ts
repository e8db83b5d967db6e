/** The traffic of both intake benches: 40 % new orders, 60 % changes to known ones; about 700 bytes, two lines, personal fields. */
const BASE = Date.parse('2026-01-01T00:00:00Z');
const SHOPS = 20;
const CITIES = ['杭州市', '宁波市', '绍兴市', '温州市', '嘉兴市', '湖州市', '金华市'];
const NEWS_FROM = BASE + 90 * 86_400_000;

/** What differs from order to order; told from its number alone, so that who reads it back needs no memory of what was sent. */
export interface Content {
  readonly payable: string;
  readonly cup: string;
  readonly city: string;
  readonly phone: string;
}
const contentOf = (n: number): Content => ({
  payable: `${114 + (n % 50)}.00`,
  cup: `${30 + (n % 50)}.00`,
  city: CITIES[n % CITIES.length] as string,
  phone: `199${String(n % 100_000_000).padStart(8, '0')}`,
});
/** Of an order of any generator. */
export const expected = (channelOrderId: string): Content => contentOf(Number(channelOrderId.split('-')[1]));

export interface Traffic {
  /** The next message as JSON text. */
  next(): string;
  /** How many different orders were made so far. */
  orders(): number;
  /** The time of change in the newest message about an order of this generator, ISO 8601. */
  newest(channelOrderId: string): string;
}

/** Changes pick evenly among the last `window` orders of this generator. */
export function createTraffic(seed: number, window = 1_000_000): Traffic {
  let state = seed >>> 0;
  const dice = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  let orders = 0;
  let tick = 0;
  const ticks: number[] = [];
  const newsAt = (n: number): string => new Date(NEWS_FROM + (ticks[n] as number)).toISOString();
  const message = (n: number): string => {
    const at = new Date(BASE + n * 1000).toISOString();
    ticks[n] = ++tick;
    const { payable, cup, city, phone } = contentOf(n);
    const remark = `请在 ${tick % 24} 点前送到`;
    return `{"schema":1,"channel":"own","shop":"s${n % SHOPS}","channelOrderId":"${seed}-${n}","status":"paid","placedAt":"${at}","paidAt":"${at}","modifiedAt":"${newsAt(n)}","lines":[{"lineId":"1","sku":"TEA-${n % 97}","title":"龙井茶 250g 礼盒","quantity":2,"unitPrice":"50.00","discount":"10.00"},{"lineId":"2","sku":"CUP-${n % 31}","title":"品茗杯","quantity":1,"unitPrice":"${cup}","discount":"0.00"}],"discounts":[{"name":"满减","amount":"10.00","payer":"platform"}],"shippingFee":"4.00","payable":"${payable}","paid":"${payable}","refunded":"0.00","payments":[{"id":"p1","amount":"${payable}","at":"${at}","kind":"full"}],"buyer":{"name":"王小明","phone":"${phone}"},"receiver":{"name":"王小明","phone":"${phone}","province":"浙江省","city":"${city}","district":"余杭区","detail":"文一西路${n % 2000}号"},"remark":"${remark}"}`;
  };
  return {
    next: () => (orders === 0 || dice() < 0.4 ? message(orders++) : message(orders - 1 - Math.floor(dice() * Math.min(orders, window)))),
    orders: () => orders,
    newest: (channelOrderId) => newsAt(Number(channelOrderId.split('-')[1])),
  };
}
