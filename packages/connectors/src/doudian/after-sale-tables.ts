/** What Douyin's after-sale numbers mean in our words. */
import type { RefundStatus } from '@weir/contract';

/** Whether money, money once it is seen to be back, or goods go back, and whether the line must wait while the case is open. */
export interface AfterSaleKind {
  readonly moves: 'money' | 'money_if_back' | 'goods';
  readonly stopsShipping: boolean;
}

/**
 * after_sale_type / aftersale_type → kind. Source: field texts of order.orderDetail, afterSale.List and afterSale.Detail (pages 15/1343,
 * 17/1295, 17/1095), read 2026-11-25 by way of our protocol notes. A price guarantee (6) pays a difference back and stops no parcel.
 * An order may end by itself (4, 5) before anything was paid, so only refund_status says whether money went back.
 */
export const AFTER_SALE_TYPE: ReadonlyMap<string, AfterSaleKind> = new Map([
  ['0', { moves: 'money', stopsShipping: true }], // 退货退款
  ['1', { moves: 'money', stopsShipping: true }], // 已发货仅退款
  ['2', { moves: 'money', stopsShipping: true }], // 未发货仅退款
  ['3', { moves: 'goods', stopsShipping: true }], // 换货
  ['4', { moves: 'money_if_back', stopsShipping: true }], // 系统取消
  ['5', { moves: 'money_if_back', stopsShipping: true }], // 用户取消
  ['6', { moves: 'money', stopsShipping: false }], // 价保
  ['7', { moves: 'goods', stopsShipping: true }], // 补寄
  ['8', { moves: 'goods', stopsShipping: true }], // 维修
]);

/** `by_refund`: the process is over, and only refund_status says whether money went back. `none`: there is no case. */
export type AfterSaleState = RefundStatus | 'by_refund' | 'none';

/**
 * after_sale_status / aftersale_status → how far a refund has come. Source: as above. A request that the buyer withdrew stays at 28 beside
 * refund_status 1, so 28 decides, never the 1. 27 and 29 are the seller's refusals; the buyer may still appeal, see `ARBITRATION_OPEN`.
 * afterSale.List writes 3 in one place where the rest of the platform says 13 (换货待买家收货); it is kept, for that list only may send it.
 */
export const AFTER_SALE_STATUS: ReadonlyMap<string, AfterSaleState> = new Map([
  ['0', 'none'],
  ['3', 'agreed'], // 换货待买家收货, see above
  ['6', 'requested'], // 待商家同意
  ['7', 'agreed'], // 待买家退货
  ['8', 'agreed'], // 待商家发货
  ['11', 'agreed'], // 待商家二次同意
  ['12', 'done'], // 成功
  ['13', 'agreed'], // 换货/补寄/维修待买家收货
  ['14', 'done'], // 换货/补寄/维修成功
  ['27', 'refused'], // 商家一次拒绝
  ['28', 'withdrawn'], // 失败/关闭
  ['29', 'refused'], // 商家二次拒绝
  ['51', 'by_refund'], // 取消成功
  ['53', 'by_refund'], // 逆向完成
]);

export const NO_CASE = '0';
/** Statuses and kinds that a line may show and afterSale.List has no value for. Source: field texts of both calls. */
const UNLISTED_STATUSES: ReadonlySet<string> = new Set(['51', '53']);
export const isUnlisted = (status: string, type: string): boolean =>
  UNLISTED_STATUSES.has(status) || AFTER_SALE_TYPE.get(type)?.moves === 'money_if_back';
/** Whether two places speak of the same step; 3 is the list's spelling of 13. */
export const isSameStatus = (a: string, b: string): boolean => (a === '3' ? '13' : a) === (b === '3' ? '13' : b);

/** arbitrate_status while the platform still judges: 1 in progress, 4 needs evidence, 5 negotiating. Source: as above. */
export const ARBITRATION_OPEN: ReadonlySet<string> = new Set(['1', '4', '5']);

/** refund_status "money is back". 5 (追缴成功) is money that the platform took from the seller, not a refund. Source: as above. */
export const MONEY_IS_BACK = '3';

/** A case in these states is not over: the line waits. */
export const isOpen = (state: AfterSaleState): boolean => state === 'requested' || state === 'agreed';
