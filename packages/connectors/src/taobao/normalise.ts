/** A trade of fullinfo or of a list → our neutral order: whole, or `partial` with what is still wanted. */
import type { NeutralIdentity, NeutralMessage, NeutralOrder, PartialOrder } from '@weir/contract';
import { fenOf, formatFen, sumOf } from '@weir/core';
import type { Want } from '../adapter.ts';
import { beijing, neededBeijing } from '../beijing.ts';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import type { Normalised } from '../normalised.ts';
import { neededYuan, yuan } from '../yuan.ts';
import { isUntold } from './agreement.ts';
import { discountsOf, unpaidFor } from './discounts.ts';
import { signsOf, tradeSigns } from './do-not-ship.ts';
import { CHANNEL, digits } from './ids.ts';
import { type Line, linesOf, ordersOf, statusOf } from './lines.ts';
import { type About, type Paid, paidOf } from './payments.ts';
import { receiverOf } from './receiver.ts';
import { type Refund, toRefund, type TradeRefund } from './refunds.ts';
import { shipmentsOf } from './shipments.ts';

export interface TradeContext {
  /** The seller whose token fetched it: no answer names its shop by number. */
  readonly shop: string;
  readonly source: 'list' | 'detail';
  /** The refunds of this trade, read *before* the trade, so that the trade is at least as new. */
  readonly refunds?: readonly TradeRefund[];
  /** They are all of this trade; false: perhaps only the newest of each line. */
  readonly areAllRefunds?: boolean;
  /** Where the trade stands in its answer, for problems. */
  readonly pointer?: string;
}

export function normaliseTrade(value: Json, context: TradeContext): Normalised {
  const trade = new Fields(value, context.pointer ?? '');
  const tid = digits(trade, 'tid');
  const identity = tid === undefined ? null : { channel: CHANNEL, shop: context.shop, channelOrderId: tid };
  const head = tid === undefined ? null : headOf(trade, tid, context.refunds ?? []);
  const read = identity && head && (context.source === 'list' ? rowOf(trade, identity, head) : wholeOf(trade, identity, head, context));
  if (read === null || trade.problems.length > 0) return { ok: false, identity, problems: trade.problems };
  return { ok: true, ...read };
}

interface Head extends About {
  readonly changedAt: number;
}
/** What a row and a detail both tell; null when something of it cannot be read. */
function headOf(trade: Fields, tid: string, refunds: readonly TradeRefund[]): Head | null {
  const [placedAt, payable, status] = [neededBeijing(trade, 'created'), neededYuan(trade, 'payment'), statusOf(trade)];
  const modified = beijing(trade, 'modified');
  if (placedAt === undefined || payable === undefined || status === undefined) return null;
  const changedAt = Math.max(modified ?? placedAt, ...refunds.map((refund) => refund.changedAt));
  return { tid, payable, status, placedAt, paidAt: beijing(trade, 'pay_time'), changedAt };
}

type Told = Pick<NeutralOrder, 'status' | 'placedAt' | 'payable' | 'modifiedAt' | 'paidAt' | 'shippedAt' | 'completedAt'>;
const toldPaid = ({ fen, payments }: Paid): Pick<NeutralOrder, 'paid' | 'payments'> => ({ paid: formatFen(fen), payments: [...payments] });

function toldOf(trade: Fields, head: Head): Told {
  const { status, placedAt, paidAt, payable, changedAt } = head;
  const shippedAt = status === 'shipped' || status === 'delivered' || status === 'completed' ? beijing(trade, 'consign_time') : undefined;
  const completedAt = status === 'completed' ? beijing(trade, 'end_time') : undefined;
  return {
    status,
    placedAt: chinaTime(placedAt),
    modifiedAt: chinaTime(changedAt),
    payable: formatFen(payable),
    ...(paidAt !== undefined && status !== 'awaiting_payment' ? { paidAt: chinaTime(paidAt) } : {}),
    ...(shippedAt === undefined ? {} : { shippedAt: chinaTime(shippedAt) }),
    ...(completedAt === undefined ? {} : { completedAt: chinaTime(completedAt) }),
  };
}

interface Read {
  readonly message: NeutralMessage;
  readonly wants: readonly Want[];
}

/** A row knows no lines. Signs are told only where it shows one: an empty list would say that no line has any. */
function rowOf(trade: Fields, identity: NeutralIdentity, head: Head): Read {
  const [signs, paid] = [tradeSigns(trade, head), paidOf(trade, head)];
  const message: PartialOrder = {
    schema: 1,
    ...identity,
    ...toldOf(trade, head),
    ...(paid && toldPaid(paid)),
    ...(signs.length === 0 ? {} : { doNotShip: signs }),
    partial: true,
  };
  return { message, wants: ['after_sales', 'detail'] };
}

function wholeOf(trade: Fields, identity: NeutralIdentity, head: Head, { refunds = [], areAllRefunds = false }: TradeContext): Read | null {
  const postage = yuan(trade, 'post_fee') ?? 0;
  const grossOf = (lines: readonly Line[]): number | null => sumOf([...lines], [], formatFen(postage));
  const lines = [...unpaidFor(trade, linesOf(trade), (each) => (grossOf(each) ?? 0) - head.payable)];
  const gross = grossOf(lines);
  if (gross === null) trade.complain('orders', 'amount.too_large', `≤ ${formatFen(Number.MAX_SAFE_INTEGER)}`);
  const paid = paidOf(trade, head);
  if (paid === null) trade.complain('step_paid_fee', 'field.missing', 'the deposit in yuan', '以元为单位的定金');
  const told = {
    schema: 1 as const,
    ...identity,
    ...toldOf(trade, head),
    ...toldPaid(paid ?? { fen: 0, payments: [] }),
    lines,
    discounts: discountsOf(trade, head.tid, (gross ?? 0) - head.payable),
    shippingFee: formatFen(postage),
    shipments: shipmentsOf(trade, lines, head.changedAt),
    doNotShip: signsOf(trade, head, { refunds, areAll: areAllRefunds }),
    ...people(trade),
  };
  const known = refundsOf(trade, lines, head, refunds);
  if (trade.problems.length > 0) return null;
  const done = known.filter(({ status }) => status === 'done').reduce((sum, { amount }) => sum + fenOf(amount), 0);
  return { message: { ...told, refunds: known, refunded: formatFen(done) }, wants: [] };
}

const MAX_REMARK = 2_000;
const MAX_BUYER_ID = 128;
/** The buyer's words are the remark; the seller's memo is ours to write and would echo here. */
function people(trade: Fields): Pick<NeutralOrder, 'buyer' | 'receiver' | 'remark'> {
  const buyerId = trade.text('buyer_open_uid');
  const receiver = receiverOf(trade);
  const remark = trade.text('buyer_message')?.slice(0, MAX_REMARK).toWellFormed();
  return {
    ...(buyerId !== undefined && buyerId.length <= MAX_BUYER_ID ? { buyer: { channelBuyerId: buyerId } } : {}),
    ...(receiver === undefined ? {} : { receiver }),
    ...(remark === undefined ? {} : { remark }),
  };
}

/**
 * The refunds of the trade. They were read until they agreed with the lines; where they still do not, the line waits by its sign. A refund must be known all the same, and
 * of money that went back how much it was: else the answer would say "nothing was refunded", so a person looks.
 */
function refundsOf(trade: Fields, lines: readonly Line[], head: Head, refunds: readonly TradeRefund[]): Refund[] {
  for (const order of ordersOf(trade))
    if (isUntold(order, refunds)) order.complain('refund_status', 'field.not_allowed', 'a refund that says the same', '与之一致的退款');
  const knowsLine = (oid: string): boolean => lines.some(({ lineId }) => lineId === oid);
  const known = refunds.flatMap((refund) => toRefund(refund, knowsLine) ?? []);
  return [...known, ...postageBack(trade, head, known)];
}

/**
 * Postage that went back, in fen where all else is yuan. It has no time of its own: that of the payment stands there, so that it never moves. refund_fee is all that the
 * buyer gets back: beside a refund that is done the postage lies in that one, and is no refund of its own, also where it was told as one before.
 */
function postageBack(trade: Fields, { tid, placedAt, paidAt }: Head, known: readonly Refund[]): Refund[] {
  const fen = trade.has('refund_post_fee') ? trade.amount('refund_post_fee') : undefined;
  if (fen === undefined || fen === 0) return [];
  const status = known.some((refund) => refund.status === 'done') ? 'withdrawn' : 'done';
  return [{ id: `${tid}-post`, amount: formatFen(fen), status, at: chinaTime(paidAt ?? placedAt) }];
}
