/** One after-sale case, from any of the places that tell of it: afterSale.List, afterSale.Detail, a push. */
import type { NeutralOrder, Problem } from '@weir/contract';
import { formatFen } from '@weir/core';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import {
  AFTER_SALE_STATUS,
  AFTER_SALE_TYPE,
  type AfterSaleKind,
  type AfterSaleState,
  ARBITRATION_OPEN,
  MONEY_IS_BACK,
} from './after-sale-tables.ts';
import { orderId } from './ids.ts';
import { unmapped } from '../unmapped.ts';

export type Refund = NonNullable<NeutralOrder['refunds']>[number];

export interface AfterSale {
  readonly id: string;
  readonly shopOrderId: string;
  /** Absent when the case is about the whole shop order. */
  readonly lineId?: string;
  readonly kind: AfterSaleKind;
  readonly state: Exclude<AfterSaleState, 'by_refund'>;
  readonly statusCode: string;
  readonly amountFen: number;
  /** When it last changed, and when it was asked for. Seconds since 1970. */
  readonly changedAt: number;
  readonly appliedAt: number;
}
export type ReadAfterSale =
  | { readonly ok: true; readonly afterSale: AfterSale }
  /** `shopOrderId`: whose review case this is, null when that could not be read either. */
  | { readonly ok: false; readonly shopOrderId: string | null; readonly problems: readonly Problem[] };

/** The two answers and the push call the same things by different names. */
interface Names {
  readonly id: string;
  readonly status: string;
  readonly type: string;
  /** With postage: refund_amount of the list is the same figure as refund_total_amount of the detail (platform answer 93/7259). */
  readonly amount: string;
}
const LIST_NAMES: Names = { id: 'aftersale_id', status: 'aftersale_status', type: 'aftersale_type', amount: 'refund_amount' };
const DETAIL_NAMES: Names = { id: 'after_sale_id', status: 'after_sale_status', type: 'after_sale_type', amount: 'refund_total_amount' };

/** The cases of one line: its own, and those of the whole order. */
export const casesOf = (afterSales: readonly AfterSale[], lineId: string): AfterSale[] =>
  afterSales.filter((each) => each.lineId === undefined || each.lineId === lineId);

/** One item of afterSale.List. */
export function readListed(item: Json, pointer = ''): ReadAfterSale {
  const whole = new Fields(item, pointer);
  const order = whole.child('order_info');
  const info = whole.child('aftersale_info');
  const isOfLine = info.text('aftersale_order_type') === '1';
  const shopOrderId = orderId(order, 'shop_order_id');
  const lineId = isOfLine ? orderId(info, 'related_id') : undefined;
  return read(info, LIST_NAMES, shopOrderId, lineId, info.text('arbitrate_status'));
}

/** The data of afterSale.Detail. Its first related line names the line; a case over several lines is about the order. */
export function readDetailed(data: Json): ReadAfterSale {
  const whole = new Fields(data, '/data');
  const order = whole.child('order_info');
  const lines = order.each('sku_order_infos');
  const line = lines.length === 1 && lines[0] ? orderId(lines[0], 'sku_order_id') : undefined;
  const process = whole.child('process_info');
  const arbitration = process.child('arbitrate_info').text('arbitrate_status');
  return read(process.child('after_sale_info'), DETAIL_NAMES, orderId(order, 'shop_order_id'), line, arbitration);
}

function read(
  info: Fields,
  names: Names,
  shopOrderId: string | undefined,
  lineId: string | undefined,
  arbitration: string | undefined,
): ReadAfterSale {
  const id = afterSaleId(info, names.id);
  const kind = kindOf(info, names.type);
  const state = kind && stateOf(info, names.status, kind, arbitration);
  const amountFen = info.amount(names.amount);
  const changedAt = info.seconds('update_time');
  if (changedAt === undefined) info.complain('update_time', 'field.missing', 'seconds since 1970', '1970 年以来的秒数');
  const appliedAt = info.seconds('apply_time') ?? changedAt;
  if (
    info.problems.length > 0 ||
    id === undefined ||
    shopOrderId === undefined ||
    kind === undefined ||
    state === undefined ||
    amountFen === undefined ||
    changedAt === undefined ||
    appliedAt === undefined
  )
    return { ok: false, shopOrderId: shopOrderId ?? null, problems: info.problems };
  const statusCode = info.text(names.status) ?? '';
  return {
    ok: true,
    afterSale: { id, shopOrderId, ...(lineId === undefined ? {} : { lineId }), kind, state, statusCode, amountFen, changedAt, appliedAt },
  };
}

export function afterSaleId(info: Fields, name: string): string | undefined {
  const id = info.id(name);
  if (id === undefined || /^\d+$/.test(id)) return id;
  info.complain(name, 'field.not_allowed', 'the digits of an after-sale id', '售后单号的数字');
  return undefined;
}

export function kindOf(info: Fields, name: string): AfterSaleKind | undefined {
  const kind = AFTER_SALE_TYPE.get(info.code(name) ?? '');
  if (kind === undefined) unmapped(info, name, AFTER_SALE_TYPE.keys());
  return kind;
}

/** The state, with what refund_status and the arbitration add to it; undefined, and a problem, for an unmapped code. */
export function stateOf(info: Fields, name: string, kind: AfterSaleKind, arbitration?: string): AfterSale['state'] | undefined {
  const told = AFTER_SALE_STATUS.get(info.code(name) ?? '');
  if (told === undefined) {
    unmapped(info, name, AFTER_SALE_STATUS.keys());
    return undefined;
  }
  if (told === 'refused' && ARBITRATION_OPEN.has(arbitration ?? '')) return 'requested';
  const isBack = info.text('refund_status') === MONEY_IS_BACK;
  if (told === 'by_refund') return isBack ? 'done' : 'none';
  if (told === 'done' && kind.moves === 'money_if_back') return isBack ? 'done' : 'none';
  const isOnItsWay = told === 'done' && kind.moves === 'money' && info.has('refund_status') && !isBack; // 待退款, 退款中, 退款失败
  return isOnItsWay ? 'agreed' : told;
}

/**
 * The case as a refund of ours, or null when no money moves. An open price guarantee is left out until it is paid: an open refund holds its
 * line in Weir, and this one stops no parcel.
 */
export function toRefund(afterSale: AfterSale, knowsLine: (lineId: string) => boolean): Refund | null {
  const { kind, state } = afterSale;
  const onlyOnceBack = kind.moves === 'money_if_back' || !kind.stopsShipping;
  if (kind.moves === 'goods' || state === 'none' || (onlyOnceBack && state !== 'done')) return null;
  const { id, lineId, amountFen, changedAt } = afterSale;
  const named = lineId !== undefined && knowsLine(lineId) ? { lineId } : {};
  return { id, ...named, amount: formatFen(amountFen), status: state, at: chinaTime(changedAt) };
}
