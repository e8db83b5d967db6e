/** All SQL that stores what a batch did to orders: steps of the batch's one transaction. New rows are copied, known ones updated. */
import { arrayOf, copyRows, type Step } from '#platform';
import type { EventRow } from '#intake';
import { fenOf, parseInstant } from '@weir/core';
import type { Order } from './order.ts';

type Stored = Order & { readonly factsText: string };
const some = <T>(rows: readonly T[], step: (rows: readonly T[]) => Step): readonly Step[] => (rows.length === 0 ? [] : [step(rows)]);

export const insertOrders = (orders: readonly Stored[]): readonly Step[] =>
  some(orders, (rows) => ({
    name: 'orders.insert',
    text: `copy orders (log_partition, channel, shop, channel_order_id, order_key, version, address_version, bundle_version, withheld_from, ever_outward,
       first_position, last_position, facts, bundle) from stdin binary`,
    copy: copyRows(
      rows,
      14,
      (fields, o) =>
        fields
          .int2(o.partition)
          .text(o.channel)
          .text(o.shop)
          .text(o.channelOrderId)
          .text(o.orderKey)
          .int4(o.version)
          .int4(o.addressVersion)
          .int4(o.bundleVersion)
          .int4(o.withheldFrom)
          .bool(o.everOutward)
          .int8(o.firstPosition)
          .int8(o.lastPosition)
          .text(o.factsText)
          .bytes(o.sealedBundle),
      2_500,
    ),
  }));

export const updateOrders = (orders: readonly Stored[]): readonly Step[] =>
  some(orders, (rows) => ({
    name: 'orders.update',
    text: `update orders o set version = n.v, address_version = n.a, bundle_version = n.b, withheld_from = n.w, ever_outward = n.e, last_position = n.l,
       facts = n.f::json, bundle = n.x
     from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::int[], $8::int[], $9::boolean[], $10::bigint[], $11::text[], $12::bytea[])
       as n (p, c, s, i, v, a, b, w, e, l, f, x)
     where o.log_partition = n.p and o.channel = n.c and o.shop = n.s and o.channel_order_id = n.i`,
    values: [
      arrayOf.int2(rows.map((o) => o.partition)),
      arrayOf.text(rows.map((o) => o.channel)),
      arrayOf.text(rows.map((o) => o.shop)),
      arrayOf.text(rows.map((o) => o.channelOrderId)),
      arrayOf.int4(rows.map((o) => o.version)),
      arrayOf.int4(rows.map((o) => o.addressVersion)),
      arrayOf.int4(rows.map((o) => o.bundleVersion)),
      arrayOf.int4(rows.map((o) => o.withheldFrom)),
      arrayOf.bool(rows.map((o) => o.everOutward)),
      arrayOf.int8(rows.map((o) => o.lastPosition)),
      arrayOf.text(rows.map((o) => o.factsText)),
      arrayOf.bytes(rows.map((o) => o.sealedBundle)),
    ],
  }));

export interface ListRow {
  readonly partition: number;
  readonly orderKey: string;
  readonly channel: string;
  readonly shop: string;
  readonly channelOrderId: string;
  readonly status: string | null;
  readonly payment: string;
  readonly refund: string;
  readonly held: readonly string[];
  readonly payable: string;
  readonly currency: string;
  readonly lineCount: number;
  readonly title: string;
  readonly shipBy: string | null;
  readonly placedAt: string;
  /** Not shown: what replays choose by. */
  readonly paidAt: string | null;
}
const msOf = (text: string | null): number | null => (text === null ? null : parseInstant(text));

export const insertList = (list: readonly ListRow[]): readonly Step[] =>
  some(list, (rows) => ({
    name: 'orders.insert_list',
    text: `copy order_list (log_partition, order_key, channel, shop, channel_order_id, status, payment, refund, held, payable, currency, line_count, title, ship_by, placed_at, paid_at)
     from stdin binary`,
    copy: copyRows(rows, 16, (fields, row) =>
      fields
        .int2(row.partition)
        .text(row.orderKey)
        .text(row.channel)
        .text(row.shop)
        .text(row.channelOrderId)
        .text(row.status)
        .text(row.payment)
        .text(row.refund)
        .texts(row.held)
        .hundredths(fenOf(row.payable))
        .text(row.currency)
        .int4(row.lineCount)
        .text(row.title)
        .instant(msOf(row.shipBy))
        .instant(msOf(row.placedAt))
        .instant(msOf(row.paidAt)),
    ),
  }));

export const updateList = (list: readonly ListRow[]): readonly Step[] =>
  some(list, (rows) => ({
    name: 'orders.update_list',
    text: `update order_list l set status = n.st, payment = n.pay, refund = n.ref, held = n.h::text[], payable = n.amt::numeric, currency = n.cur, line_count = n.n, title = n.t,
       ship_by = n.sb, placed_at = n.at, paid_at = n.paid
     from unnest($1::smallint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::text[], $11::timestamptz[], $12::timestamptz[], $13::timestamptz[])
       as n (p, k, st, pay, ref, h, amt, cur, n, t, sb, at, paid)
     where l.log_partition = n.p and l.order_key = n.k`,
    values: [
      arrayOf.int2(rows.map((row) => row.partition)),
      arrayOf.text(rows.map((row) => row.orderKey)),
      arrayOf.text(rows.map((row) => row.status)),
      arrayOf.text(rows.map((row) => row.payment)),
      arrayOf.text(rows.map((row) => row.refund)),
      arrayOf.text(rows.map((row) => `{${row.held.join(',')}}`)),
      arrayOf.text(rows.map((row) => row.payable)),
      arrayOf.text(rows.map((row) => row.currency)),
      arrayOf.int4(rows.map((row) => row.lineCount)),
      arrayOf.text(rows.map((row) => row.title)),
      arrayOf.instant(rows.map((row) => msOf(row.shipBy))),
      arrayOf.instant(rows.map((row) => msOf(row.placedAt))),
      arrayOf.instant(rows.map((row) => msOf(row.paidAt))),
    ],
  }));

export interface BlindRow {
  readonly token: Buffer;
  readonly partition: number;
  readonly orderKey: string;
}
export const saveBlindIndex = (index: readonly BlindRow[]): readonly Step[] =>
  some(index, (rows) => ({
    name: 'orders.save_blind',
    text: `insert into blind_index (token, log_partition, order_key)
     select t, p, k from unnest($1::bytea[], $2::smallint[], $3::text[]) as r (t, p, k) on conflict on constraint blind_index_pk do nothing`,
    values: [
      arrayOf.bytes(rows.map((row) => row.token)),
      arrayOf.int2(rows.map((row) => row.partition)),
      arrayOf.text(rows.map((row) => row.orderKey)),
    ],
  }));

export const appendEvents = (events: readonly EventRow[]): readonly Step[] =>
  some(events, (rows) => ({
    name: 'orders.append_events',
    text: 'copy events (log_partition, position, order_key, version, type, withheld, occurred_at, recorded_at, cause, said_by, detail, state) from stdin binary',
    copy: copyRows(
      rows,
      12,
      (fields, e) =>
        fields
          .int2(e.partition)
          .int8(e.position)
          .text(e.subjectKey)
          .int4(e.version)
          .text(e.type)
          .bool(e.withheld)
          .instant(e.occurredAt)
          .instant(e.recordedAt)
          .int8(e.cause)
          .text(e.by)
          .text(e.detail)
          .text(e.state),
      1_500,
    ),
  }));

export interface CaseRow {
  readonly partition: number;
  readonly orderKey: string;
  readonly caseId: string;
  readonly channel: string;
  readonly shop: string;
  readonly state: string;
  readonly cause: number;
  readonly at: number;
  readonly by: string;
  readonly problems: string;
  /** What it has in common with others of its kind: see `reasonOf`. */
  readonly reason: string;
  readonly sealed: Buffer | undefined;
}
/** A case that follows from the facts is about other values than before; that of a message keeps what was wrong with it. */
const IS_TOLD_ANEW = `(excluded.state = 'open' and excluded.problems::text <> '[]')`;
/**
 * Opens a case, or closes the one there is; a closed case keeps who closed it first, and settles the dead letter of the message that it was about. One step each: a
 * batch may open and close the same case.
 */
export const saveCases = (cases: readonly CaseRow[]): readonly Step[] =>
  cases.map((row) => ({
    name: 'orders.save_case',
    text: `with saved as (insert into review_cases as r (log_partition, order_key, case_id, channel, shop, state, cause, opened_at, closed_at, closed_by, problems, sealed, reason)
     values ($1::smallint, $2::text, $3::text, $4::text, $5::text, $6::text, $7::bigint, to_timestamp($8::float8 / 1000),
       case when $6 <> 'open' then to_timestamp($8::float8 / 1000) end, case when $6 <> 'open' then $9::text end, $10::json, $11::bytea, $12::text)
     on conflict on constraint review_cases_pk do update set state = excluded.state,
       problems = case when ${IS_TOLD_ANEW} then excluded.problems else r.problems end, reason = case when ${IS_TOLD_ANEW} then excluded.reason else r.reason end,
       cause = case when ${IS_TOLD_ANEW} then excluded.cause else r.cause end,
       opened_at = case when ${IS_TOLD_ANEW} and r.state <> 'open' then excluded.opened_at else r.opened_at end,
       closed_at = case when excluded.state = 'open' then null else coalesce(r.closed_at, excluded.closed_at) end,
       closed_by = case when excluded.state = 'open' then null else coalesce(r.closed_by, excluded.closed_by) end
     returning r.state, r.cause)
     update dead_letters d set state = 'settled' from saved where saved.state <> 'open' and d.id = 'dl_' || saved.cause and d.state = 'open'`,
    values: [
      row.partition,
      row.orderKey,
      row.caseId,
      row.channel,
      row.shop,
      row.state,
      row.cause,
      row.at,
      row.by,
      row.problems,
      row.sealed ?? null,
      row.reason,
    ],
  }));
