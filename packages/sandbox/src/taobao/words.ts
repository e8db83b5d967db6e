/** The platform's words for the stages of an order, of a line and of a refund, and its ways of writing money, times and ids. */
import { type AfterSale, type CaseState, hasLeft, type Line, type Order, type Stage, stageOf } from '../market/order.ts';

const STATUS: Readonly<Record<Stage, string>> = {
  unpaid: 'WAIT_BUYER_PAY',
  deposit_paid: 'WAIT_BUYER_PAY',
  under_check: 'PAID_FORBID_CONSIGN',
  paid: 'WAIT_SELLER_SEND_GOODS',
  partly_shipped: 'SELLER_CONSIGNED_PART',
  shipped: 'WAIT_BUYER_CONFIRM_GOODS',
  finished: 'TRADE_FINISHED',
  cancelled: 'TRADE_CLOSED_BY_TAOBAO',
  closed: 'TRADE_CLOSED',
};
export const statusOf = (order: Order, line?: Line): string => STATUS[stageOf(order, line)];

/** A refusal of the market is its last word: here that is a case which was closed. */
const CASE_STATUS: Readonly<Record<CaseState, string>> = {
  asked: 'WAIT_SELLER_AGREE',
  agreed: 'WAIT_BUYER_RETURN_GOODS',
  paid_back: 'SUCCESS',
  refused: 'CLOSED',
  withdrawn: 'CLOSED',
};
export const caseStatus = ({ state }: AfterSale): string => CASE_STATUS[state];
export const disputeOf = ({ hasLeft: left }: AfterSale): string => (left ? 'REFUND_AND_RETURN' : 'REFUND');

/** A trade's type; some of them are in no list unless they are asked for by name. The digits of its id choose, so that it never changes. */
const TYPES = ['fixed', 'fixed', 'fixed', 'tmall_i18n', 'fixed', 'fixed', 'eticket'] as const;
export const typeOf = (order: Order): string =>
  order.depositFen > 0 ? 'step' : (TYPES[Number(BigInt(order.id) % BigInt(TYPES.length))] ?? 'fixed');

/** Pre-sales only. */
export function stepOf(order: Order): string | undefined {
  if (order.depositFen === 0) return undefined;
  if (order.paidAt > 0) return 'FRONT_PAID_FINAL_PAID';
  return order.depositAt > 0 ? 'FRONT_PAID_FINAL_NOPAID' : 'FRONT_NOPAID_FINAL_NOPAID';
}

export const leftAltogether = (order: Order): boolean => order.lines.every(hasLeft);

/** Some of the codes of logistics.companies.get. */
export const COMPANIES: ReadonlyMap<string, string> = new Map([
  ['SF', '顺丰速运'],
  ['ZTO', '中通快递'],
  ['YTO', '圆通速递'],
  ['STO', '申通快递'],
  ['YUNDA', '韵达快递'],
  ['EMS', 'EMS'],
  ['JD', '京东快递'],
]);
export const companyName = (code: string): string => COMPANIES.get(code) ?? code;

export const yuan = (fen: number): string =>
  `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
/** "2026-02-22 09:12:03", Beijing; undefined (which JSON leaves out) for what has not happened. */
export const beijing = (seconds: number): string | undefined =>
  seconds === 0 ? undefined : new Date((seconds + 28_800) * 1_000).toISOString().slice(0, 19).replace('T', ' ');
/** An integer of 64 bits that JSON.stringify writes digit by digit; TypeScript does not know `JSON.rawJSON` yet. */
export const bare = (digits: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);
