/** The numbers that Douyin shows for the stages of an order and of an after-sale. */
import { type AfterSale, type CaseState, hasLeft, type Line, type Order, type Stage, stageOf } from '../market/order.ts';

/** order_status; a deposit is no stage of its own there. */
const STATUS: Readonly<Record<Stage, number>> = {
  unpaid: 1,
  deposit_paid: 1,
  under_check: 105,
  paid: 2,
  partly_shipped: 101,
  shipped: 3,
  finished: 5,
  cancelled: 4,
  closed: 4,
};
export const statusOf = (order: Order, line?: Line): number => STATUS[stageOf(order, line)];

const DEPOSIT_PAID = 103;
/** main_status: an order that ended because all its money went back says so, and a paid deposit shows. */
export function mainStatusOf(order: Order): number {
  const stage = stageOf(order);
  if (stage === 'deposit_paid') return DEPOSIT_PAID;
  if (stage !== 'closed') return STATUS[stage];
  return order.parcels.length > 0 ? 22 : 21;
}

const CASE_STATUS: Readonly<Record<CaseState, number>> = { asked: 6, agreed: 7, paid_back: 12, refused: 27, withdrawn: 28 };
export const caseStatus = ({ state }: AfterSale): number => CASE_STATUS[state];
/** 1 without goods after shipping, 2 before shipping. */
export const caseType = (afterSale: AfterSale): number => (afterSale.hasLeft ? 1 : 2);
export const leftAltogether = (order: Order): boolean => order.lines.every(hasLeft);
