import { expect, test } from 'vitest';
import { parseLossless } from '../lossless-json.ts';
import { readDetailed, readListed, toRefund } from './after-sales.ts';

const listed = (info: object, order: object = {}) =>
  readListed(
    parseLossless(
      JSON.stringify({
        aftersale_info: {
          aftersale_id: '147',
          aftersale_order_type: 1,
          aftersale_type: 0,
          aftersale_status: 12,
          related_id: '6002',
          apply_time: 1771723800,
          update_time: 1771724000,
          refund_amount: 8900,
          refund_post_amount: 600,
          ...info,
        },
        order_info: { shop_order_id: '6001', ...order },
      }),
    ),
  );
const refund = (info: object) => {
  const read = listed(info);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return toRefund(read.afterSale, () => true);
};

test('the amount holds the postage already: it is not added once more', () => {
  expect(refund({ refund_status: 3 })).toEqual({
    id: '147',
    lineId: '6002',
    amount: '89.00',
    status: 'done',
    at: '2026-02-22T09:33:20+08:00',
  });
});

test('a case that succeeded is a refund that is done only when the money is back', () => {
  expect([1, 2, 3, 4].map((refund_status) => refund({ refund_status })?.status)).toEqual(['agreed', 'agreed', 'done', 'agreed']);
  expect(refund({})?.status).toBe('done'); // nobody speaks of the money
});

test('a withdrawn request is judged by 28, not by its refund_status 1', () => {
  expect(refund({ aftersale_status: 28, refund_status: 1 })?.status).toBe('withdrawn');
});

test('a refusal that the platform still judges is open', () => {
  expect([0, 1, 2, 3, 4, 5, 6, 255].map((arbitrate_status) => refund({ aftersale_status: 27, arbitrate_status })?.status)).toEqual([
    'refused',
    'requested',
    'refused',
    'refused',
    'requested',
    'requested',
    'refused',
    'refused',
  ]);
});

test('a cancellation is a refund when money went back, and nothing when it did not', () => {
  expect(refund({ aftersale_status: 53, aftersale_type: 2, refund_status: 3 })?.status).toBe('done');
  expect(refund({ aftersale_status: 51, aftersale_type: 2, refund_status: 0 })).toBeNull();
});

test.each([4, 5])('an order that ended by itself (type %i) is a refund only once the money is back', (aftersale_type) => {
  const ended = { aftersale_type, aftersale_status: 51, refund_amount: 24880 };
  expect(refund({ ...ended, refund_status: 3 })).toMatchObject({ amount: '248.80', status: 'done' });
  expect(refund({ ...ended, aftersale_status: 12, refund_status: 3 })).toMatchObject({ status: 'done' });
  for (const refund_status of [0, 1, 2, 4])
    for (const aftersale_status of [6, 7, 12, 51]) expect(refund({ ...ended, aftersale_status, refund_status })).toBeNull();
  expect(refund({ ...ended, aftersale_status: 12 })).toBeNull(); // nobody speaks of the money, and nothing may have been paid
});

test('goods that are exchanged, sent again or repaired are no refund', () => {
  for (const aftersale_type of [3, 7, 8]) expect(refund({ aftersale_type })).toBeNull();
});

test('the detail tells the same case by other names, with a bare number as id', () => {
  const data = parseLossless(
    '{"order_info":{"shop_order_id":6001,"sku_order_infos":[{"sku_order_id":6002}]},"process_info":{"after_sale_info":{"after_sale_id":6965315853751632172,"after_sale_status":6,"after_sale_type":2,"refund_total_amount":8900,"apply_time":1771723800,"update_time":1771724000}}}',
  );
  expect(readDetailed(data)).toMatchObject({
    ok: true,
    afterSale: { id: '6965315853751632172', shopOrderId: '6001', lineId: '6002', state: 'requested', amountFen: 8900 },
  });
});

test('an unmapped code, a missing amount or an id that is none is said, with the order it belongs to', () => {
  expect(listed({ aftersale_status: 99 })).toMatchObject({
    ok: false,
    shopOrderId: '6001',
    problems: [{ code: 'channel.unmapped_code', reading: '99' }],
  });
  expect(listed({ aftersale_type: 9 })).toMatchObject({ ok: false, problems: [{ code: 'channel.unmapped_code', reading: '9' }] });
  expect(listed({ refund_amount: null })).toMatchObject({ ok: false, problems: [{ code: 'field.missing' }] });
  expect(listed({ aftersale_id: '"147"' })).toMatchObject({ ok: false, problems: [{ code: 'field.not_allowed' }] });
  expect(listed({}, { shop_order_id: '' })).toMatchObject({ ok: false, shopOrderId: null });
});
