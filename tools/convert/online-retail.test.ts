import { hash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseFen } from '@weir/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convertAll, type Converted, tallySchema, testData } from './convert.test-support.ts';
import { convertOnlineRetail } from './online-retail.ts';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const dir = await mkdtemp(join(tmpdir(), 'weir-retail-'));
afterAll(() => rm(dir, { recursive: true }));

/** `S1 A 5 2011-02-01 10:00 2.5 1` = invoice, stock code, quantity, day, time, price, customer. */
async function convertLines(...lines: readonly string[]): Promise<Converted> {
  const rows = lines.map((line) => {
    const [invoice, stock, quantity, day, time, price, customer] = line.split(' ');
    return `${invoice},${stock},NAME OF ${stock},${quantity},${day} ${time}:00,${price},${customer ? `${customer}.0` : ''},France`;
  });
  await writeFile(join(dir, 'lines.csv'), [HEADER, ...rows, ''].join('\n'));
  return convertAll(convertOnlineRetail, dir);
}
const reasons = (done: Converted) => done.listed.map((entry) => entry.reason);
const refundsOf = (done: Converted) =>
  done.messages.flatMap((each) => (each.partial ? [[each.channelOrderId, each.refunded, each.refunds?.map((refund) => refund.id)]] : []));

describe('small tables', () => {
  test('an invoice is one paid order with its lines, customer and no receiver', async () => {
    const { messages } = await convertLines('S1 A 5 2011-06-01 10:00 2.5 17850', 'S1 A 1 2011-06-01 10:01 0.0 17850');
    expect(messages).toEqual([
      {
        schema: 1,
        channel: 'onlineretail',
        shop: 'online-retail',
        channelOrderId: 'S1',
        status: 'paid',
        placedAt: '2011-06-01T10:00:00+01:00',
        modifiedAt: '2011-06-01T10:01:00+01:00',
        currency: 'GBP',
        discounts: [],
        shippingFee: '0.00',
        payable: '12.50',
        paid: '12.50',
        refunded: '0.00',
        buyer: { channelBuyerId: '17850' },
        lines: [
          { lineId: '1', sku: 'A', title: 'NAME OF A', quantity: 5, unitPrice: '2.50', discount: '0.00' },
          { lineId: '2', sku: 'A', title: 'NAME OF A', quantity: 1, unitPrice: '0.00', discount: '0.00' },
        ],
      },
    ]);
  });

  test('a cancellation with exactly one earlier order becomes its refund, with the line when there is one such line', async () => {
    const done = await convertLines('S1 A 5 2011-02-01 10:00 2.5 1', 'S1 B 5 2011-02-01 10:00 2.5 1', 'C2 A -2 2011-02-02 10:00 2.5 1');
    expect(done.messages[1]).toEqual({
      schema: 1,
      channel: 'onlineretail',
      shop: 'online-retail',
      channelOrderId: 'S1',
      modifiedAt: '2011-02-02T10:00:00+00:00',
      refunded: '5.00',
      partial: true,
      refunds: [{ id: 'C2-1', lineId: '1', amount: '5.00', status: 'done', at: '2011-02-02T10:00:00+00:00' }],
    });
    expect(done.listed).toEqual([]);
  });

  test('without a certain order the cancellation line is listed with its reason', async () => {
    const sold = ['S1 A 5 2011-02-01 10:00 2.5 1', 'S2 A 5 2011-02-01 11:00 2.5 1'];
    expect(reasons(await convertLines(...sold, 'C3 A -2 2011-02-02 10:00 2.5 1'))).toEqual(['several_candidates']);
    expect(reasons(await convertLines(...sold, 'C3 A -6 2011-02-02 10:00 2.5 1'))).toEqual(['not_enough_quantity']);
    expect(reasons(await convertLines(...sold, 'C3 A -2 2011-02-02 10:00 2.51 1'))).toEqual(['no_earlier_sale']);
    expect(reasons(await convertLines(...sold, 'C3 A -2 2011-02-02 10:00 2.5 2'))).toEqual(['no_earlier_sale']);
    expect(reasons(await convertLines(...sold, 'C3 A -2 2011-02-02 10:00 2.5 '))).toEqual(['no_customer']);
    expect(reasons(await convertLines('S1 A 5 2011-02-02 10:00 2.5 1', 'C3 A -2 2011-02-02 10:00 2.5 1'))).toEqual(['no_earlier_sale']);
  });

  test('pieces are given back once: the second cancellation finds only what is left', async () => {
    const done = await convertLines(
      'S1 A 5 2011-02-01 10:00 2.5 1',
      'C2 A -3 2011-02-02 10:00 2.5 1',
      'C3 A -3 2011-02-03 10:00 2.5 1',
      'C4 A -2 2011-02-04 10:00 2.5 1',
    );
    expect(reasons(done)).toEqual(['not_enough_quantity']);
    expect(refundsOf(done)).toEqual([
      ['S1', '7.50', ['C2-1']],
      ['S1', '12.50', ['C2-1', 'C4-1']],
    ]);
  });

  test('two cancellations of one minute are told in one message, so that no field has two values at one time', async () => {
    const done = await convertLines('S1 A 5 2011-02-01 10:00 2.5 1', 'C2 A -1 2011-02-02 10:00 2.5 1', 'C3 A -1 2011-02-02 10:00 2.5 1');
    expect(refundsOf(done)).toEqual([['S1', '5.00', ['C2-1', 'C3-1']]]);
  });

  test('a line of another invoice in between splits nothing, and an unsorted table is refused', async () => {
    const done = await convertLines('S1 A 1 2011-02-01 10:00 1 1', 'S2 A 1 2011-02-01 10:00 1 2', 'S1 B 1 2011-02-01 10:01 1 1');
    expect(done.messages.map((each) => [each.channelOrderId, each.lines?.length])).toEqual([
      ['S2', 1],
      ['S1', 2],
    ]);
    await expect(convertLines('S1 A 1 2011-02-01 12:00 1 1', 'S2 A 1 2011-02-01 10:00 1 2')).rejects.toThrow(
      'sort the file by InvoiceDate',
    );
  });

  test('negative quantities and prices of three decimals go on as they are and break the schema, so that a person sees them', async () => {
    const { messages } = await convertLines('S1 A -5 2011-02-01 10:00 0.0 ', 'S2 PADS 1 2011-02-01 10:00 0.001 1');
    expect(tallySchema(messages)).toEqual({ '/lines/*/quantity': 1, '/lines/*/unitPrice /paid /payable': 1 });
    expect(messages[1]).toMatchObject({ payable: '0.001' });
  });
});

describe('the whole table', () => {
  let done: Converted;
  beforeAll(async () => {
    done = await convertAll(convertOnlineRetail, testData('online-retail'));
  });

  test('the count of each outcome is as expected, and every line is accounted for', () => {
    expect(done.counts).toEqual({
      rows: 245_903,
      orders: 10_789,
      orders_without_customer: 1_986,
      orders_with_zero_price: 1_159,
      orders_negative_quantity: 758,
      orders_price_below_a_penny: 1,
      cancellations: 2_006,
      cancellations_matched: 947,
      cancellations_matched_in_part: 289,
      cancellations_listed: 770,
      refunds: 2_408,
      refund_messages: 1_323,
      listed_no_customer: 253,
      listed_no_earlier_sale: 1_043,
      listed_not_enough_quantity: 40,
      listed_several_candidates: 750,
    });
    const orderLines = done.messages.reduce((sum, each) => sum + (each.lines?.length ?? 0), 0);
    expect(orderLines + 2_408 + done.listed.length).toBe(245_903);
  });

  test('what the door will hold is exactly the negative quantities, and the price below a penny; invoices of more than 500 lines pass', () => {
    const { passes, ...others } = tallySchema(done.messages);
    expect(others).toEqual({ '/lines/*/quantity': 758, '/lines/*/unitPrice /paid /payable': 1 });
    expect(passes).toBe(12_112 - 759);
    expect(done.messages.filter((each) => (each.lines?.length ?? 0) > 500)).toHaveLength(16);
  });

  test('no order gives back more than it took, and each refund stands once', () => {
    const paid = new Map(done.messages.flatMap((each) => (each.partial ? [] : [[each.channelOrderId, parseFen(each.paid)] as const])));
    const last = new Map(done.messages.flatMap((each) => (each.partial ? [[each.channelOrderId, each] as const] : [])));
    const ids = [...last.values()].flatMap((each) => each.refunds?.map((refund) => refund.id) ?? []);
    expect(new Set(ids).size).toBe(2_408);
    expect(ids).toHaveLength(2_408);
    for (const [id, each] of last) expect(parseFen(each.refunded ?? '')).toBeLessThanOrEqual(paid.get(id) ?? -1);
  });

  test('a second run gives the same bytes', async () => {
    const again = await convertAll(convertOnlineRetail, testData('online-retail'));
    const digest = (messages: Converted['messages']) => hash('sha256', messages.map((each) => JSON.stringify(each)).join('\n'));
    expect(digest(again.messages)).toBe(digest(done.messages));
  });
});
