/** One after-sale case, as pdd.refund.list.increment.get or pdd.refund.information.get tells it. */
import type { NeutralOrder, Problem } from '@weir/contract';
import { formatFen } from '@weir/core';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { neededYuan } from '../yuan.ts';
import { AFTER_SALE_STATUS, type AfterSaleKind, type AfterSaleState, DETAIL_TYPES, LIST_TYPES } from './after-sale-tables.ts';
import { orderSn } from './ids.ts';
import { meaning, secondsAt } from './reading.ts';

export type Refund = NonNullable<NeutralOrder['refunds']>[number];

export interface AfterSale {
  readonly id: string;
  readonly orderId: string;
  readonly kind: AfterSaleKind;
  readonly state: AfterSaleState;
  readonly statusCode: string;
  readonly amountFen: number;
  /** Of an exchange that costs more or less: fen already, the only amount of these answers that is. */
  readonly exchangePriceFen?: number;
  /** Seconds since 1970. */
  readonly changedAt: number;
  readonly appliedAt: number;
}
export type ReadAfterSale =
  | { readonly ok: true; readonly afterSale: AfterSale }
  | { readonly ok: false; readonly orderId: string | null; readonly problems: readonly Problem[] };

export const readListed = (item: Json, pointer = ''): ReadAfterSale => read(new Fields(item, pointer), LIST_TYPES);
export const readDetailed = (item: Json, pointer = ''): ReadAfterSale => read(new Fields(item, pointer), DETAIL_TYPES);

function read(item: Fields, types: ReadonlyMap<string, AfterSaleKind>): ReadAfterSale {
  const orderId = orderSn(item, 'order_sn');
  const id = caseId(item, 'id');
  const kind = meaning(item, 'after_sales_type', types);
  const state = meaning(item, 'after_sales_status', AFTER_SALE_STATUS);
  const amountFen = neededYuan(item, 'refund_amount');
  const changedAt = secondsAt(item, 'updated_time');
  if (changedAt === undefined) item.complain('updated_time', 'field.missing', 'Beijing time', '北京时间');
  const appliedAt = secondsAt(item, 'created_time') ?? changedAt;
  const exchangePriceFen = item.has('exchange_goods_price') ? item.amount('exchange_goods_price') : undefined;
  if (
    item.problems.length > 0 ||
    orderId === undefined ||
    id === undefined ||
    kind === undefined ||
    state === undefined ||
    amountFen === undefined ||
    changedAt === undefined ||
    appliedAt === undefined
  )
    return { ok: false, orderId: orderId ?? null, problems: item.problems };
  const statusCode = item.text('after_sales_status') ?? '';
  const exchange = exchangePriceFen === undefined ? {} : { exchangePriceFen };
  return { ok: true, afterSale: { id, orderId, kind, state, statusCode, amountFen, ...exchange, changedAt, appliedAt } };
}

export function caseId(from: Fields, name: string): string | undefined {
  const id = from.id(name);
  if (id === undefined || /^\d+$/.test(id)) return id;
  from.complain(name, 'field.not_allowed', 'the digits of an after-sale id', '售后单号的数字');
  return undefined;
}

/** The case as a refund of ours, or null when no money moves. It is about the whole order: Pinduoduo knows no lines. */
export const toRefund = ({ id, kind, state, amountFen, changedAt }: AfterSale): Refund | null =>
  kind === 'money' && state !== 'none' ? { id, amount: formatFen(amountFen), status: state, at: chinaTime(changedAt) } : null;
