/** Orders and hints as the platform writes them: fen, seconds, ids as text. */
import type { News, NewsKind } from '../market/actions.ts';
import { type AfterSale, type CaseState, type Order, paidFen, payableFen, promotionFen, type Stage, stageOf } from '../market/order.ts';

const STATUS: Readonly<Record<Stage, string>> = {
  unpaid: 'unpaid',
  deposit_paid: 'unpaid',
  under_check: 'checking',
  paid: 'paid',
  partly_shipped: 'part_shipped',
  shipped: 'shipped',
  finished: 'finished',
  cancelled: 'cancelled',
  closed: 'closed',
};
const STATE: Readonly<Record<CaseState, string>> = {
  asked: 'asked',
  agreed: 'agreed',
  paid_back: 'paid_back',
  refused: 'refused',
  withdrawn: 'withdrawn',
};
const SHIP_WITHIN_SECONDS = 172_800;

/** An order of a list and of order.get alike. */
export const written = (order: Order, shop: string): object => ({
  id: order.id,
  shop,
  status: STATUS[stageOf(order)],
  created: order.createdAt,
  changed: order.updatedAt,
  paid: order.paidAt,
  shipped: stageOf(order) === 'shipped' || order.state === 'finished' ? (order.parcels.at(-1)?.shippedAt ?? 0) : 0,
  finished: order.finishedAt,
  ship_by: order.paidAt === 0 ? 0 : order.paidAt + SHIP_WITHIN_SECONDS,
  payable: payableFen(order),
  postage: order.postFen,
  discount: promotionFen(order),
  coupons: couponsOf(order),
  payment: order.paidAt === 0 ? null : { id: order.paymentNo, amount: paidFen(order), at: order.paidAt },
  goods: order.lines.map((line) => ({
    id: line.id,
    sku: line.code,
    title: line.name,
    count: line.quantity,
    price: line.priceFen,
    status: STATUS[stageOf(order, line)],
  })),
  refunds: order.afterSales.map(refundOf),
  parcels: order.parcels.map((parcel) => ({
    id: parcel.packId,
    carrier: parcel.company,
    number: parcel.number,
    at: parcel.shippedAt,
    goods: parcel.pieces.map(({ lineId, quantity }) => ({ line: lineId, count: quantity })),
  })),
  buyer: order.buyerId,
  receiver: order.receiver,
  remark: order.buyerWords,
  note: order.sellerWords,
});

function couponsOf({ promotion }: Order): readonly object[] {
  const { shopFen, platformFen, talentFen, isTold } = promotion;
  const all = [
    { name: '店铺满减', amount: shopFen, by: 'shop' },
    { name: '平台红包', amount: platformFen, by: 'platform' },
    { name: '主播专享券', amount: talentFen, by: 'streamer' },
  ];
  return isTold ? all.filter(({ amount }) => amount > 0) : [];
}

const refundOf = ({ id, lineId, amountFen, state, appliedAt, updatedAt }: AfterSale): object => ({
  id,
  line: lineId,
  amount: amountFen,
  state: STATE[state],
  asked: appliedAt,
  changed: updatedAt,
});

/** What a hint calls it. */
const EVENTS: Readonly<Record<NewsKind, string>> = {
  placed: 'order.placed',
  deposit_paid: 'order.changed',
  paid: 'order.paid',
  paid_under_check: 'order.paid',
  released: 'order.released',
  cancelled: 'order.cancelled',
  address_changed: 'order.address',
  address_wished: 'order.changed',
  price_changed: 'order.changed',
  shipped: 'order.shipped',
  partly_shipped: 'order.shipped',
  number_corrected: 'order.shipped',
  finished: 'order.finished',
  refund_asked: 'refund.asked',
  refund_agreed: 'refund.agreed',
  refund_refused: 'refund.refused',
  refund_paid_back: 'refund.paid_back',
  refund_withdrawn: 'refund.withdrawn',
  note_written: 'order.note',
};
export const hintOf = (id: string, order: Order, { what }: News): object => ({
  id,
  order: order.id,
  event: EVENTS[what],
  at: order.updatedAt,
});
