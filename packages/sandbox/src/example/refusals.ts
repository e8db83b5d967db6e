/** What the simulated platform says no with. Source: the protocol page in docs/connectors.md, read 2026-11-26. */
import type { WhyNot } from '../market/shipping.ts';

export interface Refusal {
  readonly code: number;
  readonly message: string;
}
const refusal = (code: number, message: string): Refusal => ({ code, message });

export const REFUSALS = {
  throttled: refusal(1001, '请求过快'),
  app: refusal(2001, '应用不存在'),
  signature: refusal(2002, '签名错误'),
  clock: refusal(2003, '时间戳与平台相差超过 10 分钟'),
  token: refusal(2004, '令牌无效或已过期'),
  grant: refusal(2005, '授权码或刷新令牌无效'),
  method: refusal(2006, '没有这个方法'),
  params: refusal(3001, '参数错误'),
  limits: refusal(3002, '超出查询范围'),
  order: refusal(4001, '订单不存在'),
  parcel: refusal(5006, '商品行不存在或数量超出'),
} as const satisfies Record<string, Refusal>;

export const WHY_NOT: Readonly<Record<WhyNot, Refusal>> = {
  already_shipped: refusal(5001, '订单已发货'),
  unpaid: refusal(5002, '订单未付款'),
  deposit_only: refusal(5002, '订单未付款'),
  under_check: refusal(5003, '订单在风控审核中'),
  cancelled: refusal(5004, '订单已结束'),
  refunded: refusal(5004, '订单已结束'),
  finished: refusal(5004, '订单已结束'),
  refund_open: refusal(5005, '有未处理的退款申请'),
  no_such_line: REFUSALS.parcel,
  number_used: refusal(5007, '运单号已用于其他订单'),
};
