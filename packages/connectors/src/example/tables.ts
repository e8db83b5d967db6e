/**
 * What Example Market's words and numbers mean in ours. Source of every table: the protocol page in docs/connectors.md, read 2026-11-26; a platform that does
 * not exist has no other. A word that is not here is an unmapped code: a person looks, nobody guesses.
 */
import type { NeutralOrder, OrderStatus, WriteBackCause } from '@weir/contract';
import type { FailureClass } from '../adapter.ts';

export const CHANNEL = 'example';
export const BASE_URL = 'https://open.example.invalid';

export const MAX_PAGE_ROWS = 100;
export const MAX_WINDOW_ROWS = 10_000;
export const MAX_WINDOW_SECONDS = 86_400;
export const MAX_AGE_DAYS = 90;
export const CALLS_PER_SECOND = 20;
/** A signature is believed for so long; the platform does the same with ours. */
export const MAX_CLOCK_SECONDS = 600;
/** More hints in one push than the platform ever sends: such a body is refused as a whole, not read in part. */
export const MAX_HINTS = 100;
/** A token lives for a day; renewed earlier than this before its end it is the same one. */
export const RENEW_AHEAD_MS = 30 * 60_000;

/** `status` of an order and of each of its lines. `part_shipped` stays `paid`: the lines tell which of them left. */
export const STATUS: ReadonlyMap<string, OrderStatus> = new Map([
  ['unpaid', 'awaiting_payment'],
  ['checking', 'paid'],
  ['paid', 'paid'],
  ['part_shipped', 'paid'],
  ['shipped', 'shipped'],
  ['finished', 'completed'],
  ['cancelled', 'cancelled'],
  ['closed', 'closed'],
]);
/** Paid, and under the platform's risk check: nothing may leave yet. */
export const CHECKING = 'checking';

type RefundStatus = NonNullable<NeutralOrder['refunds']>[number]['status'];
export const REFUND_STATE: ReadonlyMap<string, RefundStatus> = new Map([
  ['asked', 'requested'],
  ['agreed', 'agreed'],
  ['paid_back', 'done'],
  ['refused', 'refused'],
  ['withdrawn', 'withdrawn'],
]);

type Payer = NeutralOrder['discounts'][number]['payer'];
/** `by` of a coupon: who bears it. */
export const PAYER: ReadonlyMap<string, Payer> = new Map([
  ['shop', 'shop'],
  ['platform', 'platform'],
  ['streamer', 'talent'],
]);

/** `code` of an answer → what it asks of us. Which of them a repeat may help is our judgement. */
export const REFUSALS: ReadonlyMap<string, FailureClass> = new Map([
  ['1001', 'throttled'],
  ['1002', 'retry'],
  ['2001', 'do_not'], // no such app
  ['2002', 'do_not'], // wrong signature
  ['2003', 'retry'], // clock: each call is signed anew, and a clock that is off is put right
  ['2004', 'token_expired'],
  ['2005', 'do_not'], // no such code, or a refresh token that was used before
  ['2006', 'do_not'], // no such method
  ['3001', 'do_not'], // parameters
  ['3002', 'do_not'], // beyond the limits of a query
  ['4001', 'do_not'], // no such order
  ['5001', 'already_done'],
  ['5002', 'do_not'],
  ['5003', 'retry'],
  ['5004', 'do_not'],
  ['5005', 'do_not'],
  ['5006', 'do_not'],
  ['5007', 'do_not'],
  ['5008', 'do_not'],
]);

/** `code` of a refused shipment → what people are told, and whether time alone may settle it. */
export const SHIP_CAUSES: ReadonlyMap<string, readonly [cause: WriteBackCause, next: 'later' | 'person']> = new Map([
  ['5001', ['shipped_otherwise', 'person']],
  ['5002', ['unpaid_there', 'person']],
  ['5003', ['risk_check', 'later']],
  ['5004', ['ended_there', 'person']],
  ['5005', ['after_sale_open', 'later']],
  ['5006', ['refused', 'person']], // no such line, or not so many pieces of it
  ['5007', ['number_used', 'person']],
  ['5008', ['carrier_wrong', 'person']],
]);
