/** Words for the closed list of event types. Outside they are called `weir.<type>`. */
import type { EventType, SNAPSHOT_TYPE } from '../statuses.ts';
import { word, type Word } from './word.ts';

export const EVENT_WORDS = {
  'order.created': word('订单建立', 'created', '第一次听说这个订单', 'the order was heard of for the first time'),
  'order.released': word(
    '解除挂起',
    'released',
    '一个或几个挂起结束；带 fromVersion 时，从那一版起补发',
    'holds ended; with fromVersion, what was withheld goes out from there',
  ),
  'order.held': word('挂起', 'held', '多了一个或几个挂起', 'one or more holds came'),
  'order.address_changed': word(
    '地址变更',
    'address changed',
    '收件人、电话或地址变了，addressVersion 加一',
    'name, phone or address of the receiver changed; addressVersion grew by one',
  ),
  'order.changed': word(
    '内容变更',
    'content changed',
    '商品行、价格、时间、备注等变了；detail.fields 列出名称',
    'lines, prices, times, remark … changed; detail.fields names them',
  ),
  'order.paid': word('已付款', 'paid', '第一次达到「已付款」', 'reached paid for the first time'),
  'order.payment_changed': word('付款变化', 'payment changed', '实付金额或付款记录变了', 'the amount paid or the list of payments changed'),
  'order.status_changed': word(
    '状态变化',
    'status changed',
    '订单状态、某行的状态或进度变了',
    'the status of the order or of a line, or the progress, changed',
  ),
  'order.shipped': word('已出库', 'shipped', '全部商品行第一次达到「已出库」', 'every live line reached shipped for the first time'),
  'order.delivered': word('已签收', 'delivered', '全部商品行第一次达到「已签收」', 'every live line reached delivered for the first time'),
  'order.completed': word('已完成', 'completed', '第一次达到「已完成」', 'reached completed for the first time'),
  'order.refund_changed': word(
    '退款变化',
    'refund changed',
    '退款金额或退款记录变了',
    'the amount refunded or the list of refunds changed',
  ),
  'order.cancelled': word('已取消', 'cancelled', '未付款的订单结束', 'an unpaid order ended'),
  'order.closed': word('已关闭', 'closed', '付过款的订单结束', 'a paid order ended'),
  'order.erased': word('个人信息已删除', 'personal data erased', '该订单的个人信息不再存在', 'the personal data of the order is gone'),
  'order.restored': word(
    '恢复后重述',
    'told again after a restore',
    '系统从备份恢复后重新告知的订单现状',
    'the state of the order as it stands after the house was restored from a backup',
  ),
  'order.snapshot': word(
    '快照',
    'snapshot',
    '应请求再送一次的当前版本；从不保存',
    'the present version, sent once more on request; never stored',
  ),
} as const satisfies Record<EventType | typeof SNAPSHOT_TYPE, Word>;
