/**
 * The messages that Pinduoduo sends, and what each is about. Content of most is not documented anywhere that we know of: they are hints. Source: our protocol
 * notes, and the lists of topics in three public projects; read 2026-11-25. A topic that is not here is an unmapped code.
 */
export type Topic =
  /** Go and look. */
  | { readonly about: 'order' | 'after_sale'; readonly proves: 'nothing' }
  /** A refund was asked for: its number, amount and time stand in the message. */
  | { readonly about: 'after_sale'; readonly proves: 'requested' }
  /** Names no order of ours: goods, the chat. */
  | { readonly about: 'something_else' };

const look = (about: 'order' | 'after_sale'): Topic => ({ about, proves: 'nothing' });
export const TOPICS: ReadonlyMap<string, Topic> = new Map([
  ['pdd_trade_TradeConfirmed', look('order')],
  ['pdd_trade_TradeSellerShip', look('order')],
  ['pdd_trade_TradeSuccess', look('order')],
  ['pdd_trade_TradeRiskChanged', look('order')],
  ['pdd_trade_TradeLogisticsAddressChanged', look('order')],
  ['pdd_trade_TradeMemoModified', look('order')],
  ['pdd_trade_BuyerMemoModified', look('order')],
  ['pdd_refund_RefundCreated', { about: 'after_sale', proves: 'requested' }],
  ['pdd_refund_RefundAgreeAgreement', look('after_sale')],
  ['pdd_refund_RefundBuyerModifyAgreement', look('after_sale')],
  ['pdd_refund_RefundBuyerReturnGoods', look('after_sale')],
  ['pdd_refund_RefundCreateMessage', look('after_sale')],
  ['pdd_refund_RefundClosed', look('after_sale')],
  ['pdd_chat_OrderPromise', { about: 'something_else' }],
]);
/** Topics that begin so are about goods, whatever they are. */
const GOODS = 'pdd_goods_';

export const topicOf = (type: string): Topic | undefined => (type.startsWith(GOODS) ? { about: 'something_else' } : TOPICS.get(type));
