/** Details and pushes as the connector gets them, from the samples; a test says what it changes. */
import type { NeutralMessage } from '@weir/contract';
import { NO_FACTS, type OrderFacts, RANK, record, view } from '@weir/core';
import type { Heard } from '../adapter.ts';
import { wechatAdapter } from './adapter.ts';
import { NOW, PAID, plain, reportOf } from './world.test-support.ts';

export type Plain = Record<string, unknown>;
const QUERY = plain<Plain>('samples/pay_query.response.json');
export const ROWS = plain<{ readonly order_list: readonly Plain[] }>('samples/get_order_list.response.json').order_list;

export const aPayment = (parts: Plain = {}): Plain => ({ ...QUERY, ...parts });
/** The row in the given order_state, about the order of the payment query. */
export const anOrder = (state: number, parts: Plain = {}): Plain => ({
  ...ROWS.find((row) => row['order_state'] === state),
  transaction_id: QUERY['transaction_id'],
  merchant_trade_no: PAID.id,
  trade_create_time: 1_771_723_813,
  pay_time: 1_771_723_825,
  ...parts,
});
export const shipping = (parts: Plain = {}): Plain => ({
  delivery_mode: 1,
  logistics_type: 1,
  finish_shipping: true,
  shipping_list: [],
  ...parts,
});
export const parcel = (number: string, parts: Plain = {}): Plain => ({
  tracking_no: number,
  express_company: 'YTO',
  upload_time: 1_771_744_320,
  ...parts,
});

export const detailBytes = (order: Plain | null, payment: Plain = aPayment(), askedAt = NOW): Buffer =>
  Buffer.from(JSON.stringify({ askedAt, payment, order }));
export const readDetail = (order: Plain | null, payment?: Plain, askedAt?: number): Heard =>
  wechatAdapter.read('detail', detailBytes(order, payment, askedAt), PAID);
/** The message that knows the facts; another stands in for the lines, and one says when it was paid. */
export const factsIn = (heard: Heard): NeutralMessage => {
  const found = heard.messages.find((message) => message.partial === true && message.payments !== undefined);
  if (found === undefined) throw new Error(JSON.stringify(heard.problems));
  return found;
};
export const paidIn = (heard: Heard): NeutralMessage | undefined => heard.messages.find((message) => message.status === 'paid');
export const wholeIn = (heard: Heard): NeutralMessage => {
  const found = heard.messages.find((message) => message.partial !== true);
  if (found === undefined) throw new Error(JSON.stringify(heard.problems));
  return found;
};

export const pushBytes = (from: 'pay' | 'message', body: unknown, opened: unknown): Buffer =>
  Buffer.from(JSON.stringify({ from, body: JSON.stringify(body), opened }));
export const notification = (name: 'transaction_success' | 'refund_success', decrypted: Plain = {}, body: Plain = {}): Buffer => {
  const sample = plain<{ readonly body: Plain; readonly decrypted: Plain }>(`samples/pay_notify.${name}.json`);
  return pushBytes('pay', { ...sample.body, ...body }, { ...sample.decrypted, ...decrypted });
};
export const event = (at: number, parts: Plain = {}): Buffer => {
  const sample = { ...plain<readonly Plain[]>('samples/push_events.plain.json')[at], ...parts };
  return pushBytes('message', sample, sample);
};

type Said = readonly NeutralMessage[] | Pick<Heard, 'messages' | 'parcelsMayMiss'>;
/** As the house records what was heard, each entry with the rank of its source. */
export const recorded = (...all: readonly (readonly [keyof typeof RANK, Said])[]): OrderFacts =>
  all
    .flatMap(([rank, said]) => {
      const heard: Pick<Heard, 'messages' | 'parcelsMayMiss'> = 'messages' in said ? said : { messages: said };
      const lists = heard.parcelsMayMiss !== true;
      return heard.messages.map((message) => ({
        ...reportOf(message),
        rank: RANK[rank],
        listsShipments: lists && message.shipments !== undefined,
      }));
    })
    .reduce((facts, report) => record(facts, { type: 'reported', report }), NO_FACTS);
export const seenOf = (facts: OrderFacts) => view(facts);
