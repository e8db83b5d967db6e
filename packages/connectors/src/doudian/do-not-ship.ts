/** Signs of the channel that an order, or one of its lines, must wait. A whole message lists all of them, so what is not listed has ended. */
import type { NeutralOrder } from '@weir/contract';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { AFTER_SALE_STATUS, AFTER_SALE_TYPE, isOpen, NO_CASE } from './after-sale-tables.ts';
import { type AfterSale, casesOf } from './after-sales.ts';
import { orderId } from './ids.ts';
import { DEPOSIT_PAID, ORDER_STATUS, UNDER_CHECK } from './status-tables.ts';
import { unmapped } from '../unmapped.ts';

export type Sign = NonNullable<NeutralOrder['doNotShip']>[number];

export const riskSign = (since: number): Sign => ({ kind: 'channel_risk', code: `order_status_${UNDER_CHECK}`, since: chinaTime(since) });

/** `since`: when the sign is known to have been there, seconds since 1970; the case's own time where the after-sales are known. */
export function signsOf(order: Fields, since: number, afterSales: readonly AfterSale[]): Sign[] {
  const isUnderCheck = order.text('order_status') === UNDER_CHECK;
  const isDeposit = order.text('main_status') === DEPOSIT_PAID;
  return [
    ...(isUnderCheck ? [riskSign(order.seconds('pay_time') ?? since)] : []),
    ...(isDeposit ? [{ kind: 'deposit' as const, code: `main_status_${DEPOSIT_PAID}`, since: chinaTime(since) }] : []),
    ...order.each('sku_order_list').flatMap((line) => lineSign(line, since, afterSales)),
  ];
}

/** A line whose parcel has left cannot be kept back any more: there its refund tells the story. */
function lineSign(line: Fields, since: number, afterSales: readonly AfterSale[]): Sign[] {
  const info = line.child('after_sale_info');
  const code = info.code('after_sale_status') ?? NO_CASE;
  if (code === NO_CASE || ORDER_STATUS.get(line.text('order_status') ?? '') !== 'paid') return [];
  const lineId = orderId(line, 'order_id');
  const told = AFTER_SALE_STATUS.get(code);
  if (told === undefined) unmapped(info, 'after_sale_status', AFTER_SALE_STATUS.keys());
  if (lineId === undefined || told === undefined) return [];
  const open = casesOf(afterSales, lineId).find((each) => isOpen(each.state) && each.kind.stopsShipping);
  // What the line shows and what we were told may be of different times; either is enough to wait.
  const shows = isOpen(told) && (AFTER_SALE_TYPE.get(info.text('after_sale_type') ?? '')?.stopsShipping ?? true);
  if (open === undefined && !shows) return [];
  return [{ kind: 'after_sale', lineId, code: `after_sale_status_${code}`, since: chinaTime(open?.appliedAt ?? since) }];
}
