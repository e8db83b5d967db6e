/** What stands at the platform of a trade that we tell of: its state, its lines, its parcels. */
import { sameNumber } from '@weir/core';
import type { Ask, Asked, Failure } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { strangeAnswer } from '../no-answer.ts';
import { refundsOfTrade } from './fetch-detail.ts';
import { isPaidBack, type KnownRefunds } from './paid-back.ts';
import { tradeDetail } from './requests.ts';
import { parcelsOfTrade } from './shipping.ts';
import { REFUND_STATUS, TRADE_STATUS } from './status-tables.ts';

export interface StandingLine {
  readonly oid: string;
  readonly quantity: number;
  readonly status: string;
  readonly refundStatus: string;
  /** As far as is known, all that it cost has gone back. */
  readonly isPaidBack: boolean;
}
export interface StandingParcel {
  readonly trackingNumber: string;
  /** Lines of which it holds pieces; none: the whole trade. */
  readonly oids: readonly string[];
  /** As the platform writes it: a name, or a code. */
  readonly company?: string;
}
export interface Standing {
  readonly status: string;
  readonly lines: readonly StandingLine[];
  readonly parcels: readonly StandingParcel[];
  /** False: something has left, and the list of parcels may not be read. */
  readonly isListed: boolean;
  /** It left in more than one go, be it under one number: what is said of a parcel is said of its lines. */
  readonly isSplit: boolean;
}
type Looked = { readonly ok: true; readonly standing: Standing } | { readonly ok: false; readonly failure: Failure };

/** A line names only one of its parcels, so the list of parcels is read too once anything has left. Without the right to read it, the lines have to do. */
export async function look(ask: Ask, tid: string): Promise<Looked> {
  const answer = await ask(tradeDetail(tid));
  if (!answer.ok) return answer;
  const trade = new Fields(answer.data).child('trade');
  const orders = trade.child('orders').each('order');
  if (trade.text('tid') !== tid || orders.length === 0) return strangeAnswer(answer);
  const named = orders.flatMap((order) => parcel(order, ['invoice_no', 'logistics_company'], [order.text('oid') ?? '']));
  const listed = named.length === 0 && !hasLeftInPart(trade) ? NOTHING_LEFT : await listParcels(ask, tid);
  if (!listed.ok) return listed;
  const refunds = orders.some(mayBePaidBack) ? await refundsOfTrade(ask, tid, trade) : NO_REFUNDS;
  if (!refunds.ok) return refunds;
  const lines = orders.map((order) => ({
    oid: order.text('oid') ?? '',
    quantity: Number(order.text('num') ?? 0),
    status: order.text('status') ?? '',
    refundStatus: order.text('refund_status') ?? '',
    isPaidBack: isPaidBack(trade, order, refunds.value),
  }));
  const parcels = merged([...listed.parcels, ...named]);
  return { ok: true, standing: { status: trade.text('status') ?? '', lines, parcels, isListed: listed.isListed, isSplit: listed.isSplit } };
}

/** Whether a line that left in part names its parcel is not told anywhere. */
const hasLeftInPart = (trade: Fields): boolean => trade.text('status') === 'SELLER_CONSIGNED_PART' || trade.at('is_part_consign') === true;

const mayBePaidBack = (order: Fields): boolean =>
  TRADE_STATUS.get(order.text('status') ?? '') === 'paid' && REFUND_STATUS.get(order.text('refund_status') ?? '') === 'done';
const NO_REFUNDS: Asked<KnownRefunds> = { ok: true, value: { refunds: [], areAll: false } };

function parcel(from: Fields, [number, name]: readonly [string, string], oids: readonly string[]): StandingParcel[] {
  const [trackingNumber, company] = [from.text(number), from.text(name)];
  return trackingNumber === undefined ? [] : [{ trackingNumber, oids, ...(company === undefined ? {} : { company }) }];
}

type List =
  | ({ readonly ok: true; readonly parcels: readonly StandingParcel[] } & Pick<Standing, 'isListed' | 'isSplit'>)
  | { readonly ok: false; readonly failure: Failure };
const NOTHING_LEFT: List = { ok: true, parcels: [], isListed: true, isSplit: false };

async function listParcels(ask: Ask, tid: string): Promise<List> {
  const answer = await ask(parcelsOfTrade(tid));
  if (!answer.ok) return answer.failure.class === 'do_not' ? { ok: true, parcels: [], isListed: false, isSplit: false } : answer;
  const found = new Fields(answer.data).child('shippings').each('shipping');
  const isSplit = found.length > 1 || found.some((each) => each.text('is_spilt') === '1');
  return {
    ok: true,
    isListed: true,
    isSplit,
    parcels: found.flatMap((each) => parcel(each, ['out_sid', 'company_name'], subTidsOf(each))),
  };
}

/** A list of numbers, wrapped twice as every list. */
function subTidsOf(shipping: Fields): string[] {
  const numbers = shipping.child('sub_tids').at('number');
  return Array.isArray(numbers) ? (numbers as readonly unknown[]).filter((each) => typeof each === 'string') : [];
}

function merged(parcels: readonly StandingParcel[]): StandingParcel[] {
  const found: StandingParcel[] = [];
  for (const each of parcels) {
    const at = found.findIndex(({ trackingNumber }) => sameNumber(trackingNumber, each.trackingNumber));
    const known = found[at];
    if (known === undefined) found.push(each);
    else found[at] = { ...each, ...known, oids: [...new Set([...known.oids, ...each.oids])] };
  }
  return found;
}

export const holds = ({ parcels }: Standing, trackingNumber: string): StandingParcel | undefined =>
  parcels.find((each) => sameNumber(each.trackingNumber, trackingNumber));
