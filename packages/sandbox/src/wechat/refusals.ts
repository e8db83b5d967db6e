/** What the simulated WeChat says no with. Source: guide of shipping information, v3 documentation; read 2026-11-25 by way of our protocol notes and of public SDKs. */
export interface Refusal {
  readonly no: string;
  readonly words: string;
  /** Of the payment API, which says no with a status of HTTP. */
  readonly status?: number;
}
const err = (code: number, words: string): Refusal => ({ no: String(code), words });
const pay = (status: number, no: string, words: string): Refusal => ({ status, no, words });

export const REFUSALS = {
  appId: err(40013, 'invalid appid'),
  secret: err(40125, 'invalid appsecret'),
  token: err(40001, 'invalid credential, access_token is invalid or not latest'),
  tokenExpired: err(42001, 'access_token expired'),
  tooOften: err(45011, 'api minute-quota reach limit, must slower, retry next minute'),
  format: err(47001, 'data format error'),
  noSuchPath: err(40066, 'invalid url'),
  noPayment: err(10060001, '支付单不存在'),
  reshipUsed: err(10060003, '支付单已使用重新发货机会'),
  notShippable: err(10060004, '支付单处于不可发货的状态'),
  logistics: err(10060005, '物流类型有误'),
  noAllDelivered: err(10060007, '分拆发货模式下必须填写 is_all_delivered 字段'),
  noItemDesc: err(10060008, '商品描述 item_desc 字段不能为空'),
  longItemDesc: err(10060009, '商品描述 item_desc 字段太长'),
  lastIndex: err(10060011, 'last_index不合法'),
  parameter: err(10060014, '参数错误'),
  unchanged: err(10060023, '发货信息未更新'),
  manyParcels: err(10060024, '物流信息列表太长'),
  openid: err(10060031, '该笔支付单不属于 openid 所指定的用户'),
  orderKey: err(268485194, '订单单号类型非法'),
  uploadTime: err(268485216, '上传时间非法，请按照 RFC 3339 格式填写'),
  mode: err(268485224, '发货模式非法'),
  noNumber: err(268485226, '物流单号不能为空'),
  noCompany: err(268485227, '物流公司编码不能为空'),
  oneParcel: err(268485228, '统一发货模式下，物流信息列表长度必须为 1'),
  sign: pay(401, 'SIGN_ERROR', '错误的签名，验签失败'),
  payTooOften: pay(429, 'FREQUENCY_LIMITED', '频率超限'),
  noOrder: pay(404, 'ORDER_NOT_EXIST', '订单不存在'),
  noResource: pay(404, 'RESOURCE_NOT_EXISTS', '查询的资源不存在'),
  merchant: pay(403, 'NO_AUTH', '商户号与签名不一致'),
} as const satisfies Record<string, Refusal>;
export const isRefusal = (found: object): found is Refusal => 'no' in found;
