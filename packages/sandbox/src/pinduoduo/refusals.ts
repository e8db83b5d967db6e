/**
 * What the simulated platform says no with. Codes of the gateway: our protocol notes, read 2026-11-25. What the services behind it answer is documented
 * nowhere that we know of: their sub_codes here are made up, so that nobody can build on them.
 */
export interface Refusal {
  readonly error_code: number;
  readonly error_msg: string;
  readonly sub_code: string | null;
  readonly sub_msg: string | null;
}
const gate = (error_code: number, error_msg: string): Refusal => ({
  error_code,
  error_msg,
  sub_code: String(error_code),
  sub_msg: error_msg,
});
const service = (sub_code: string, sub_msg: string): Refusal => ({ error_code: 50001, error_msg: '业务服务错误', sub_code, sub_msg });

export const REFUSALS = {
  parameters: gate(10000, '参数错误'),
  publicParameters: gate(10001, '公共参数错误'),
  timestamp: gate(10001, '公共参数错误:timestamp'),
  token: gate(10019, 'access_token已过期'),
  signature: { ...gate(20004, '签名sign校验失败'), sub_code: null, sub_msg: null },
  noRight: gate(20031, '用户没有授权访问此接口'),
  throttled: gate(70031, '调用过于频繁，请调整调用频率'),
  window: service('sandbox-1', '开始时间与结束时间间距超出限制'),
  page: service('sandbox-2', 'page 或 page_size 超出限制'),
  noSuchOrder: service('sandbox-3', '订单不存在'),
  notWaiting: service('sandbox-4', '订单不是待发货状态'),
  notSent: service('sandbox-5', '订单不是已发货状态'),
  mayNotShip: service('sandbox-6', '订单当前不能发货'),
  refundOpen: service('sandbox-7', '订单存在售后'),
  numberUsed: service('sandbox-8', '运单号已被其他订单使用'),
  carrier: service('sandbox-9', '快递公司编号不正确'),
  note: service('sandbox-10', '备注过长，或 tag 与 tag_name 没有同时传入'),
  code: service('sandbox-11', 'code 或 refresh_token 无效'),
} as const satisfies Record<string, Refusal>;
