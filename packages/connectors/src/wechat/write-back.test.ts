import { describe, expect, test } from 'vitest';
import type { Answer, Ask, Call, LeftParcel, Told } from '../adapter.ts';
import { parseLossless } from '../lossless-json.ts';
import { anOrder, parcel, type Plain, shipping } from './detail.test-support.ts';
import { openFailure } from './errors.ts';
import { UPLOAD_SHIPPING } from './requests.ts';
import { MAX_PARCELS, UPLOAD_REMEDIES, uploadShipping, withContacts } from './shipping.ts';
import { PAID, plain } from './world.test-support.ts';
import { wechatWriteBack } from './write-back.ts';

const AT = Date.parse('2026-02-22T15:10:35.120+08:00');
const left = (number: string, parts: Partial<LeftParcel> = {}): LeftParcel => ({
  id: number,
  carrier: 'YTO',
  trackingNumber: number,
  former: [],
  lines: [],
  requestId: `r-${number}`,
  ...parts,
});
const last = (number: string, parts: Partial<LeftParcel> = {}): LeftParcel => left(number, { isLast: true, ...parts });
const refusal = (errcode: string): Answer => {
  const failure = openFailure({ errcode, errmsg: '说明' });
  if (failure === null) throw new Error('not a refusal');
  return { ok: false, failure };
};
const OK: Answer = { ok: true, data: { errcode: '0' }, bytes: new Uint8Array(), logId: '' };
const standing = (shippingParts: Plain | null, more: Plain = {}): Answer => {
  const text = JSON.stringify({
    errcode: 0,
    order: anOrder(1, { ...(shippingParts === null ? {} : { shipping: shippingParts }), ...more }),
  });
  return { ok: true, data: parseLossless(text), bytes: Buffer.from(text), logId: '' };
};
/** WeChat as it stands, one answer to each look in turn, and what it says to an upload. */
async function tell(
  parcels: readonly LeftParcel[],
  looks: readonly (Plain | null)[],
  upload: Answer = OK,
): Promise<{ readonly told: Told; readonly uploads: readonly Call['params'][] }> {
  const uploads: Call['params'][] = [];
  let look = 0;
  const ask: Ask = async (call) => {
    if (call.method !== UPLOAD_SHIPPING) return standing(looks[Math.min(look++, looks.length - 1)] ?? null);
    uploads.push(call.params);
    return upload;
  };
  return { told: await wechatWriteBack.tellShipped(ask, PAID, parcels, AT), uploads };
}
const numbersOf = (params: Call['params'] | undefined): unknown =>
  (params?.['shipping_list'] as { readonly tracking_no: string }[] | undefined)?.map((each) => each.tracking_no);
const finished = (...numbers: string[]): Plain =>
  shipping({ delivery_mode: numbers.length > 1 ? 2 : 1, shipping_list: numbers.map((number) => parcel(number)) });
const part = (...numbers: string[]): Plain =>
  shipping({ delivery_mode: 2, finish_shipping: false, shipping_list: numbers.map((number) => parcel(number)) });

describe('the call', () => {
  const known = {
    transactionId: '4200002226202602220000000731',
    openid: 'oTEST0000000000000000000731',
    description: '焕亮精华液 30ml*1等2件',
  };
  test('all in one parcel, as the notes have it', () => {
    const call = uploadShipping(known, [{ carrier: 'SF', trackingNumber: 'SF0000000000731' }], true, false, AT);
    expect(withContacts(call.params, '138****0001')).toEqual({
      ...plain<Plain>('samples/upload_shipping_info.request.json'),
      shipping_list: [
        {
          tracking_no: 'SF0000000000731',
          express_company: 'SF',
          item_desc: known.description,
          contact: { consignor_contact: '138****0001' },
        },
      ],
    });
    expect(call.method).toBe('POST /wxa/sec/order/upload_shipping_info');
  });
  test('the last of a split order, as the notes have it but for the kind of its number', () => {
    const sample = plain<Plain>('samples/upload_shipping_info.split_last_parcel.request.json');
    const at = Date.parse('2026-02-22T15:12:00+08:00');
    const call = uploadShipping(
      { ...known, openid: 'oTEST0000000000000000000702', description: '轻薄防晒乳 50g*1' },
      [{ carrier: 'YTO', trackingNumber: 'YT0000000000702' }],
      true,
      true,
      at,
    );
    expect(call.params).toEqual({ ...sample, order_key: { order_number_type: 2, transaction_id: known.transactionId } });
  });
  test('顺丰 needs a phone, and without one the call does not leave the house', () => {
    const call = uploadShipping(
      known,
      [
        { carrier: 'SF', trackingNumber: 'SF1' },
        { carrier: 'YTO', trackingNumber: 'YT1' },
      ],
      true,
      true,
      AT,
    );
    expect(withContacts(call.params, undefined)).toBeNull();
    expect(withContacts(call.params, 'x')?.['shipping_list']).toEqual([
      expect.objectContaining({ contact: { consignor_contact: 'x' } }),
      expect.not.objectContaining({ contact: expect.anything() }),
    ]);
  });
  test('a description is cut to 120 characters, never within one, and is never empty', () => {
    const describedAs = (description: string | undefined) =>
      (
        uploadShipping({ ...known, description }, [left('1')], true, false, AT).params['shipping_list'] as { readonly item_desc: string }[]
      )[0]?.item_desc ?? '';
    expect(Array.from(describedAs('🍌'.repeat(200)))).toHaveLength(120);
    expect(describedAs('🍌'.repeat(200)).isWellFormed()).toBe(true);
    expect(describedAs(undefined)).toBe('商品');
    const told = uploadShipping(known, [left('1', { contents: '龙井*2' })], true, false, AT).params['shipping_list'];
    expect(told).toMatchObject([{ item_desc: '龙井*2' }]);
  });
  test('more parcels than one upload takes, or none, are not built', () => {
    expect(() => uploadShipping(known, [], true, true, AT)).toThrow(RangeError);
    expect(() =>
      uploadShipping(
        known,
        Array.from({ length: MAX_PARCELS + 1 }, (_, i) => left(String(i))),
        true,
        true,
        AT,
      ),
    ).toThrow(RangeError);
  });
});

describe('what is told', () => {
  test('one parcel that is all of it: all in one', async () => {
    const { told, uploads } = await tell([last('YT1')], [null]);
    expect(told).toEqual({ done: true, packIds: {} });
    expect(uploads).toMatchObject([
      {
        delivery_mode: 1,
        logistics_type: 1,
        upload_time: '2026-02-22T15:10:35.120+08:00',
        payer: { openid: 'oTEST00000000000000000000731' },
      },
    ]);
    expect(uploads[0]).not.toHaveProperty('is_all_delivered');
  });
  test('a part of it: split, and not all', async () => {
    expect((await tell([left('YT1')], [null])).uploads).toMatchObject([{ delivery_mode: 2, is_all_delivered: false }]);
  });
  test('the rest of it: only what is not there yet, and now all', async () => {
    const { uploads } = await tell([left('YT1'), last('YT2')], [part('YT1')]);
    expect(uploads).toMatchObject([{ delivery_mode: 2, is_all_delivered: true }]);
    expect(numbersOf(uploads[0])).toEqual(['YT2']);
  });
  test('several at once: one upload', async () => {
    const { uploads } = await tell([left('YT1'), last('YT2')], [null]);
    expect(uploads).toMatchObject([{ delivery_mode: 2, is_all_delivered: true }]);
    expect(numbersOf(uploads[0])).toEqual(['YT1', 'YT2']);
  });
  test('all are there and nobody said that it was the last: the last one again, with that word', async () => {
    const { uploads } = await tell([left('YT1'), last('YT2')], [part('YT1', 'YT2')]);
    expect(uploads).toMatchObject([{ delivery_mode: 2, is_all_delivered: true }]);
    expect(numbersOf(uploads[0])).toEqual(['YT2']);
  });
  test('what stands there already is not told again, in whatever spelling', async () => {
    expect(await tell([last(' yt1 ')], [finished('YT1')])).toEqual({ told: { done: true, packIds: {} }, uploads: [] });
    expect(await tell([left('YT1')], [part('YT1')])).toEqual({ told: { done: true, packIds: {} }, uploads: [] });
  });
  test('a corrected number: shipped anew, all parcels of ours in one upload', async () => {
    expect((await tell([last('YT9', { former: ['YT1'] })], [finished('YT1')])).uploads).toMatchObject([
      { delivery_mode: 1, shipping_list: [{ tracking_no: 'YT9' }] },
    ]);
    const { uploads } = await tell([left('YT1'), last('YT9', { former: ['YT2'] })], [finished('YT1', 'YT2')]);
    expect(numbersOf(uploads[0])).toEqual(['YT1', 'YT9']);
  });
  test('a number that was wrong before all had left: the last parcel finishes the order, and then all of it is told anew', async () => {
    const parcels = [left('YT2', { former: ['YT1'] }), last('YT3')];
    const { told, uploads } = await tell(parcels, [part('YT1', 'YT2'), finished('YT1', 'YT2', 'YT3'), finished('YT2', 'YT3')]);
    expect(told).toMatchObject({ done: true });
    expect(uploads.map(numbersOf)).toEqual([['YT3'], ['YT2', 'YT3']]);
    const before = await tell([left('YT2', { former: ['YT1'] })], [part('YT1'), part('YT1', 'YT2')]);
    expect(before.uploads.map(numbersOf), 'it is not used up as long as more may follow').toEqual([['YT2']]);
  });
  test('a corrected carrier under the same number: shipped anew like a corrected number, and once only', async () => {
    const corrected = last('YT1', { carrier: 'ZTO' });
    const { told, uploads } = await tell([corrected], [finished('YT1')]);
    expect(told).toMatchObject({ done: true });
    expect(uploads).toMatchObject([{ delivery_mode: 1, shipping_list: [{ tracking_no: 'YT1', express_company: 'ZTO' }] }]);
    expect((await tell([corrected], [finished('YT1')], refusal('10060003'))).told).toMatchObject({
      cause: 'corrections_used',
      next: 'person',
    });
    expect((await tell([last('YT1', { carrier: ' yto' })], [finished('YT1')])).uploads, 'in whatever spelling').toEqual([]);
    const bare = shipping({ shipping_list: [{ ...parcel('YT1'), express_company: undefined }] });
    expect((await tell([corrected], [bare])).uploads, 'nothing there says that it is another').toEqual([]);
  });
  test('a carrier that was wrong before all had left: it goes when the order is finished', async () => {
    const wrong = { ...part('YT1'), shipping_list: [parcel('YT1'), parcel('YT1', { express_company: 'ZTO' })] };
    const all = { ...finished('YT1'), delivery_mode: 2, shipping_list: [...wrong.shipping_list, parcel('YT3')] };
    const parcels = [left('YT1', { carrier: 'ZTO' }), last('YT3')];
    const { told, uploads } = await tell(parcels, [wrong, all]);
    expect(told).toMatchObject({ done: true });
    expect(uploads.map(numbersOf)).toEqual([['YT3'], ['YT1', 'YT3']]);
  });
  test('somebody else shipped it there: a person compares, and nothing of theirs is replaced', async () => {
    expect(await tell([last('YT1')], [finished('SF-OTHER')])).toMatchObject({
      told: { done: false, cause: 'shipped_otherwise', next: 'person' },
      uploads: [],
    });
    expect(await tell([last('YT1')], [finished('YT1', 'SF-OTHER')])).toMatchObject({ told: { done: true }, uploads: [] });
  });
  test.each([
    ['fetched by the buyer', { logistics_type: 4, shipping_list: [{ upload_time: 1_771_744_320, goods_desc: '自提' }] }],
    ['brought by the shop, with a number of its own', { logistics_type: 2, shipping_list: [parcel('YT1')] }],
    ['nothing that can be carried, and no entry', { logistics_type: 3 }],
    ['one with a number and one without', { delivery_mode: 2, shipping_list: [parcel('YT1'), { upload_time: 1_771_744_320 }] }],
  ])('what left there in another way is not replaced by our parcel: %s', async (_, told) => {
    expect(await tell([last('YT9', { former: ['YT1'] })], [shipping(told)])).toMatchObject({
      told: { done: false, cause: 'shipped_otherwise', next: 'person' },
      uploads: [],
    });
  });
  test('more parcels than WeChat takes are a person’s affair', async () => {
    expect(
      await tell(
        Array.from({ length: 11 }, (_, i) => left(`YT${i}`)),
        [null],
      ),
    ).toMatchObject({ told: { done: false, next: 'person' }, uploads: [] });
  });
});

describe('refusals', () => {
  test.each([
    ['10060001', 'unpaid_there', 'later'],
    ['10060004', 'after_sale_open', 'later'],
    ['10060026', 'number_wrong', 'person'],
    ['10060025', 'carrier_wrong', 'person'],
    ['10060031', 'refused', 'person'],
    ['268485216', 'refused', 'person'],
    ['-1', 'no_answer', 'later'],
    ['10060012', 'no_answer', 'later'],
    ['45009', 'throttled', 'later'],
    ['42001', 'no_token', 'later'],
    ['99999', 'refused', 'person'],
  ])('%s: %s, %s', async (code, cause, next) => {
    expect((await tell([last('YT1')], [null], refusal(code))).told).toMatchObject({ done: false, cause, next, failure: { code } });
  });
  test.each(['10060002', '10060003', '10060023', '268440065'])('%s is a success only when our numbers stand there', async (code) => {
    expect((await tell([last('YT1')], [null, finished('YT1')], refusal(code))).told).toEqual({ done: true, packIds: {} });
    expect((await tell([last('YT1')], [null, finished('SF-OTHER')], refusal(code))).told).toMatchObject({ done: false, next: 'person' });
  });
  test('10060004 of an order that is over there: it has ended; else money is on its way back, and it is tried again', async () => {
    for (const [order_state, cause] of [
      [1, 'after_sale_open'],
      [5, 'ended_there'],
      [3, 'ended_there'],
      [4, 'ended_there'],
    ] as const) {
      const ask: Ask = async (call) => (call.method === UPLOAD_SHIPPING ? refusal('10060004') : standing(null, { order_state }));
      expect(await wechatWriteBack.tellShipped(ask, PAID, [last('YT1')], AT)).toMatchObject({ done: false, cause });
    }
  });
  test('shipping anew was used up: that is said', async () => {
    expect((await tell([last('YT9', { former: ['YT1'] })], [finished('YT1')], refusal('10060003'))).told).toMatchObject({
      done: false,
      cause: 'corrections_used',
      next: 'person',
    });
  });
  test('a phone that is missing is said in words', async () => {
    const failure = {
      class: 'do_not',
      isKnown: true,
      code: 'contact',
      subCode: '',
      message: '',
      logId: '',
      mayHaveHappened: false,
    } as const;
    expect((await tell([last('SF1', { carrier: 'SF' })], [null], { ok: false, failure })).told).toMatchObject({
      done: false,
      cause: 'phone_needed',
      next: 'person',
    });
  });
  test('a look that fails is a failure of its own', async () => {
    const ask: Ask = async () => refusal('10060001');
    expect(await wechatWriteBack.tellShipped(ask, PAID, [last('YT1')], AT)).toMatchObject({
      done: false,
      cause: 'unpaid_there',
      next: 'later',
      failure: { retryAfterMs: 10_000 },
    });
  });
  test('all refusals of the notes are in the tables', () => {
    for (const { errcode } of plain<{ readonly errcode: number }[]>('samples/upload_shipping_info.responses.json').slice(1)) {
      const answer = refusal(String(errcode));
      expect(!answer.ok && answer.failure.isKnown, String(errcode)).toBe(true);
    }
    expect(UPLOAD_REMEDIES.size).toBeGreaterThan(10);
  });
});
