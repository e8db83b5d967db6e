/** Words for the closed lists of states. The compiler sees to it that none is forgotten. */
import type { HoldKind, OrderStatus, PaymentState, RefundState, RefundStatus, Role } from '../statuses.ts';
import { word, type Word } from './word.ts';

export const STATUS_WORDS = {
  awaiting_payment: word('待付款', 'awaiting payment', '已下单，还没有付清', 'placed, not yet paid in full'),
  paid: word('已付款', 'paid', '已付清，还没有开始履约', 'paid in full, fulfillment has not begun'),
  allocated: word('已分配', 'allocated', '货已为它留出', 'goods are set aside for it'),
  picked: word('已拣货', 'picked', '货已从货架取下', 'goods are off the shelf'),
  packed: word('已打包', 'packed', '货已装箱，还在仓库', 'goods are boxed and still in the warehouse'),
  shipped: word('已出库', 'shipped', '货已交给快递公司', 'goods were handed to the carrier'),
  in_delivery: word('配送中', 'in delivery', '快递公司在途或派送', 'the carrier is on its way with it'),
  delivered: word('已签收', 'delivered', '收件人已收到', 'the receiver has it'),
  completed: word(
    '已完成',
    'completed',
    '渠道认为交易已结束；之后的退款不再改变它',
    'the channel says the deal is done; a later refund does not change it',
  ),
  cancelled: word('已取消', 'cancelled', '未付款就结束了', 'ended without having been paid'),
  closed: word('已关闭', 'closed', '付款后结束；退了多少看退款', 'ended after payment; the refund says what went back'),
} as const satisfies Record<OrderStatus, Word>;

export const PAYMENT_WORDS = {
  none: word('未付款', 'unpaid', '没有收到任何付款', 'nothing was paid'),
  deposit: word('已付定金', 'deposit paid', '付了一部分，少于应付', 'something was paid, less than what is payable'),
  full: word('已付清', 'fully paid', '付款不少于应付', 'at least what is payable was paid'),
} as const satisfies Record<PaymentState, Word>;

export const REFUND_STATE_WORDS = {
  none: word('无退款', 'no refund', '没有进行中或已完成的退款', 'no refund is open or done'),
  requested: word('退款申请中', 'refund requested', '有退款申请，还没有退出任何金额', 'a refund was asked for, nothing went back yet'),
  partial: word('部分退款', 'partly refunded', '退出的金额少于实付', 'less than what was paid went back'),
  full: word('已全额退款', 'fully refunded', '实付已全部退出', 'everything paid went back'),
} as const satisfies Record<RefundState, Word>;

export const REFUND_WORDS = {
  requested: word('已申请', 'requested', '买家申请了这笔退款', 'the buyer asked for this refund'),
  agreed: word('已同意', 'agreed', '卖家同意，钱还没有退', 'the seller agreed, the money has not gone back'),
  refused: word('已拒绝', 'refused', '卖家拒绝', 'the seller said no'),
  withdrawn: word('已撤回', 'withdrawn', '买家撤回', 'the buyer took it back'),
  done: word('已退款', 'refunded', '钱已退出', 'the money went back'),
} as const satisfies Record<RefundStatus, Word>;

export const HOLD_WORDS = {
  review: word(
    '待人工复核',
    'needs review',
    '有内容读得懂但不能接受，等人判断',
    'something was understood and may not be accepted: a person must judge',
  ),
  incomplete: word(
    '等待明细',
    'waiting for its detail',
    '只收到过部分消息，还没有完整订单',
    'only partial messages came so far, no whole order',
  ),
  person: word('人工挂起', 'held by a person', '有人要求先不要动', 'a person asked to leave it alone'),
  channel_risk: word('渠道风控', 'channel risk check', '渠道说暂不要发货', 'the channel says not to ship for now'),
  after_sale: word('售后中', 'after-sale', '退款未结，或取消与发货相遇', 'a refund is open, or a cancellation met a shipment'),
  deposit: word('仅付定金', 'deposit only', '只付了定金', 'only the deposit was paid'),
  rule: word('规则挂起', 'held by a rule', '一条规则或渠道的标记要求先不要动', 'a rule or a sign of the channel asks to leave it alone'),
} as const satisfies Record<HoldKind, Word>;

export const ROLE_WORDS = {
  admin: word('管理员', 'administrator', '令牌、店铺、一切操作', 'tokens, shops, everything'),
  operations: word('运营', 'operations', '处理订单、挂起与复核', 'works on orders, holds and reviews'),
  customer_service: word(
    '客服',
    'customer service',
    '查看订单；电话只见掩码，地址到区县',
    'sees orders; the phone masked, the address to the district',
  ),
  finance: word('财务', 'finance', '查看金额；可查看完整地址', 'sees the money; may open the full address'),
  warehouse: word('仓库', 'warehouse', '查看面单所需的信息', 'sees what a label needs'),
  owner: word('老板', 'owner', '只看汇总，不看任何个人的信息', 'sees totals, nothing of a single person'),
  integration: word(
    '系统集成',
    'integration',
    '写入订单的程序；不能查看个人信息',
    'a program that writes orders; it cannot open personal data',
  ),
} as const satisfies Record<Role, Word>;

/** What became of one message, as its sender reads it. */
export const RESULT_WORDS = {
  created: word('已创建', 'created', '订单第一次被接受', 'the order was accepted for the first time'),
  changed: word('已更新', 'changed', '带来了新内容', 'it brought something new'),
  unchanged: word('无变化', 'unchanged', '重复或过时，什么也没有改变', 'a repeat or old news: nothing changed'),
  needs_review: word('待人工复核', 'needs review', '已保存，等人判断', 'stored; a person must judge'),
  refused: word('已拒绝', 'refused', '不是订单或操作不被允许，什么也没有改变', 'no order, or a step that is not allowed; nothing changed'),
  later: word('稍后', 'later', '已保存，还没有处理；请按编号再问', 'stored and not worked yet; ask again by its id'),
} as const satisfies Record<string, Word>;

export const CASE_WORDS = {
  open: word('待处理', 'open', '等人判断', 'waits for a person'),
  released: word('已放行', 'released', '有人按原样接受', 'a person accepted it as it is'),
  fixed: word('已修正', 'fixed', '有人修正后接受', 'a person corrected and accepted it'),
  rejected: word('已驳回', 'rejected', '有人决定不用这条消息', 'a person dropped the message'),
  superseded: word('已被新消息取代', 'superseded by a newer message', '更新的完整消息已经取代它', 'a newer whole message took its place'),
  ended: word('订单已结束', 'the order has ended', '订单已取消或关闭', 'the order was cancelled or closed'),
  resolved: word('已自行解决', 'resolved by itself', '后来的事实消除了它', 'later facts made it go away'),
} as const satisfies Record<string, Word>;
