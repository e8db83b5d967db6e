/** Every code with which Weir says no. The API reference and the console's sentences are made from this table. */
import { CHANNEL_ERRORS } from './channel-errors.ts';

export interface ErrorEntry {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  /** Whether the same request may succeed later without being changed. */
  readonly retry: boolean;
}

export const ERRORS = {
  'request.not_json': {
    status: 400,
    zh: '请求体不是合法的 JSON：第 {line} 行第 {column} 列',
    en: 'The body is not valid JSON: line {line}, column {column}',
    retry: false,
  },
  'request.invalid': { status: 400, zh: '请求不合要求，见 problems', en: 'The request is not as described, see problems', retry: false },
  'request.too_large': { status: 413, zh: '请求体超过上限 {limit}', en: 'The body is larger than {limit}', retry: false },
  'request.timeout': {
    status: 408,
    zh: '请求来得太慢，连接已关闭；请一次发完',
    en: 'The request came too slowly and the connection was closed; send it in one go',
    retry: true,
  },
  'request.headers_too_large': {
    status: 431,
    zh: '请求头太大；请减少请求头或 cookie',
    en: 'The headers of the request are too large; send fewer headers or cookies',
    retry: false,
  },
  'request.not_http': {
    status: 400,
    zh: '这不是合法的 HTTP 请求；请检查客户端或中间的代理',
    en: 'This is no well-formed HTTP request; look at the client, or at a proxy in between',
    retry: false,
  },
  'request.encoded': {
    status: 415,
    zh: '不接受压缩的请求体；请去掉 Content-Encoding，原样发送',
    en: 'Compressed bodies are not taken; send it as it is, without Content-Encoding',
    retry: false,
  },
  'request.too_deep': {
    status: 400,
    zh: '请求体嵌套超过 {limit} 层',
    en: 'The body is nested more than {limit} levels deep',
    retry: false,
  },
  'request.unsupported_media_type': {
    status: 415,
    zh: '不支持的 Content-Type；应为 {expected}',
    en: 'Unsupported Content-Type; expected {expected}',
    retry: false,
  },
  'request.not_found': { status: 404, zh: '没有这个地址或操作', en: 'There is no such address or verb', retry: false },
  'request.unauthenticated': {
    status: 401,
    zh: '请先登录，或在 Authorization 中带上有效的令牌',
    en: 'Log in, or send a valid token in Authorization',
    retry: false,
  },
  'request.forbidden': {
    status: 403,
    zh: '你的角色（{role}）不能这样做；可向管理员申请',
    en: 'Your role ({role}) may not do this; ask an administrator',
    retry: false,
  },
  'request.shop_forbidden': {
    status: 403,
    zh: '这个令牌不能访问店铺 {shop}，或该店铺尚未接入',
    en: 'This token may not touch shop {shop}, or the shop is not connected',
    retry: false,
  },
  'request.too_many': {
    status: 429,
    zh: '请求太快了，请在 {seconds} 秒后重试',
    en: 'Too many requests; try again in {seconds} s',
    retry: true,
  },
  'request.version_mismatch': {
    status: 412,
    zh: '订单已是第 {version} 版，请刷新后再试',
    en: 'The order is at version {version} now; reload and try again',
    retry: false,
  },
  'request.key_reused': {
    status: 422,
    zh: '这个 Idempotency-Key 已用于另一份内容',
    en: 'This Idempotency-Key was used with other content',
    retry: false,
  },
  'login.wrong': { status: 401, zh: '用户名或密码不对', en: 'Wrong name or password', retry: false },
  'person.login_taken': {
    status: 409,
    zh: '登录名 {login} 已有人使用',
    en: 'The login {login} is taken',
    retry: false,
  },
  'person.not_found': { status: 404, zh: '找不到这个人', en: 'There is no such person', retry: false },
  'intake.full': { status: 503, zh: '接收缓冲已满，请稍后重试', en: 'The intake buffer is full; try again shortly', retry: true },
  'intake.not_stored': {
    status: 503,
    zh: '不能确定是否已保存；请用相同内容重试，重复无害',
    en: 'It is not certain that this was stored; send the same again, repeats are harmless',
    retry: true,
  },
  'order.not_an_order': {
    status: 422,
    zh: '这不是一个订单：缺少能辨认它的字段，见 problems',
    en: 'This is no order: what identifies it is missing, see problems',
    retry: false,
  },
  'order.not_found': { status: 404, zh: '找不到这个订单', en: 'There is no such order', retry: false },
  'order.is_held': { status: 409, zh: '订单已挂起：{holds}', en: 'The order is held: {holds}', retry: false },
  'order.step_not_allowed': {
    status: 409,
    zh: '第 {lineId} 行处于「{from}」，不能变为「{to}」',
    en: 'Line {lineId} is {from} and cannot become {to}',
    retry: false,
  },
  'order.line_not_found': { status: 404, zh: '订单没有这一行：{lineId}', en: 'The order has no such line: {lineId}', retry: false },
  'order.no_status': {
    status: 409,
    zh: '订单还没有可用的内容，正等待明细或复核',
    en: 'The order has no usable content yet; it waits for its detail or a review',
    retry: false,
  },
  'order.not_paid': { status: 409, zh: '订单还没有付清，不能发货', en: 'The order is not fully paid; nothing may leave yet', retry: false },
  'order.nothing_to_ship': {
    status: 409,
    zh: '没有还未发出的商品；若要改运单号，请带上原来的包裹 id',
    en: 'No piece is left to ship; to correct a tracking number, send the id of its parcel',
    retry: false,
  },
  'order.too_many_pieces': {
    status: 409,
    zh: '第 {lineId} 行只剩 {left} 件未发出',
    en: 'Only {left} pieces of line {lineId} have not left',
    retry: false,
  },
  'order.tracking_number_known': {
    status: 409,
    zh: '运单号 {trackingNumber} 已属于本订单的包裹 {shipmentId}；请核对，或用那个 id 更正',
    en: 'Tracking number {trackingNumber} belongs to parcel {shipmentId} of this order; check it, or correct that parcel by its id',
    retry: false,
  },
  'order.too_many_corrections': {
    status: 409,
    zh: '包裹 {shipmentId} 已有 {limit} 个运单号，不能再改；请检查是哪个程序在反复修改',
    en: 'Parcel {shipmentId} has had {limit} tracking numbers already; look for the program that keeps changing it',
    retry: false,
  },
  'order.impossible_ship_time': {
    status: 409,
    zh: '发货时间不对：读到 {time}；应晚于下单，且不在未来',
    en: 'The parcel cannot have left then: read {time}; it must be later than the order was placed, and not in the future',
    retry: false,
  },
  'order.address_final': {
    status: 409,
    zh: '订单已{status}，不能再改地址',
    en: 'The order is {status}; its address can no longer change',
    retry: false,
  },
  'order.has_shipped': {
    status: 409,
    zh: '订单已有发货，不能取消；请走售后',
    en: 'Something has shipped; cancel is not possible, open an after-sale',
    retry: false,
  },
  'order.already_ended': { status: 409, zh: '订单已经结束', en: 'The order has already ended', retry: false },
  'order.erased': { status: 410, zh: '该订单的个人信息已删除', en: 'The personal data of this order was erased', retry: false },
  'order.forgotten': {
    status: 410,
    zh: '该订单早已结束，已过保存期（WEIR_KEEP_FACTS_DAYS），只留下它的编号',
    en: 'The order ended long ago and has passed its retention (WEIR_KEEP_FACTS_DAYS); only its identity is left',
    retry: false,
  },
  'order.still_open': {
    status: 409,
    zh: '订单还没有结束，删除个人信息后将无法送达；确实要删请带上 evenOpen',
    en: 'The order goes on and could not be delivered without its person; say evenOpen if it must be',
    retry: false,
  },
  'erase.other_count': {
    status: 409,
    zh: '现在有 {orders} 个订单，不是 {expected} 个：请重新查看数量',
    en: 'There are {orders} orders now, not {expected}: look at the number again',
    retry: false,
  },
  'hold.not_found': { status: 404, zh: '没有这个挂起：{holdId}', en: 'There is no such hold: {holdId}', retry: false },
  'hold.not_releasable': {
    status: 409,
    zh: '这类挂起（{kind}）不能在这里解除：复核请到“待人工复核”，其余（售后除外）由事实解除',
    en: 'This kind of hold ({kind}) does not end here: reviews end in the review list, others but after-sales by facts',
    retry: false,
  },
  ...CHANNEL_ERRORS,
  'review.not_found': { status: 404, zh: '找不到这条复核', en: 'There is no such review case', retry: false },
  'review.not_retriable': {
    status: 409,
    zh: '这条复核属于一个订单，不能重试；请放行、修正或驳回',
    en: 'This case belongs to an order and cannot be tried again; release, fix or reject it',
    retry: false,
  },
  'review.still_unrouted': {
    status: 409,
    zh: '重试后仍找不到对应的店铺或订单；请先接入店铺 {shop}，或驳回',
    en: 'It still names no order of a connected shop; connect shop {shop} first, or reject it',
    retry: false,
  },
  'review.closed': { status: 409, zh: '这条复核已结束：{state}', en: 'This review case is already closed: {state}', retry: false },
  'review.not_acceptable': {
    status: 409,
    zh: '有读不懂的值，不能原样放行；请修正或驳回',
    en: 'Some values cannot be read; fix or reject it, it cannot be released as it is',
    retry: false,
  },
  'review.still_wrong': {
    status: 422,
    zh: '修正后仍有问题，见 problems',
    en: 'After the fix there are still problems, see problems',
    retry: false,
  },
  'review.not_reopenable': {
    status: 409,
    zh: '只有被驳回、且没有更新的完整消息的复核才能恢复；它现在是 {state}',
    en: 'Only a rejected case that no newer whole message has overtaken can be taken back; this one is {state}',
    retry: false,
  },
  'review.nothing_to_fix': {
    status: 409,
    zh: '这些修正规则在这条消息里没有可改的地方',
    en: 'These recipes find nothing to change in this message',
    retry: false,
  },
  'review_run.not_found': { status: 404, zh: '找不到这个批量处理', en: 'There is no such bulk decision', retry: false },
  'review_run.nothing_chosen': {
    status: 409,
    zh: '没有符合条件的待复核消息：可能已经有人处理了',
    en: 'No open case fits: somebody may have decided them already',
    retry: false,
  },
  'review_run.too_many': {
    status: 409,
    zh: '一次最多处理 {limit} 条；请用渠道或店铺缩小范围',
    en: 'At most {limit} cases at once; choose by channel or shop',
    retry: false,
  },
  'review_run.more_fits': {
    status: 409,
    zh: '预览之后又有新的复核符合条件（现在 {cases} 条，预览时 {expected} 条）；一条也没有处理，请重新预览',
    en: 'More cases fit than were previewed ({cases} now, {expected} then); none was decided, preview again',
    retry: false,
  },
  'review_run.finished': {
    status: 409,
    zh: '这个批量处理已结束，不能再取消',
    en: 'This bulk decision has ended and cannot be cancelled',
    retry: false,
  },
  'review_run.not_undoable': {
    status: 409,
    zh: '只有批量驳回可以撤销；放行和修正的内容已经告知下游，请对订单另行操作',
    en: 'Only rejections can be undone; what was released or fixed has been told to others, act on those orders instead',
    retry: false,
  },
  'reveal.purpose_missing': {
    status: 422,
    zh: '请说明查看个人信息的用途',
    en: 'Say for which purpose you need the personal data',
    retry: false,
  },
  'reveal.quota': {
    status: 429,
    zh: '今天的查看次数已用完（{limit} 次）',
    en: "Today's number of reveals is used up ({limit})",
    retry: true,
  },
  'search.quota': {
    status: 429,
    zh: '24 小时内按电话查订单的次数已用完（{limit} 次）；请用订单号或运单号查，或稍后再试',
    en: 'The searches by phone of 24 hours are used up ({limit}); search by order or tracking number, or try again later',
    retry: true,
  },
  'endpoint.not_found': { status: 404, zh: '找不到这个订阅端点', en: 'There is no such endpoint', retry: false },
  'delivery.not_found': {
    status: 404,
    zh: '没有这次投递，或它已过保留期',
    en: 'There is no such delivery, or it is older than the log keeps',
    retry: false,
  },
  'replay.not_found': { status: 404, zh: '没有这次重放，或它已经结束', en: 'There is no such replay, or it has ended', retry: false },
  'replay.too_many_orders': {
    status: 422,
    zh: '一次重放最多 {most} 个订单：请缩小范围，分几次进行',
    en: 'One replay takes at most {most} orders: narrow it and replay in parts',
    retry: false,
  },
  'replay.too_wide': {
    status: 422,
    zh: '这个范围在 30 秒内找不完：请把时间缩短，分几次进行，或直接写订单号',
    en: 'The orders of this range cannot be found within 30 s: take a shorter time, in parts, or name the orders',
    retry: false,
  },
  'replay.too_many_running': {
    status: 409,
    zh: '这个端点已有 {most} 次重放在进行：请等其中一次结束，或取消一次',
    en: 'This endpoint has {most} replays running: wait for one of them, or cancel one',
    retry: true,
  },
  'endpoint.address_refused': {
    status: 422,
    zh: '不能推送到这个地址（{host}）：内网、本机、其他协议的端口和带用户名的网址都不接受；内网的接收方可用 WEIR_ALLOW_PRIVATE_ENDPOINTS 列出网段（测试时设 1），链路本地和云元数据地址始终不接受',
    en: 'Webhooks may not go to {host}: private and loopback addresses, ports of other protocols and addresses with a user name are refused; for a receiver inside name its networks in WEIR_ALLOW_PRIVATE_ENDPOINTS (1 for tests), link-local and metadata addresses stay refused',
    retry: false,
  },
  'dead_letter.not_found': {
    status: 404,
    zh: '没有这封死信，或它不能再试',
    en: 'There is no such dead letter, or it cannot be tried again',
    retry: false,
  },
  'import.not_found': { status: 404, zh: '找不到这次导入', en: 'There is no such import', retry: false },
  'outcome.not_found': { status: 404, zh: '还没有结果，或编号不对', en: 'There is no outcome yet, or the id is wrong', retry: true },
  'retention.other_time': {
    status: 409,
    zh: '系统时钟是 {clock}，与你给出的时间相差超过十分钟：请先校准时钟',
    en: "The machine's clock says {clock}, more than ten minutes from the time you gave: set the clock right first",
    retry: false,
  },
  'raw.expired': {
    status: 410,
    zh: '原文已过保存期，其 HMAC 为 {hmac}',
    en: 'The raw body has passed its retention; its HMAC is {hmac}',
    retry: false,
  },
  'server.fault': { status: 500, zh: '服务器出错，已记录（编号 {id}）', en: 'The server failed; it was logged as {id}', retry: true },
  'server.busy': {
    status: 503,
    zh: '数据库暂时不可用，请稍后重试',
    en: 'The database is not available right now; try again shortly',
    retry: true,
  },
  'server.full': {
    status: 503,
    zh: '正在接收的请求太多，暂无空间；请稍后重试',
    en: 'Too much is coming in at once and there is no room for more; try again shortly',
    retry: true,
  },
  'server.disk_full': {
    status: 503,
    zh: '数据库的磁盘已满，这一条没有保存；腾出空间后会自行恢复，届时请重试',
    en: "The database's disk is full and this was not stored; it recovers by itself when there is room: try again then",
    retry: true,
  },
  'server.stopping': { status: 503, zh: '服务器正在停止，请稍后重试', en: 'The server is stopping; try again shortly', retry: true },
} as const satisfies Record<string, ErrorEntry>;
export type ErrorCode = keyof typeof ERRORS;
export type ErrorParams = Readonly<Record<string, string | number>>;

export function sentence(code: ErrorCode, language: 'zh' | 'en', params: ErrorParams = {}): string {
  return ERRORS[code][language].replace(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? ''));
}

/** An RFC 9457 problem document. `detail` is the English sentence, `detailZh` the Chinese one. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail: string;
  readonly detailZh: string;
  readonly retry: boolean;
  readonly params?: ErrorParams;
  readonly problems?: readonly unknown[];
}

export function problemDocument(code: ErrorCode, params: ErrorParams = {}, problems?: readonly unknown[]): ProblemDocument {
  const { status, retry } = ERRORS[code];
  const base = {
    type: `https://weir.dev/errors/${code}`,
    title: code,
    status,
    code,
    detail: sentence(code, 'en', params),
    detailZh: sentence(code, 'zh', params),
    retry,
  };
  return { ...base, ...(Object.keys(params).length > 0 ? { params } : {}), ...(problems ? { problems } : {}) };
}
