/**
 * Topics of the message service: what each is about, and what it proves. A message names a trade and hardly tells of it: nearly all are hints, after which the trade is read
 * again. Source: message pages of the open platform as our protocol notes hold them (two sources), read 2026-11-25. A topic that is not here is an unmapped code.
 */
import type { RefundStatus } from '@weir/contract';

export type Topic =
  /** Proves nothing of it: the trade is read again. */
  | { readonly about: 'trade' }
  /** `refund`: how far the refund of this message has come; null where the message does not say so. */
  | { readonly about: 'refund'; readonly refund: RefundStatus | null };

const look: Topic = { about: 'trade' };
const refund = (status: RefundStatus | null): Topic => ({ about: 'refund', refund: status });

export const TOPICS: ReadonlyMap<string, Topic> = new Map([
  ['taobao_trade_TradeCreate', look],
  ['taobao_trade_TradeModifyFee', look],
  ['taobao_trade_TradeCloseAndModifyDetailOrder', look],
  ['taobao_trade_TradeClose', look], // of a line or of all: it does not say, and a wrong end would stop a living order
  // Money came, and whether goods may leave it does not say: a trade that is paid and forbidden to ship has the same message.
  ['taobao_trade_TradeBuyerPay', look],
  ['taobao_trade_TradeBuyerStepPay', look], // of which step, it does not say
  ['taobao_trade_TradeSellerShip', look],
  ['taobao_trade_TradePartlySellerShip', look],
  ['taobao_trade_TradeDelayConfirmPay', look],
  ['taobao_trade_TradePartlyRefund', look],
  ['taobao_trade_TradePartlyConfirmPay', look],
  ['taobao_trade_TradeSuccess', look],
  ['taobao_trade_TradeTimeoutRemind', look],
  ['taobao_trade_TradeRated', look],
  ['taobao_trade_TradeMemoModified', look],
  ['taobao_trade_TradeLogisticsAddressChanged', look],
  ['taobao_trade_TradeChanged', look], // changes of address have come under this name too
  ['taobao_trade_TradeAlipayCreate', look],
  ['taobao_refund_RefundCreated', refund('requested')],
  ['taobao_refund_RefundBuyerModifyAgreement', refund('requested')],
  ['taobao_refund_RefundSellerAgreeAgreement', refund('agreed')],
  ['taobao_refund_RefundBuyerReturnGoods', refund('agreed')],
  ['taobao_refund_RefundSellerRefuseAgreement', refund('refused')],
  ['taobao_refund_RefundClosed', refund('withdrawn')],
  ['taobao_refund_RefundSuccess', refund('done')],
  ['taobao_refund_RefundCreateMessage', refund(null)],
  ['taobao_refund_RefundBlockMessage', refund(null)],
  ['taobao_refund_RefundTimeoutRemind', refund(null)],
]);

/** bill_type of a refund that gives money back; an exchange is told by another, and would stay an open refund for ever. Source: sample of our notes, general knowledge. */
export const MONEY_BILLS: ReadonlySet<string> = new Set(['refund_bill', 'return_bill']);
