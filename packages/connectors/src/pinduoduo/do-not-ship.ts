/** Signs of the channel that an order must wait. A message lists all of them, so what is not listed has ended. */
import type { NeutralOrder } from '@weir/contract';
import { chinaTime } from '../china-time.ts';
import type { Fields } from '../fields.ts';
import { AFTER_SALE_STATUS, isOpen, NO_CASE } from './after-sale-tables.ts';
import type { AfterSale } from './after-sales.ts';
import type { Step } from './payments.ts';
import { meaning, secondsAt } from './reading.ts';
import { CONFIRM_STATUS, GROUP_STATUS, REFUND_STATUS, RISK_STATUS, UNSHIPPED } from './status-tables.ts';

export type Sign = NonNullable<NeutralOrder['doNotShip']>[number];

/** `since`: when the sign is known to have been there, seconds since 1970. */
export function signsOf(order: Fields, since: number, step: Step | null, isPaid: boolean, afterSales: readonly AfterSale[]): Sign[] {
  const paidAt = secondsAt(order, 'pay_time') ?? since;
  const sign = (kind: Sign['kind'], code: string, at: number): Sign => ({ kind, code, since: chinaTime(at) });
  const isForming = meaning(order, 'group_status', GROUP_STATUS, 'formed') === 'forming';
  const isUnconfirmed = meaning(order, 'confirm_status', CONFIRM_STATUS, 'confirmed') === 'open';
  return [
    ...(meaning(order, 'risk_control_status', RISK_STATUS, 'none') === 'checking'
      ? [sign('channel_risk', 'risk_control_status_1', paidAt)]
      : []),
    ...(step !== null && step.state !== 'all_paid' ? [sign('deposit', `step_trade_status_${step.code}`, paidAt)] : []),
    ...(isPaid && isForming ? [sign('rule', 'group_status_0', paidAt)] : []),
    ...(isPaid && isUnconfirmed ? [sign('rule', 'confirm_status_0', paidAt)] : []),
    ...afterSaleSign(order, since, afterSales),
  ];
}

/** Either of the two numbers, or a case that we were told of, is enough to wait. What has left cannot be kept back: there its refund tells the story. */
function afterSaleSign(order: Fields, since: number, afterSales: readonly AfterSale[]): Sign[] {
  const refund = meaning(order, 'refund_status', REFUND_STATUS, 'none') ?? 'none';
  const state = meaning(order, 'after_sales_status', AFTER_SALE_STATUS, 'none') ?? 'none';
  const open = afterSales.find((each) => isOpen(each.state));
  if (order.text('order_status') !== UNSHIPPED || (refund === 'none' && !isOpen(state) && open === undefined)) return [];
  const code = order.text('after_sales_status') ?? NO_CASE;
  const named = code === NO_CASE ? `refund_status_${order.text('refund_status') ?? ''}` : `after_sales_status_${code}`;
  return [{ kind: 'after_sale', code: named, since: chinaTime(open?.appliedAt ?? since) }];
}
