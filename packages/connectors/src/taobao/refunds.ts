/** One refund object, from refunds.receive.get or refund.get. */
import type { NeutralOrder, Problem } from '@weir/contract';
import { formatFen } from '@weir/core';
import { beijing, neededBeijing } from '../beijing.ts';
import { chinaTime } from '../china-time.ts';
import { Fields } from '../fields.ts';
import type { Json } from '../lossless-json.ts';
import { unmapped } from '../unmapped.ts';
import { neededYuan } from '../yuan.ts';

import { digits } from './ids.ts';
import { DISPUTES, REFUND_STATUS } from './status-tables.ts';

export type Refund = NonNullable<NeutralOrder['refunds']>[number];

export interface TradeRefund {
  readonly id: string;
  readonly tid: string;
  readonly oid: string;
  readonly statusCode: string;
  readonly status: Refund['status'];
  readonly moves: 'money' | 'goods';
  /** Asked for after the trade was finished. */
  readonly isAfterSale: boolean;
  readonly fen: number;
  /** Seconds since 1970. */
  readonly askedAt: number;
  readonly changedAt: number;
}
export type ReadRefund =
  | { readonly ok: true; readonly refund: TradeRefund }
  /** `tid`: whose review case this is, null when that could not be read either. */
  | { readonly ok: false; readonly tid: string | null; readonly problems: readonly Problem[] };

/** What tells a refund from a trade, which has a tid too. */
export const isRefund = (value: Json): boolean => new Fields(value).has('refund_id');

export function readRefund(value: Json, pointer = ''): ReadRefund {
  const from = new Fields(value, pointer);
  const [id, tid, oid] = [digits(from, 'refund_id'), digits(from, 'tid'), digits(from, 'oid')];
  const [statusCode, dispute] = [from.code('status') ?? '', from.code('dispute_type')];
  const [status, moves] = [REFUND_STATUS.get(statusCode), dispute === undefined ? 'money' : DISPUTES.get(dispute)];
  if (status === undefined) unmapped(from, 'status', REFUND_STATUS.keys());
  if (moves === undefined) unmapped(from, 'dispute_type', DISPUTES.keys());
  const [fen, changedAt] = [neededYuan(from, 'refund_fee'), neededBeijing(from, 'modified')];
  const askedAt = beijing(from, 'created') ?? changedAt;
  if (
    from.problems.length > 0 ||
    id === undefined ||
    tid === undefined ||
    oid === undefined ||
    status === undefined ||
    moves === undefined ||
    fen === undefined ||
    changedAt === undefined ||
    askedAt === undefined
  )
    return { ok: false, tid: tid ?? null, problems: from.problems };
  const isAfterSale = from.text('refund_phase') === 'aftersale';
  return { ok: true, refund: { id, tid, oid, statusCode, status, moves, isAfterSale, fen, askedAt, changedAt } };
}

/** As a refund of ours, or null when no money moves. */
export function toRefund({ id, oid, status, moves, fen, changedAt }: TradeRefund, knowsLine: (oid: string) => boolean): Refund | null {
  if (moves !== 'money') return null;
  return { id, ...(knowsLine(oid) ? { lineId: oid } : {}), amount: formatFen(fen), status, at: chinaTime(changedAt) };
}
