/** What the simulated gateway says no with. Source: as the connector's tables were read, 2026-11-25, and written down again. */
export interface Refusal {
  readonly code: number;
  readonly msg: string;
  readonly sub_code?: string;
  readonly sub_msg?: string;
}
const gate = (code: number, msg: string, sub_code?: string, sub_msg?: string): Refusal => ({
  code,
  msg,
  ...(sub_code === undefined ? {} : { sub_code }),
  ...(sub_msg === undefined ? {} : { sub_msg }),
});
const service = (sub_code: string, sub_msg: string): Refusal => gate(15, 'Remote service error', sub_code, sub_msg);
const ship = (code: string, text: string): Refusal => service(`isv.logistics-offline-service-error:${code}`, text);
const correct = (code: string, text: string): Refusal => service(`isv.logistics-update-company-or-mailno-error:${code}`, text);

export const REFUSALS = {
  throttled: gate(7, 'App Call Limited', 'accesscontrol.limited-by-api-access-count', 'This ban will last for 1 more seconds'),
  method: gate(22, 'Invalid method', 'isv.invalid-method', '不存在的方法名'),
  signatureMissing: gate(24, 'Missing signature'),
  signature: gate(25, 'Invalid signature', 'isv.invalid-signature', '非法签名'),
  sessionMissing: gate(26, 'Missing session'),
  session: gate(27, 'Invalid session', 'sessionkey-not-generated-by-server'),
  appKey: gate(29, 'Invalid app Key', 'isv.appkey-not-exists'),
  timestamp: gate(31, 'Invalid timestamp', 'isv.invalid-timestamp', '非法的时间戳参数'),
  version: gate(34, 'Unsupported version'),
  format: gate(23, 'Invalid format'),
  missing: (name: string): Refusal => gate(40, 'Missing required arguments', `isv.missing-parameter:${name}`),
  invalid: (name: string): Refusal => gate(41, 'Invalid arguments', `isv.invalid-parameter:${name}`),
  code: gate(41, 'Invalid arguments', 'isv.invalid-parameter:code'),
  refreshToken: gate(41, 'Invalid arguments', 'isv.invalid-parameter:refresh_token'),
  noTrade: service('isv.trade-not-exist', '交易订单不存在'),
  noRefund: service('isv.refund-not-exist', '退款记录不存在'),
  noParcelTrade: ship('B01', '订单不存在'),
  state: ship('B04', '订单状态不对，该物流订单已经发货或者已关闭，不能重复发货'),
  shipped: ship('B27', '订单已经发货'),
  company: ship('B56', '没有选择物流公司或物流公司不存在'),
  number: ship('B59', '运单号为空'),
  numberUsed: ship('F04', '您填写的运单号已被使用'),
  split: ship('P38', '拆单校验未通过'),
  correctCompany: correct('P03', '无效的物流公司'),
  correctNotShipped: correct('CD19', '订单未发货，请先发货后再修改'),
  correctState: correct('P06', '当前订单状态不支持修改'),
  correctNothing: correct('P07', '未作修改'),
  correctSplit: correct('CD22', '订单已拆单，必须传入子交易号列表'),
  memoTooLong: service('isv.invalid-parameter:memo', '备注超过 1000 个字节'),
} as const;
