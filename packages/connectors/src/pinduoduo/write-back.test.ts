import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Call, LeftParcel, Told } from '../adapter.ts';
import { withOrderKey } from '../note-mark.ts';
import { fixture, platform, subjectOf } from './judge.test-support.ts';
import { MAX_NOTE } from './note.ts';
import { detailAnswer, ORDER_ID } from './order.test-support.ts';
import { sendOrder } from './shipping.ts';
import { pinduoduoWriteBack } from './write-back.ts';

const KEY = 'PD2026022200872A';
const NOW = Date.parse('2026-02-22T10:00:00+08:00');
const parcel = (trackingNumber: string, more: Partial<LeftParcel> = {}): LeftParcel => ({
  id: `p-${trackingNumber}`,
  carrier: '44',
  trackingNumber,
  former: [],
  lines: [{ lineId: ORDER_ID, quantity: 1 }],
  requestId: trackingNumber,
  ...more,
});
const refusal = (code = 50001, subCode = '7'): string =>
  JSON.stringify({ error_response: { error_code: code, error_msg: '业务服务错误', sub_code: subCode, sub_msg: '说明', request_id: '1' } });
const left = (number: string, more: object = {}) => ({ order_status: 2, logistics_id: 44, tracking_number: number, ...more });

interface World {
  readonly order?: object;
  /** What the order is after the first call that changes something. */
  readonly after?: object;
  readonly inAfterSale?: boolean;
  readonly send?: string;
  readonly extra?: string;
}
/** A platform whose order changes when it is told something, whatever it answers. */
function world({ order = {}, after = order, inAfterSale = false, send, extra }: World) {
  let state = order;
  const change = (answer: string): string => {
    state = after;
    return answer;
  };
  const checked = inAfterSale ? [{ order_sn: ORDER_ID }] : [];
  return platform({
    'pdd.order.information.get': () => detailAnswer({ ...state }),
    'pdd.refund.status.check': JSON.stringify({ refund_status_check_response: { order_sns_exists_refund: checked } }),
    'pdd.logistics.online.send': () => change(send ?? fixture('samples/logistics_online_send.response.json').toString()),
    'pdd.order.upload.extra.logistics': () => change(extra ?? '{"upload_extra_logistics_response":{"success":true}}'),
  });
}
const tell = (ask: ReturnType<typeof platform>['ask'], ...parcels: LeftParcel[]): Promise<Told> =>
  pinduoduoWriteBack.tellShipped(ask, subjectOf(ORDER_ID), parcels, NOW);
const changes = (calls: readonly Call[]) =>
  calls.filter(({ method }) => /send|upload/.test(method)).map(({ method, params }) => [method, params]);

describe('telling what left', () => {
  test('is the call of the notes, after asking what stands there and whether an after-sale is open', async () => {
    const { ask, calls } = world({});
    expect(await tell(ask, parcel('SF0000000000101'))).toEqual({ done: true, packIds: {} });
    expect(calls.map(({ method }) => method)).toEqual([
      'pdd.order.information.get',
      'pdd.refund.status.check',
      'pdd.logistics.online.send',
    ]);
    const { type, ...params } = JSON.parse(fixture('samples/logistics_online_send.request.json').toString()) as Record<string, unknown>;
    expect(calls[2]).toEqual({ method: type, params });
  });
  test('what stands there already, in whatever spelling, is not told again', async () => {
    const { ask, calls } = world({ order: left('SF1') });
    expect(await tell(ask, parcel('sf1 '))).toMatchObject({ done: true });
    expect(changes(calls)).toEqual([]);
  });
  test('a corrected number is written over the one that stands there', async () => {
    const { ask, calls } = world({ order: left('SF1'), after: left('SF2') });
    expect(await tell(ask, parcel('SF2', { former: ['SF1'] }))).toMatchObject({ done: true });
    expect(changes(calls)).toEqual([
      ['pdd.logistics.online.send', { order_sn: ORDER_ID, logistics_id: '44', tracking_number: 'SF2', redelivery_type: 2 }],
    ]);
  });
  test('a corrected carrier under the same number is written over the one that stands there', async () => {
    const { ask, calls } = world({ order: left('SF1'), after: left('SF1', { logistics_id: 85 }) });
    const right = parcel('SF1', { carrier: '85' });
    expect(await tell(ask, right)).toMatchObject({ done: true });
    expect(changes(calls)).toEqual([['pdd.logistics.online.send', sendOrder(ORDER_ID, right, 'overwrite').params]]);
    expect(await tell(ask, right)).toMatchObject({ done: true });
    expect(changes(calls)).toHaveLength(1);
    const stays = world({ order: left('SF1'), send: refusal() });
    expect(await tell(stays.ask, right)).toMatchObject({ done: false, cause: 'shipped_otherwise', next: 'person' });
  });
  test("a wrong carrier beside the order's own parcel cannot be taken away: a person is told", async () => {
    const { ask, calls } = world({ order: left('SF1', { extra_delivery_list: [{ logistics_id: 44, tracking_number: 'SF2' }] }) });
    expect(await tell(ask, parcel('SF1'), parcel('SF2', { carrier: '85' }))).toMatchObject({ cause: 'shipped_otherwise', next: 'person' });
    expect(changes(calls)).toEqual([]);
  });
  test("a carrier in another platform's word cannot be compared: the number decides", async () => {
    const { ask, calls } = world({ order: left('SF1') });
    expect(await tell(ask, parcel('SF1', { carrier: 'shunfeng' }))).toMatchObject({ done: true });
    expect(changes(calls)).toEqual([]);
  });
  test("several parcels: the first is the order's own, the others stand beside it, those of gifts by themselves", async () => {
    const gift = parcel('SF3', { carrier: '85', lines: [{ lineId: `${ORDER_ID}-gift-1`, quantity: 1 }] });
    const { ask, calls } = world({ after: left('SF1') });
    expect(await tell(ask, gift, parcel('SF1'), parcel('SF2'))).toMatchObject({ done: true });
    expect(changes(calls)).toEqual([
      ['pdd.logistics.online.send', sendOrder(ORDER_ID, parcel('SF1'), 'first').params],
      [
        'pdd.order.upload.extra.logistics',
        { order_sn: ORDER_ID, extra_track_type: 1, extra_track_list: [{ shipping_id: 44, tracking_number: 'SF2' }] },
      ],
      [
        'pdd.order.upload.extra.logistics',
        { order_sn: ORDER_ID, extra_track_type: 3, extra_track_list: [{ shipping_id: 85, tracking_number: 'SF3' }] },
      ],
    ]);
  });
  test('gifts that leave before the goods are not told yet: the order would have left there', async () => {
    const gift = parcel('SF3', { lines: [{ lineId: `${ORDER_ID}-gift-1`, quantity: 1 }] });
    const early = world({});
    expect(await tell(early.ask, gift)).toEqual({ done: true, packIds: {} });
    expect(changes(early.calls)).toEqual([]);
    const later = world({ after: left('SF1') });
    expect(await tell(later.ask, gift, parcel('SF1'))).toMatchObject({ done: true });
    expect(changes(later.calls)).toHaveLength(2);
    const giftsOnly = world({ order: { item_list: [] }, after: left('SF3') });
    expect(await tell(giftsOnly.ask, gift)).toMatchObject({ done: true });
    expect(changes(giftsOnly.calls)).toEqual([['pdd.logistics.online.send', sendOrder(ORDER_ID, gift, 'first').params]]);
  });
  test('a second parcel, days later, is put beside the one that stands', async () => {
    const { ask, calls } = world({ order: left('SF1') });
    expect(await tell(ask, parcel('SF1'), parcel('SF2'))).toMatchObject({ done: true });
    expect(changes(calls)).toHaveLength(1);
  });
  test("a wrong number beside the order's own cannot be taken away: a person is told", async () => {
    const beside = (numbers: readonly string[]) =>
      left('SF1', { extra_delivery_list: numbers.map((each) => ({ logistics_id: 44, tracking_number: each })) });
    const parcels = [parcel('SF1'), parcel('SF3', { former: ['SF2'] })] as const;
    const kept = world({ order: beside(['SF2']), after: beside(['SF2', 'SF3']) });
    expect(await tell(kept.ask, ...parcels)).toMatchObject({ done: false, cause: 'shipped_otherwise', next: 'person' });
    const lost = world({ order: beside(['SF2', 'SF3']) }); // the answer was lost, and we try again
    expect(await tell(lost.ask, ...parcels)).toMatchObject({ done: false, cause: 'shipped_otherwise', next: 'person' });
    const swapped = world({ order: beside(['SF2']) });
    expect(await tell(swapped.ask, parcel('SF1', { former: ['SF2'] }), parcel('SF2', { former: ['SF1'] }))).toMatchObject({ done: true });
    const replaced = world({ order: beside(['SF2']), after: beside(['SF3']) });
    expect(await tell(replaced.ask, ...parcels)).toMatchObject({ done: true });
  });
  test("somebody shipped on the platform's own pages: nothing is written over it", async () => {
    const { ask, calls } = world({ order: left('YT9') });
    expect(await tell(ask, parcel('SF1'))).toMatchObject({ done: false, cause: 'shipped_otherwise', next: 'person' });
    expect(changes(calls)).toEqual([]);
  });
});

describe('what may not be told', () => {
  test.each([
    [{ confirm_status: 2 }, 'ended_there', 'person'],
    [{ group_status: 2 }, 'ended_there', 'person'],
    [{ refund_status: 4, after_sales_status: 10 }, 'ended_there', 'person'],
    [{ refund_status: 2 }, 'after_sale_open', 'later'],
    [{ after_sales_status: 14 }, 'after_sale_open', 'later'],
    [{ risk_control_status: 1 }, 'risk_check', 'later'],
    [{ step_order_info: { step_trade_status: 1 } }, 'unpaid_there', 'person'],
  ] as const)('%j is %s, and no call is made', async (order, cause, next) => {
    const { ask, calls } = world({ order });
    expect(await tell(ask, parcel('SF1'))).toMatchObject({ done: false, cause, next });
    expect(changes(calls)).toEqual([]);
  });
  test('an after-sale that only the check knows of yet', async () => {
    const { ask, calls } = world({ inAfterSale: true });
    expect(await tell(ask, parcel('SF1'))).toMatchObject({ done: false, cause: 'after_sale_open', next: 'later' });
    expect(changes(calls)).toEqual([]);
  });
  test('carriers are numbers there', async () => {
    for (const carrier of ['shunfeng', 'SF', '0', '04', '4 4'])
      expect(await tell(world({}).ask, parcel('SF1', { carrier }))).toMatchObject({ cause: 'carrier_wrong', next: 'person' });
  });
});

describe('after a refusal the order is read back', () => {
  test('our own number there is a success, whatever was said', async () => {
    expect(await tell(world({ send: refusal(), after: left('SF1') }).ask, parcel('SF1'))).toMatchObject({ done: true });
    expect(
      await tell(world({ send: '{"logistics_online_send_response":{"is_success":false}}', after: left('SF1') }).ask, parcel('SF1')),
    ).toMatchObject({ done: true });
  });
  test.each([
    [left('YT9'), 'shipped_otherwise', 'person'],
    [{ refund_status: 2 }, 'after_sale_open', 'later'],
    [{ risk_control_status: 1 }, 'risk_check', 'later'],
    [{ confirm_status: 2 }, 'ended_there', 'person'],
    [{}, 'refused', 'person'],
  ] as const)('%j is %s', async (after, cause, next) => {
    expect(await tell(world({ send: refusal(), after }).ask, parcel('SF1'))).toMatchObject({
      done: false,
      cause,
      next,
      failure: { subCode: '7' },
    });
  });
  test('a success that says no, and an order that is as it was, is no success', async () => {
    const { ask } = world({ send: '{"logistics_online_send_response":{"is_success":false}}' });
    expect(await tell(ask, parcel('SF1'))).toMatchObject({
      done: false,
      cause: 'refused',
      next: 'person',
      failure: { code: 'is_success:false' },
    });
    const beside = world({ order: left('SF1'), extra: '{"upload_extra_logistics_response":{"success":false}}' });
    expect(await tell(beside.ask, parcel('SF1'), parcel('SF2'))).toMatchObject({ done: false, cause: 'refused', next: 'person' });
  });
  test('what time settles is tried again, and nothing is read back', async () => {
    for (const [code, cause] of [
      [70031, 'throttled'],
      [52102, 'no_answer'],
      [10019, 'no_token'],
    ] as const) {
      const { ask, calls } = world({ send: refusal(code, ''), after: left('SF1') });
      expect(await tell(ask, parcel('SF1'))).toMatchObject({ cause, next: 'later' });
      expect(calls).toHaveLength(3);
    }
  });
  test('an answer that was lost: the next try finds the parcel and tells nothing', async () => {
    const { ask, calls } = world({ send: '', after: left('SF1') });
    expect(await tell(ask, parcel('SF1'))).toMatchObject({
      done: false,
      cause: 'no_answer',
      next: 'later',
      failure: { mayHaveHappened: true },
    });
    expect(await tell(ask, parcel('SF1'))).toMatchObject({ done: true });
    expect(changes(calls)).toHaveLength(1);
  });
});

describe("our key in the seller's note", () => {
  const notes = (remark: unknown, more: object = {}, answer = '{"response":{"success":true}}') =>
    platform({ 'pdd.order.information.get': detailAnswer({ remark, ...more }), 'pdd.order.note.update': answer });
  const write = (ask: ReturnType<typeof platform>['ask']) => pinduoduoWriteBack.writeOrderKey?.(ask, subjectOf(ORDER_ID), KEY);
  test.each([
    ['', `【堰:${KEY}】`],
    [null, `【堰:${KEY}】`],
    ['老客户，送小样', `老客户，送小样 【堰:${KEY}】`],
    ['a 【堰:PD1】 b', `a 【堰:${KEY}】 b`],
  ])('%j becomes %j', async (remark, note) => {
    const { ask, calls } = notes(remark);
    expect(await write(ask)).toEqual({ done: true, packIds: {} });
    expect(calls.slice(1)).toEqual([{ method: 'pdd.order.note.update', params: { order_sn: ORDER_ID, note } }]);
  });
  test('is not written when it is there', async () => {
    const { ask, calls } = notes(`【堰:${KEY}】 加急`);
    expect(await write(ask)).toMatchObject({ done: true });
    expect(calls).toHaveLength(1);
  });
  test('keeps the tag: its number and its name together', async () => {
    for (const [more, tag] of [
      [
        { remark_tag: 1, remark_tag_name: '急单' },
        { tag: 1, tag_name: '急单' },
      ],
      [
        { remark_tag: '5', remark_tag_name: null },
        { tag: 5, tag_name: '紫色' },
      ],
      [{ remark_tag: null }, {}],
    ] as const) {
      const { ask, calls } = notes('x', more);
      await write(ask);
      expect(calls[1]?.params).toEqual({ order_sn: ORDER_ID, note: `x 【堰:${KEY}】`, ...tag });
    }
  });
  test('leaves a note alone in which it has no room', async () => {
    const { ask, calls } = notes('字'.repeat(MAX_NOTE - 10));
    expect(await write(ask)).toMatchObject({ done: false, cause: 'refused', next: 'person' });
    expect(calls).toHaveLength(1);
  });
  test('a no is a no, also inside a success', async () => {
    expect(await write(notes('x', {}, '{"response":{"success":false,"error_code":3}}').ask)).toMatchObject({
      cause: 'refused',
      failure: { subCode: '3' },
    });
    expect(await write(notes('x', {}, refusal(52101)).ask)).toMatchObject({ cause: 'throttled', next: 'later' });
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
});
