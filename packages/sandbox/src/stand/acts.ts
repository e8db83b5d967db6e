/** What a person may do on the sandbox's page, each as one address of its JSON API. */
import type { Market, People, Placing, ShippedBy } from '../market/market.ts';

export type Body = Readonly<Record<string, unknown>>;
interface Act {
  /** The deed of the market's people that it is; a platform may not have it. */
  readonly deed: keyof People;
  readonly zh: string;
  readonly en: string;
  /** An example of the body; `{}` when there is nothing to say. */
  readonly body: Body;
  run(market: Market, id: string, body: Body): unknown;
}
const textIn = (body: Body, name: string, otherwise = ''): string =>
  typeof body[name] === 'string' && body[name] !== '' ? body[name] : otherwise;

/** On an order: POST /sandbox/orders/{id}:{act}. */
export const ORDER_ACTS: Readonly<Record<string, Act>> = {
  payDeposit: {
    deed: 'payDeposit',
    zh: '付定金',
    en: 'the deposit of a pre-sale is paid',
    body: {},
    run: (market, id) => market.payDeposit(id),
  },
  pay: {
    deed: 'pay',
    zh: '买家付款；underCheck 为真时先进风控',
    en: 'the buyer pays; with underCheck a risk check comes first',
    body: { underCheck: false },
    run: (market, id, body) => market.pay(id, { underCheck: body['underCheck'] === true }),
  },
  release: { deed: 'release', zh: '风控放行', en: 'the risk check lets go', body: {}, run: (market, id) => market.release(id) },
  cancel: { deed: 'cancel', zh: '未付款取消', en: 'cancelled before it was paid', body: {}, run: (market, id) => market.cancel(id) },
  changeAddress: {
    deed: 'changeAddress',
    zh: '改收货地址',
    en: 'the address changes',
    body: {},
    run: (market, id) => market.changeAddress(id),
  },
  applyForAddress: {
    deed: 'applyForAddress',
    zh: '买家申请改地址，等商家答复',
    en: 'the buyer wishes another address; the seller has to answer',
    body: {},
    run: (market, id) => market.applyForAddress(id),
  },
  ship: {
    deed: 'ship',
    zh: '有人在平台后台发货，可只发一部分',
    en: 'somebody ships on the platform’s own pages, whole or in part',
    body: { carrier: 'shunfeng', trackingNumber: 'SF0000000001' },
    run: (market, id, body) => market.ship(id, parcelIn(body)),
  },
  finish: { deed: 'finish', zh: '确认收货', en: 'the buyer has received it', body: {}, run: (market, id) => market.finish(id) },
  askRefund: {
    deed: 'askRefund',
    zh: '申请退款；不写 fen 即该行全部',
    en: 'a refund is asked for; without fen all of the line',
    body: { lineId: '', fen: 100 },
    run: (market, id, body) => ({
      afterSale: market.askRefund(id, {
        ...(textIn(body, 'lineId') === '' ? {} : { lineId: textIn(body, 'lineId') }),
        ...(Number.isInteger(body['fen']) ? { fen: body['fen'] as number } : {}),
      }),
    }),
  },
  writeNote: {
    deed: 'writeNote',
    zh: '有人在平台后台写商家备注',
    en: 'somebody writes the seller’s note on the platform’s pages',
    body: { words: '加急' },
    run: (market, id, body) => market.writeNote(id, textIn(body, 'words')),
  },
  closeLine: {
    deed: 'closeLine',
    zh: '付款前卖家关闭其中一行',
    en: 'the seller closes one line before it is paid',
    body: { lineId: '' },
    run: (market, id, body) => market.closeLine(id, textIn(body, 'lineId')),
  },
  changePrice: {
    deed: 'changePrice',
    zh: '付款前卖家改价：该行共减 fen 分',
    en: 'the seller takes fen off a line, in all, before it is paid',
    body: { lineId: '', fen: 100 },
    run: (market, id, body) => market.changePrice(id, { lineId: textIn(body, 'lineId'), fen: Number(body['fen']) }),
  },
  complain: {
    deed: 'complain',
    zh: '买家投诉；isOver 为真即投诉了结',
    en: 'the buyer complains; with isOver the complaint ends',
    body: { isOver: false },
    run: (market, id, body) => market.complain(id, body['isOver'] === true),
  },
};

/** On an after-sale: POST /sandbox/after-sales/{id}:{act}. */
export const CASE_ACTS: Readonly<Record<string, Act>> = {
  agree: { deed: 'agree', zh: '商家同意', en: 'the seller agrees', body: {}, run: (market, id) => market.agree(id) },
  payBack: { deed: 'payBack', zh: '退款成功', en: 'the money goes back', body: {}, run: (market, id) => market.payBack(id) },
  withdraw: {
    deed: 'endCase',
    zh: '买家撤销',
    en: 'the buyer takes it back',
    body: {},
    run: (market, id) => market.endCase(id, 'withdrawn'),
  },
  refuse: { deed: 'endCase', zh: '商家拒绝', en: 'the seller refuses', body: {}, run: (market, id) => market.endCase(id, 'refused') },
};

export function parcelIn(body: Body): ShippedBy {
  const lines = Array.isArray(body['lines']) ? (body['lines'] as NonNullable<ShippedBy['lines']>) : undefined;
  const parcel = { carrier: textIn(body, 'carrier', 'shunfeng'), trackingNumber: textIn(body, 'trackingNumber', `SB${Date.now()}`) };
  return lines === undefined ? parcel : { ...parcel, lines };
}

const MOST_LINES = 20;
export function placingIn(body: Body): Placing {
  const { lines, promotion, buyerId, isPresale } = body;
  return {
    ...(Number.isInteger(lines) && (lines as number) >= 1 && (lines as number) <= MOST_LINES ? { lines: lines as number } : {}),
    ...(promotion === 'none' || promotion === 'told' || promotion === 'untold' ? { promotion } : {}),
    ...(typeof buyerId === 'string' && buyerId !== '' ? { buyerId } : {}),
    ...(isPresale === true ? { isPresale } : {}),
  };
}
