import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Answer } from '../adapter.ts';
import { failureIn } from './errors.ts';
import { fixture } from './judge.test-support.ts';
import { normaliseOrder } from './normalise.ts';
import { aDouyinOrder, LINE_IDS } from './order.test-support.ts';
import { withOrderKey } from '../note-mark.ts';
import { writeRemark } from './remark.ts';
import { correctTracking, isShippedAsTold, readShipAnswer, SHIP_REMEDIES, shipParcels, shipWhole } from './shipping.ts';

const parcel = { carrier: 'shunfeng', trackingNumber: 'SF0000000003013' };
const refusal = (subCode: string): Answer => {
  const failure = failureIn({ code: '50002', sub_code: subCode, sub_msg: '说明' });
  if (failure === null) throw new Error('not a refusal');
  return { ok: false, failure };
};

describe('the calls', () => {
  test('some lines in one parcel, as the notes have it', () => {
    const sample = JSON.parse(fixture('samples/order_logisticsAddMultiPack.request.json').toString()) as object;
    const call = shipParcels('6930000000000003003', 'oms-6930000000000003003-2', [
      { ...parcel, lines: [{ lineId: '6930000000000003013', quantity: 1 }] },
    ]);
    expect(call).toEqual({ method: 'order.logisticsAddMultiPack', params: sample });
  });
  test('the whole order, and refusing a refund only when told to', () => {
    expect(shipWhole('1', parcel)).toEqual({
      method: 'order.logisticsAdd',
      params: { order_id: '1', company_code: 'shunfeng', logistics_code: 'SF0000000003013', is_reject_refund: false },
    });
    expect(shipWhole('1', parcel, { rejectRefund: true }).params).toMatchObject({ is_reject_refund: true });
  });
  test('another tracking number, of an order that left whole or of one parcel among several', () => {
    expect(correctTracking('1', parcel)).toMatchObject({
      method: 'order.logisticsEdit',
      params: { order_id: '1', logistics_code: 'SF0000000003013' },
    });
    expect(correctTracking('1', parcel, '77')).toMatchObject({ method: 'order.logisticsEditByPack', params: { pack_id: '77' } });
  });
  test('a shipment of nothing, or without the id that makes repeats harmless, is not built', () => {
    const lines = [{ lineId: '1', quantity: 1 }];
    expect(() => shipParcels('1', '', [{ ...parcel, lines }])).toThrow(RangeError);
    expect(() => shipParcels('1', 'r', [])).toThrow(RangeError);
    expect(() => shipParcels('1', 'r', [{ ...parcel, lines: [] }])).toThrow(RangeError);
    expect(() => shipParcels('1', 'r', [{ ...parcel, lines: [{ lineId: '1', quantity: 0 }] }])).toThrow(RangeError);
  });
});

describe('the answers', () => {
  test('a success tells the numbers of the parcels', () => {
    const ok = (data: Extract<Answer, { ok: true }>['data']): Answer => ({ ok: true, data, bytes: new Uint8Array(), logId: '' });
    expect(readShipAnswer(ok({ pack_list: [{ pack_id: '1' }, { pack_id: '2' }] }))).toEqual({ done: true, packIds: ['1', '2'] });
    expect(readShipAnswer(ok({ pack_id: '3' }))).toEqual({ done: true, packIds: ['3'] });
    expect(readShipAnswer(ok(null))).toEqual({ done: true, packIds: [] });
  });
  test('every documented refusal says what to do', () => {
    for (const [number, remedy] of SHIP_REMEDIES)
      expect(readShipAnswer(refusal(`isv.business-failed:${number}`))).toMatchObject({ done: false, remedy, failure: { message: '说明' } });
  });
  test('a platform that is busy says so under isv. too: it is tried again', () => {
    for (const number of ['60106', '60121', '60124', '60125', '60132', '70009', '8888', '120032'])
      expect(readShipAnswer(refusal(`isv.business-failed:${number}`))).toMatchObject({ done: false, remedy: 'retry' });
  });
  test('an undocumented one is shown to a person; a fault of theirs, throttling and an old token are not', () => {
    const remedyOf = (answer: Answer) => (answer.ok ? null : readShipAnswer(answer));
    expect(remedyOf(refusal('isv.business-failed:1'))).toMatchObject({ remedy: 'ask_person' });
    expect(remedyOf(refusal('isp.service-error:1'))).toMatchObject({ remedy: 'retry' });
    expect(remedyOf(refusal('isv.access-token-expired'))).toMatchObject({ remedy: 'new_token' });
    const throttled = failureIn({ code: '60000' });
    expect(throttled && remedyOf({ ok: false, failure: throttled })).toMatchObject({ remedy: 'slow_down' });
  });
  test('already shipped is done only when every parcel that we told of stands in the order', () => {
    const read = normaliseOrder(
      aDouyinOrder({
        order_status: 3,
        logistics_info: [
          {
            company: 'shunfeng',
            tracking_no: 'SF1',
            ship_time: 1771730000,
            product_info: [{ sku_order_id: LINE_IDS[0], product_count: 1 }],
          },
        ],
      }),
      { source: 'detail' },
    );
    if (!read.ok) throw new Error('not readable');
    expect(isShippedAsTold(read.message, [{ carrier: 'shunfeng', trackingNumber: 'SF1' }])).toBe(true);
    expect(
      isShippedAsTold(read.message, [
        { carrier: 'shunfeng', trackingNumber: 'SF1' },
        { carrier: 'shunfeng', trackingNumber: 'SF2' },
      ]),
    ).toBe(false);
    expect(isShippedAsTold(read.message, [{ carrier: 'yuantong', trackingNumber: 'SF1' }])).toBe(false);
    expect(isShippedAsTold(read.message, [])).toBe(false);
  });
});

describe("the seller's note", () => {
  const KEY = 'DY2026022200872A';
  test('gets our key behind what is there', () => {
    expect(withOrderKey('', KEY)).toBe(`【堰:${KEY}】`);
    expect(withOrderKey('VIP，送小样', KEY)).toBe(`VIP，送小样 【堰:${KEY}】`);
  });
  test('is left alone when the key is there, wherever people have moved it to', () => {
    expect(withOrderKey(`【堰:${KEY}】 加急`, KEY)).toBeNull();
  });
  test('a key of another order, as after a copy, is changed in place', () => {
    expect(withOrderKey('a 【堰:DY1】 b', KEY)).toBe(`a 【堰:${KEY}】 b`);
    expect(withOrderKey('a 【堰:DY1】 b 【堰:DY2】 c', KEY)).toBe(`a 【堰:${KEY}】 b  c`);
  });
  test('never loses a character that is not ours, and writing twice writes once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (note) => {
        const written = withOrderKey(note, KEY) ?? note;
        expect(written.replace(`【堰:${KEY}】`, '')).toContain(note.replaceAll(/【堰:[0-9A-Z]{1,40}】/g, ''));
        expect(withOrderKey(written, KEY)).toBeNull();
      }),
    );
  });
  test('is written without a word about the flag', () => {
    expect(writeRemark('1', 'n')).toEqual({ method: 'order.addOrderRemark', params: { order_id: '1', remark: 'n', is_add_star: 'false' } });
  });
});
