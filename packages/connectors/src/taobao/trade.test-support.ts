/** A trade as fullinfo tells it, showing only what a test is about. Two lines, 129.00 + 2 × 59.90, paid. */
import { type Json, parseLossless } from '../lossless-json.ts';

export const TID = '3724561098877120118';
export const OIDS = ['3724561098877121118', '3724561098877122118'] as const;

type Members = Readonly<Record<string, unknown>>;
const LINES: readonly Members[] = [
  { oid: '@1', outer_sku_id: 'A', title: '精华', num: 1, price: '129.00', refund_status: 'NO_REFUND' },
  { oid: '@2', outer_sku_id: 'B', title: '面膜', num: 2, price: '59.90', refund_status: 'NO_REFUND' },
];

/** As the platform writes it, ids as bare numbers. `lines`: what differs in each line; a line without a state has that of the trade. */
export function tradeText(more: Members = {}, lines: readonly Members[] = [{}, {}]): string {
  const status = more['status'] ?? 'WAIT_SELLER_SEND_GOODS';
  const trade = {
    tid: '@0',
    type: 'fixed',
    status,
    created: '2026-02-22 09:11:40',
    modified: '2026-02-22 09:12:03',
    pay_time: '2026-02-22 09:12:02',
    payment: '248.80',
    total_fee: '248.80',
    discount_fee: '0.00',
    post_fee: '0.00',
    orders: { order: lines.map((line, i) => ({ ...LINES[i], status, ...line })) },
    ...more,
  };
  return JSON.stringify(trade).replace('"@0"', TID).replace('"@1"', OIDS[0]).replace('"@2"', OIDS[1]);
}
export const aTrade = (more: Members = {}, lines?: readonly Members[]): Json => parseLossless(tradeText(more, lines));
