/** What the simulated platform says no with. Source: documented codes of the calls, the official list of platform errors; read 2026-11-25. */
export interface Refusal {
  readonly code: number;
  readonly sub_code: string;
  readonly sub_msg: string;
}
const refusal = (code: number, sub_code: string, sub_msg: string): Refusal => ({ code, sub_code, sub_msg });

export const REFUSALS = {
  appKey: refusal(40003, 'isv.app-id-invalid', '认证失败，app_key 不正确'),
  signatureMissing: refusal(40001, 'isv.signature-missing', '获取签名失败'),
  signature: refusal(40003, 'isv.signature-invalid', '签名校验失败'),
  timestamp: refusal(40003, 'isv.timestamp-invalid', '时间戳不合法'),
  format: refusal(40003, 'isv.parameter-format-invalid', '业务参数 json 解析失败'),
  tokenMissing: refusal(40001, 'isv.access-token-missing', '认证失败，access_token 不能为空'),
  tokenExpired: refusal(40003, 'isv.access-token-expired', 'access_token 已过期'),
  tokenUnknown: refusal(40003, 'isv.access-token-no-existed', 'access_token 不存在'),
  refreshToken: refusal(50001, 'dop.token-generate-failed:token-invalid', '生成 token 失败，token 不存在'),
  noSuchMethod: refusal(70000, 'isp.api-service-off', 'API 不存在或已下线'),
  throttled: refusal(60000, 'isp.flow-limit', '触发限流，请稍后重试'),
  busy: refusal(20000, 'isp.service-error:20005', '系统繁忙，请稍后重试'),
  noStart: refusal(40004, 'isv.parameter-invalid:20011', '订单查询开始时间不能为空'),
  tooOld: refusal(40004, 'isv.parameter-invalid:20022', '订单查询只支持查询最近 90 天内的数据'),
  tooManyRows: refusal(40004, 'isv.parameter-invalid:20013', '订单查询最多支持查询 5 万'),
  pageSize: refusal(40004, 'isv.parameter-invalid:20008', 'size 不能超过 100'),
  caseOrder: refusal(40004, 'isv.parameter-invalid:11000', '按更新时间查询须带 order_by'),
  noSuchOrder: refusal(40004, 'isv.parameter-invalid:60005', '订单不存在'),
  noSuchCase: refusal(40004, 'isv.parameter-invalid:11003', '数据不存在'),
  noSuchLine: refusal(40004, 'isv.parameter-invalid:60015', '商品单不存在或数量超出'),
  noRequestId: refusal(40002, 'isv.missing-parameter:50050', '发货请求 id 不能为空，请检查 requestId'),
  unpaid: refusal(50002, 'isv.business-failed:60137', '订单未支付，不能发货'),
  underCheck: refusal(50002, 'isv.business-failed:60109', '订单正在风控审核中'),
  cancelled: refusal(50002, 'isv.business-failed:60021', '订单已取消'),
  refundedBefore: refusal(50002, 'isv.business-failed:60068', '该订单已售前退款成功，不能发货。'),
  finished: refusal(50002, 'isv.business-failed:60113', '订单已完成'),
  refundOpen: refusal(50002, 'isv.business-failed:60040', '发货订单中有退款申请需要处理，请先处理。'),
  alreadyShipped: refusal(50002, 'isv.business-failed:60110', '订单已发货，不允许再次执行发货。'),
  numberUsed: refusal(50002, 'isv.business-failed:70022', '运单号已被其他订单使用'),
  noWish: refusal(50002, 'isv.business-failed:50039', '没有修改地址的申请'),
  noSuchParcel: refusal(50002, 'isv.business-failed:70011', '包裹单号缺失，请修改后重试'),
} as const satisfies Record<string, Refusal>;
