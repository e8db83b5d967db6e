/** What Pinduoduo's after-sale numbers mean in our words. Its types have other numbers in each call, so there is one table per call. */
import type { RefundStatus } from '@weir/contract';

/** What goes back. */
export type AfterSaleKind = 'money' | 'goods';

/** after_sales_type in pdd.refund.list.increment.get. Source: official type lists as two SDKs hold them, read 2026-11-25; 1 asks for all and is no type of a case. */
export const LIST_TYPES: ReadonlyMap<string, AfterSaleKind> = new Map([
  ['2', 'money'], // 仅退款
  ['3', 'money'], // 退货退款
  ['4', 'goods'], // 换货
  ['5', 'goods'], // 缺货补寄
  ['6', 'goods'], // 维修
]);

/** after_sales_type in pdd.refund.information.get: the same cases under other numbers. Source: our protocol notes (one source), read 2026-11-25. */
export const DETAIL_TYPES: ReadonlyMap<string, AfterSaleKind> = new Map([
  ['1', 'money'], // 仅退款
  ['2', 'money'], // 退货退款
  ['3', 'goods'], // 换货
  ['4', 'goods'], // 补寄
  ['5', 'goods'], // 维修
]);

/** bill_type in a pushed refund. Only 1 was ever seen, beside a case that the list calls 仅退款; others are a hint and nothing more. Source: one real message. */
export const PUSHED_TYPES: ReadonlyMap<string, AfterSaleKind> = new Map([['1', 'money']]);

export type AfterSaleState = RefundStatus | 'none';

/**
 * after_sales_status of an order and of a case → how far it has come. Source: official type lists as several SDKs hold them, read 2026-11-25; which of our
 * words fits is our judgement. 6 is the seller's refusal, and the buyer may go on; 12 and 13 are requests that the buyer let lapse.
 */
export const AFTER_SALE_STATUS: ReadonlyMap<string, AfterSaleState> = new Map([
  ['0', 'none'],
  ['2', 'requested'], // 买家申请退款，待商家处理
  ['3', 'requested'], // 退货退款，待商家处理
  ['4', 'agreed'], // 商家同意退款，退款中
  ['5', 'agreed'], // 平台同意退款，退款中
  ['6', 'refused'], // 驳回退款，待买家处理
  ['7', 'agreed'], // 已同意退货退款，待用户发货
  ['8', 'requested'], // 平台处理中
  ['9', 'refused'], // 平台拒绝退款，退款关闭
  ['10', 'done'], // 退款成功
  ['11', 'withdrawn'], // 买家撤销
  ['12', 'withdrawn'], // 买家逾期未处理，退款失败
  ['13', 'withdrawn'], // 买家逾期，超过有效期
  ['14', 'requested'], // 换货补寄待商家处理
  ['15', 'agreed'], // 换货补寄待用户处理
  ['16', 'done'], // 换货补寄成功
  ['17', 'withdrawn'], // 换货补寄失败
  ['18', 'agreed'], // 换货补寄待用户确认完成
  ['21', 'requested'], // 待商家同意维修
  ['22', 'agreed'], // 待用户发货（维修）
  ['24', 'withdrawn'], // 维修关闭
  ['25', 'done'], // 维修成功
  ['27', 'agreed'], // 待用户确认收货
  ['31', 'agreed'], // 已同意拒收退款，待用户拒收
  ['32', 'agreed'], // 补寄待商家发货
  ['33', 'requested'], // 待商家召回
]);
export const NO_CASE = '0';

/** A case in these states is not over. */
export const isOpen = (state: AfterSaleState): boolean => state === 'requested' || state === 'agreed';
