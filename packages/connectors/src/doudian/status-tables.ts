/** What Douyin's status numbers mean in our words. A number that is not here is an unmapped code: a person looks, nobody guesses. */
import type { OrderStatus } from '@weir/contract';

/** `ended`: cancelled when nothing was paid, closed when something was; Douyin has one number for both. */
export type ToldStatus = Exclude<OrderStatus, 'cancelled' | 'closed'> | 'ended';

/**
 * order_status of a shop order and of each of its lines → ours. Source: field texts of order.searchList and order.orderDetail (open platform
 * pages 15/1342, 15/1343), two SDKs agree; read 2026-11-25 by way of our protocol notes. 105 is paid and still under the platform's check;
 * 101 has lines that left and lines that did not, so the order stays at `paid` and its lines tell the rest.
 */
export const ORDER_STATUS: ReadonlyMap<string, ToldStatus> = new Map([
  ['1', 'awaiting_payment'],
  ['105', 'paid'],
  ['2', 'paid'],
  ['101', 'paid'],
  ['3', 'shipped'],
  ['4', 'ended'],
  ['5', 'completed'],
]);
export const UNDER_CHECK = '105';

/**
 * main_status where it says more than order_status: beside which order_status it may stand, and what it makes of the order. Source: the same
 * field texts (one source); which order_status goes with 103, 22 and 39 is our judgement: 103 is a deposit, so nothing is fully paid; after
 * 22 and 39 a parcel has left. An order that was finished before its money went back (39 beside 5) keeps its status, as everywhere in Weir.
 */
export const MAIN_STATUS: ReadonlyMap<string, Readonly<Record<string, ToldStatus>>> = new Map([
  ['103', { '1': 'awaiting_payment' }],
  ['21', { '4': 'ended' }],
  ['22', { '3': 'ended', '4': 'ended', '5': 'ended' }],
  ['39', { '3': 'ended', '4': 'ended', '5': 'completed' }],
]);
export const DEPOSIT_PAID = '103';

/** Null: one of the two is unknown, or they contradict each other. */
export function toldStatus(orderStatus: string, mainStatus: string | undefined): ToldStatus | null {
  const told = ORDER_STATUS.get(orderStatus);
  if (told === undefined) return null;
  if (mainStatus === undefined || mainStatus === orderStatus) return told;
  const beside = MAIN_STATUS.get(mainStatus);
  return beside !== undefined && Object.hasOwn(beside, orderStatus) ? (beside[orderStatus] ?? null) : null;
}

export const mainStatusesBeside = (orderStatus: string): string[] => [
  orderStatus,
  ...[...MAIN_STATUS].filter(([, beside]) => Object.hasOwn(beside, orderStatus)).map(([code]) => code),
];

export const statusOf = (told: ToldStatus, isPaid: boolean): OrderStatus => (told === 'ended' ? (isPaid ? 'closed' : 'cancelled') : told);
