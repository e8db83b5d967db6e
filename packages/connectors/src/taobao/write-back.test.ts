import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LeftParcel } from '../adapter.ts';
import { fixture, platform, refusal, SHOP } from './judge.test-support.ts';
import { MAX_MEMO_BYTES } from './memo.ts';
import { correctTracking, SHIP_REMEDIES, shipParcel } from './shipping.ts';
import { OIDS, TID, tradeText } from './trade.test-support.ts';
import { taobaoWriteBack } from './write-back.ts';

const subject = { kind: 'order' as const, channel: 'taobao', shop: SHOP, id: TID };
const NOW = 0;
const FULL = 'taobao.trade.fullinfo.get';
const PARCELS = 'taobao.logistics.orders.get';
const COMPANIES = 'taobao.logistics.companies.get';
const WHOLE = 'taobao.logistics.offline.send';
const PART = 'alibaba.ascp.logistics.offline.send';
const CORRECT = 'taobao.logistics.consign.resend';
const ASKED = new Set([FULL, PARCELS, COMPANIES]);
const YES = {
  [WHOLE]: '{"logistics_offline_send_response":{"shipping":{"is_success":true}}}',
  [PART]: '{"alibaba_ascp_logistics_offline_send_response":{"result":{"success":true}}}',
  [CORRECT]: '{"logistics_consign_resend_response":{"shipping":{"is_success":true}}}',
};
const NO_COMPANIES = '{"logistics_companies_get_response":{}}';
const NO_PARCELS = '{"logistics_orders_get_response":{}}';

const parcel = (id: string, trackingNumber: string, lines: LeftParcel['lines'], former: readonly string[] = []): LeftParcel => ({
  id,
  carrier: 'SF',
  trackingNumber,
  former,
  lines,
  requestId: `r-${id}`,
});
const ALL = [
  { lineId: OIDS[0], quantity: 1 },
  { lineId: OIDS[1], quantity: 2 },
];
type Members = NonNullable<Parameters<typeof tradeText>[0]>;
const trade = (more?: Members, lines?: readonly Members[]): string => `{"trade_fullinfo_get_response":{"trade":${tradeText(more, lines)}}}`;
const LEFT = { status: 'WAIT_BUYER_CONFIRM_GOODS', invoice_no: 'SF1', logistics_company: '顺丰速运' };
const shipped = (number = 'SF1'): string =>
  trade({ status: LEFT.status }, [
    { ...LEFT, invoice_no: number },
    { ...LEFT, invoice_no: number },
  ]);
const listed = (...parcels: readonly (readonly [string, readonly string[]])[]): string =>
  JSON.stringify({
    logistics_orders_get_response: {
      shippings: { shipping: parcels.map(([out_sid, oids]) => ({ out_sid, company_name: '顺丰速运', sub_tids: { number: oids } })) },
    },
  }).replaceAll(/"(\d{19})"/g, '$1');

async function tell(parcels: readonly LeftParcel[], script: Parameters<typeof platform>[0]) {
  const { ask, asked } = platform({ [PARCELS]: NO_PARCELS, [COMPANIES]: NO_COMPANIES, ...script });
  const told = await taobaoWriteBack.tellShipped(ask, subject, parcels, NOW);
  return { told, calls: asked.filter(({ method }) => !ASKED.has(method)), asked };
}

describe('the calls', () => {
  test('some lines of a trade in one parcel, as the notes have it', () => {
    const sample = JSON.parse(fixture('samples/ascp_logistics_offline_send.request.json').toString()) as Record<string, string>;
    const { method, params } = shipParcel(
      '3724561098877120225',
      { carrier: 'SF', trackingNumber: 'SF0000000000225' },
      [{ lineId: '3724561098877121225', quantity: 1, isPart: false }],
      'first',
    );
    expect({ method, ...params }).toEqual({
      ...sample,
      consign_pkgs: JSON.parse(sample['consign_pkgs'] ?? '') as unknown,
      consign_status: JSON.parse(sample['consign_status'] ?? '') as unknown,
    });
  });
  test('a parcel of nothing is not built', () => {
    expect(() => shipParcel('1', { carrier: 'SF', trackingNumber: '1' }, [], 'first')).toThrow(RangeError);
    expect(() => shipParcel('1', { carrier: 'SF', trackingNumber: '1' }, [{ lineId: '1', quantity: 0, isPart: false }], 'first')).toThrow(
      RangeError,
    );
  });
  test('a correction names the lines only where the trade left in several parcels', () => {
    expect(correctTracking('1', { carrier: 'SF', trackingNumber: '2' }, []).params).toEqual({ tid: '1', out_sid: '2', company_code: 'SF' });
    expect(correctTracking('1', { carrier: 'SF', trackingNumber: '2' }, ['8', '9']).params).toMatchObject({ sub_tid: '8,9', is_split: 1 });
  });
});

describe('telling what left', () => {
  test('all of it in one parcel', async () => {
    const { told, calls } = await tell([parcel('p1', 'SF1', ALL)], { [FULL]: trade(), ...YES });
    expect(told).toEqual({ done: true, packIds: {} });
    expect(calls).toEqual([{ method: WHOLE, params: { tid: TID, out_sid: 'SF1', company_code: 'SF' } }]);
  });
  test('one line, then pieces of the other in two parcels: only the last one completes it', async () => {
    const parcels = [
      parcel('p1', 'SF1', [{ lineId: OIDS[0], quantity: 1 }]),
      parcel('p2', 'SF2', [{ lineId: OIDS[1], quantity: 1 }]),
      parcel('p3', 'SF3', [{ lineId: OIDS[1], quantity: 1 }]),
    ];
    const { told, calls } = await tell(parcels, { [FULL]: trade(), ...YES });
    expect(told.done).toBe(true);
    expect(calls.map(({ method, params }) => [method, params['consign_type'], params['consign_status']])).toEqual([
      [PART, 1, [{ sub_tid: OIDS[0], is_part_consign: false }]],
      [PART, 1, [{ sub_tid: OIDS[1], is_part_consign: true }]],
      [PART, 1, [{ sub_tid: OIDS[1], is_part_consign: false }]],
    ]);
    expect(calls[1]?.params['consign_pkgs']).toEqual([
      { out_sid: 'SF2', company_code: 'SF', goods: [{ sub_tid: OIDS[1], item_type: 0, num: 1 }] },
    ]);
  });
  test('what stands there is not told again, whatever the spelling of its number', async () => {
    const { told, calls } = await tell([parcel('p1', ' sf1 ', ALL)], { [FULL]: shipped() });
    expect([told.done, calls]).toEqual([true, []]);
  });
  test('a parcel that no line shows any more is found in the list of parcels', async () => {
    const parcels = [parcel('p1', 'SF1', [{ lineId: OIDS[1], quantity: 1 }]), parcel('p2', 'SF2', [{ lineId: OIDS[1], quantity: 1 }])];
    const { told, calls } = await tell(parcels, {
      [FULL]: trade({}, [{}, { ...LEFT, invoice_no: 'SF2' }]),
      [PARCELS]: listed(['SF1', [OIDS[1]]], ['SF2', [OIDS[1]]]),
    });
    expect([told.done, calls]).toEqual([true, []]);
  });
  test('without the right to that list the lines have to do; without an answer nothing is told', async () => {
    const parcels = [parcel('p1', 'SF1', ALL)];
    expect((await tell(parcels, { [FULL]: shipped(), [PARCELS]: refusal('isv.permission-api-package-limit', 11) })).told.done).toBe(true);
    expect((await tell(parcels, { [FULL]: shipped('SF9'), [PARCELS]: refusal('isp.timeout') })).told).toMatchObject({
      cause: 'no_answer',
      next: 'later',
    });
  });
  test('a corrected number of the whole trade, and of one parcel of several', async () => {
    const whole = await tell([parcel('p1', 'SF8', ALL, ['SF1'])], { [FULL]: shipped(), [PARCELS]: listed(['SF1', [...OIDS]]), ...YES });
    expect(whole.calls).toEqual([{ method: CORRECT, params: { tid: TID, out_sid: 'SF8', company_code: 'SF' } }]);
    const parcels = [
      parcel('p1', 'SF1', [{ lineId: OIDS[0], quantity: 1 }]),
      parcel('p2', 'SF9', [{ lineId: OIDS[1], quantity: 2 }], ['SF2']),
    ];
    const one = await tell(parcels, {
      [FULL]: trade({ status: LEFT.status }, [LEFT, { ...LEFT, invoice_no: 'SF2' }]),
      [PARCELS]: listed(['SF1', [OIDS[0]]], ['SF2', [OIDS[1]]]),
      ...YES,
    });
    expect(one.calls).toEqual([
      { method: CORRECT, params: { tid: TID, out_sid: 'SF9', company_code: 'SF', sub_tid: OIDS[1], is_split: 1 } },
    ]);
  });
  const goods = (calls: Awaited<ReturnType<typeof tell>>['calls']) =>
    calls.map(({ params }) => [params['consign_type'], params['consign_pkgs'], params['consign_status']]);
  describe('the carrier under our number', () => {
    const known = {
      [COMPANIES]: JSON.stringify({
        logistics_companies_get_response: {
          logistics_companies: {
            logistics_company: [
              { id: 505, code: 'SF', name: '顺丰速运' },
              { id: 500, code: 'ZTO', name: '中通快递' },
            ],
          },
        },
      }),
    };
    const correct = async (company: string, script: Parameters<typeof tell>[1] = {}) => {
      const line = { ...LEFT, logistics_company: company };
      const full = trade({ status: LEFT.status }, [line, line]);
      const { told, calls } = await tell([parcel('p1', 'SF1', ALL)], { [FULL]: full, ...known, ...YES, ...script });
      return { told, calls };
    };
    test('is another one there: it is corrected', async () => {
      const { told, calls } = await correct('中通快递');
      expect([told.done, calls]).toEqual([true, [{ method: CORRECT, params: { tid: TID, out_sid: 'SF1', company_code: 'SF' } }]]);
    });
    test.each(['顺丰速运', 'SF', 'sf', '', '自己送'])(
      'is named %j there: the same, or nobody can tell, and nothing is changed',
      async (company) => {
        expect(await correct(company)).toEqual({ told: { done: true, packIds: {} }, calls: [] });
      },
    );
    test('cannot be compared: nothing is changed without the right to the list of companies, and without an answer it is tried again', async () => {
      expect(await correct('中通快递', { [COMPANIES]: refusal('isv.permission-api-package-limit', 11) })).toMatchObject({
        told: { done: true },
        calls: [],
      });
      expect((await correct('中通快递', { [COMPANIES]: refusal('isp.timeout') })).told).toMatchObject({
        cause: 'no_answer',
        next: 'later',
      });
    });
    test('"nothing would change" is the platform’s own word that it is the same; other refusals are for a person', async () => {
      const refused = async (code: string) =>
        (await correct('中通快递', { [CORRECT]: refusal(`isv.logistics-update-company-or-mailno-error:${code}`) })).told;
      expect(await refused('P07')).toMatchObject({ done: true });
      expect(await refused('P06')).toMatchObject({ done: false, next: 'person' });
      expect(await refused('P03')).toMatchObject({ cause: 'carrier_wrong', next: 'person' });
    });
  });
  test('a line that stands there under no number is told under that of the parcel which holds it here', async () => {
    const { told, calls } = await tell([parcel('p1', 'SF1', ALL)], {
      [FULL]: trade({ status: 'SELLER_CONSIGNED_PART' }, [LEFT, { status: 'WAIT_SELLER_SEND_GOODS' }]),
      [PARCELS]: listed(['SF1', [OIDS[0]]]),
      ...YES,
    });
    expect(told.done).toBe(true);
    expect(goods(calls)).toEqual([
      [
        1,
        [{ out_sid: 'SF1', company_code: 'SF', goods: [{ sub_tid: OIDS[1], item_type: 0, num: 2 }] }],
        [{ sub_tid: OIDS[1], is_part_consign: false }],
      ],
    ]);
  });
  test('a corrected number, and a line more in the parcel: both are told', async () => {
    const { told, calls } = await tell([parcel('p1', 'SF8', ALL, ['SF1'])], {
      [FULL]: trade({ status: 'SELLER_CONSIGNED_PART' }, [LEFT, { status: 'WAIT_SELLER_SEND_GOODS' }]),
      [PARCELS]: listed(['SF1', [OIDS[0]]]),
      ...YES,
    });
    expect([told.done, calls.map(({ method }) => method)]).toEqual([true, [CORRECT, PART]]);
    expect(calls[1]?.params['consign_pkgs']).toMatchObject([{ out_sid: 'SF8', goods: [{ sub_tid: OIDS[1] }] }]);
  });
  test('a line more that has ended there, or waits there, is not told', async () => {
    const after = (line: Members) =>
      tell([parcel('p1', 'SF1', ALL)], { [FULL]: trade({}, [LEFT, line]), [PARCELS]: listed(['SF1', [OIDS[0]]]), ...YES });
    expect(await after({ status: 'TRADE_CLOSED' })).toMatchObject({ told: { cause: 'ended_there', next: 'person' }, calls: [] });
    expect(await after({ refund_status: 'WAIT_SELLER_AGREE' })).toMatchObject({ told: { cause: 'after_sale_open' }, calls: [] });
  });
  test('a line of the parcel that left there in a parcel of somebody else: a person compares', async () => {
    const { told, calls } = await tell([parcel('p1', 'SF1', ALL)], {
      [FULL]: trade({ status: LEFT.status }, [LEFT, { ...LEFT, invoice_no: 'YT1' }]),
      [PARCELS]: listed(['SF1', [OIDS[0]]], ['YT1', [OIDS[1]]]),
      ...YES,
    });
    expect([told, calls]).toMatchObject([{ cause: 'shipped_otherwise', next: 'person' }, []]);
  });
  test('a line that stands there in part and has left here whole waits for a person, unless a second look finds it whole', async () => {
    const inPart = trade({ status: 'SELLER_CONSIGNED_PART' }, [LEFT, { invoice_no: 'SF1', status: 'WAIT_SELLER_SEND_GOODS' }]);
    const after = (then: string) =>
      tell([parcel('p1', 'SF1', ALL)], { [FULL]: (_, nth) => (nth === 0 ? inPart : then), [PARCELS]: listed(['SF1', [...OIDS]]), ...YES });
    expect(await after(inPart)).toMatchObject({
      told: { cause: 'refused', next: 'person', failure: { code: 'parcels', subCode: 'in_part' } },
      calls: [],
    });
    expect(await after(shipped())).toMatchObject({ told: { done: true }, calls: [] });
  });
  test('without the right to the list of parcels nobody knows which pieces of a line were told: a person compares', async () => {
    const pieces = (number: string) => parcel(number, number, [{ lineId: OIDS[1], quantity: 1 }]);
    const { told, calls } = await tell([pieces('SF1'), pieces('SF2')], {
      [FULL]: trade({ status: 'SELLER_CONSIGNED_PART' }, [{}, { invoice_no: 'SF1', status: 'WAIT_SELLER_SEND_GOODS' }]),
      [PARCELS]: refusal('isv.permission-api-package-limit', 11),
      ...YES,
    });
    expect([told, calls]).toMatchObject([{ cause: 'refused', next: 'person', failure: { subCode: 'unlisted' } }, []]);
  });
  test('sent once more beside a parcel of ours: a re-ship; beside a parcel of somebody else: a person compares', async () => {
    const [first, again] = [parcel('p1', 'SF1', ALL), parcel('p2', 'SF2', [{ lineId: OIDS[0], quantity: 1 }])];
    const ours = await tell([first, again], { [FULL]: shipped(), ...YES });
    expect(ours.calls.map(({ method, params }) => [method, params['consign_type']])).toEqual([[PART, 3]]);
    const theirs = await tell([again], { [FULL]: shipped('YT1'), ...YES });
    expect(theirs).toMatchObject({ told: { cause: 'shipped_otherwise', next: 'person' }, calls: [] });
  });
  test.each([
    ['TRADE_CLOSED', {}, 'ended_there', 'person'],
    ['TRADE_CLOSED_BY_TAOBAO', {}, 'ended_there', 'person'],
    ['WAIT_BUYER_PAY', {}, 'unpaid_there', 'person'],
    ['PAID_FORBID_CONSIGN', {}, 'risk_check', 'later'],
    ['WAIT_SELLER_SEND_GOODS', { refund_status: 'WAIT_SELLER_AGREE' }, 'after_sale_open', 'later'],
    ['WAIT_SELLER_SEND_GOODS', { refund_status: 'SELLER_REFUSE_BUYER' }, 'after_sale_open', 'later'],
    ['WAIT_SELLER_SEND_GOODS', { refund_status: 'SUCCESS' }, 'ended_there', 'person'],
    ['WAIT_SELLER_SEND_GOODS', { status: 'TRADE_CLOSED' }, 'ended_there', 'person'],
  ])('%s, a line %j: not asked for at all, cause %s', async (status, line, cause, next) => {
    const { told, calls } = await tell([parcel('p1', 'SF1', ALL)], { [FULL]: trade({ status }, [{}, line]), ...YES });
    expect([told, calls]).toEqual([{ done: false, packIds: {}, cause, next }, []]);
  });
  test('a line in after-sale does not keep back the parcel of another', async () => {
    const { told } = await tell([parcel('p1', 'SF1', [{ lineId: OIDS[0], quantity: 1 }])], {
      [FULL]: trade({}, [{}, { refund_status: 'WAIT_SELLER_AGREE' }]),
      ...YES,
    });
    expect(told.done).toBe(true);
  });
});

describe('refusals', () => {
  const b27 = refusal('isv.logistics-offline-service-error:B27');
  test('"already shipped" is a success only when our number stands there', async () => {
    const after = (then: string) => tell([parcel('p1', 'SF1', ALL)], { [FULL]: (_, nth) => (nth === 0 ? trade() : then), [WHOLE]: b27 });
    expect((await after(shipped())).told).toEqual({ done: true, packIds: {} });
    expect((await after(shipped('YT1'))).told).toMatchObject({
      cause: 'shipped_otherwise',
      next: 'person',
      failure: { subCode: 'isv.logistics-offline-service-error:B27' },
    });
    expect((await after(trade({ status: 'TRADE_CLOSED' }))).told).toMatchObject({ cause: 'ended_there' });
    expect((await after(trade({}, [{}, { refund_status: 'WAIT_SELLER_AGREE' }]))).told).toMatchObject({
      cause: 'after_sale_open',
      next: 'later',
    });
  });
  test('every code of the table has its cause in words', async () => {
    const causes = {
      fix_number: 'number_wrong',
      new_number: 'number_used',
      other_carrier: 'carrier_wrong',
      retry: 'no_answer',
      ask_person: 'refused',
      look: 'no_answer', // nothing speaks against it there: what we see is older than the refusal
    };
    for (const [code, remedy] of SHIP_REMEDIES) {
      const { told } = await tell([parcel('p1', 'SF1', ALL)], {
        [FULL]: trade(),
        [WHOLE]: refusal(`isv.logistics-offline-service-error:${code}`),
      });
      expect(told, code).toMatchObject({ done: false, cause: causes[remedy as keyof typeof causes] });
    }
  });
  test('others: an unknown code, a fault of theirs, a limit, an old token, and an answer that says neither yes nor no', async () => {
    const causeOf = async (answer: string) => (await tell([parcel('p1', 'SF1', ALL)], { [FULL]: trade(), [WHOLE]: answer })).told;
    expect(await causeOf(refusal('isv.logistics-offline-service-error:Z9'))).toMatchObject({ cause: 'refused', next: 'person' });
    expect(await causeOf(refusal('isp.top-remote-connection-timeout'))).toMatchObject({ cause: 'no_answer', next: 'later' });
    expect(await causeOf(refusal('accesscontrol.limited-by-app-access-count', 7))).toMatchObject({ cause: 'throttled', next: 'later' });
    expect(await causeOf(refusal('session-expired', 27))).toMatchObject({ cause: 'no_token', next: 'later' });
    expect(await causeOf('{"logistics_offline_send_response":{"shipping":{"is_success":false}}}')).toMatchObject({
      cause: 'no_answer',
      next: 'later',
    });
    expect((await tell([parcel('p1', 'SF1', ALL)], { [FULL]: '{"trade_fullinfo_get_response":{}}' })).told).toMatchObject({
      cause: 'no_answer',
    });
  });
  test('a no of the newer call without an error has its own words for it, and the same remedies', async () => {
    const first = [parcel('p1', 'SF1', [{ lineId: OIDS[0], quantity: 1 }])];
    const said = async (result: object) =>
      (await tell(first, { [FULL]: trade(), [PART]: JSON.stringify({ alibaba_ascp_logistics_offline_send_response: { result } }) })).told;
    const no = { success: false, error_msg: '原因' };
    expect(await said({ ...no, error_code: 'B60' })).toMatchObject({ cause: 'number_wrong', failure: { subCode: 'B60', message: '原因' } });
    expect(await said({ ...no, sub_code: 'isv.logistics-offline-service-error:F04' })).toMatchObject({ cause: 'number_used' });
    expect(await said({ ...no, error_code: 'isp.system-error' })).toMatchObject({ cause: 'no_answer', next: 'later' });
    expect(await said({ ...no, error_code: 'X1' })).toMatchObject({ cause: 'refused', next: 'person', failure: { message: '原因' } });
    expect(await said({ ...no, error_code: 'B27' })).toMatchObject({ cause: 'no_answer', next: 'later', failure: { message: '原因' } });
    expect(await said({ success: false })).toMatchObject({ cause: 'no_answer', next: 'later' });
  });
  test('of a correction the company has a code of its own', async () => {
    const { told } = await tell([parcel('p1', 'SF8', ALL, ['SF1'])], {
      [FULL]: shipped(),
      [CORRECT]: refusal('isv.logistics-update-company-or-mailno-error:P03'),
    });
    expect(told).toMatchObject({ cause: 'carrier_wrong', next: 'person' });
  });
});

describe("the seller's memo", () => {
  const KEY = 'TB2026022200872A';
  const UPDATE = 'taobao.trade.memo.update';
  async function write(seller_memo: unknown, seller_flag: unknown = 3, answer = '{"trade_memo_update_response":{"trade":{}}}') {
    const { ask, asked } = platform({
      [FULL]: JSON.stringify({ trade_fullinfo_get_response: { trade: { tid: TID, seller_memo, seller_flag } } }),
      [UPDATE]: answer,
    });
    return { told: await taobaoWriteBack.writeOrderKey?.(ask, subject, KEY), calls: asked.filter(({ method }) => method === UPDATE) };
  }
  test('gets our key behind what people wrote, and keeps its flag', async () => {
    const { told, calls } = await write('VIP，送小样');
    expect(told).toEqual({ done: true, packIds: {} });
    expect(calls).toEqual([{ method: UPDATE, params: { tid: TID, memo: `VIP，送小样 【堰:${KEY}】`, reset: false, flag: '3' } }]);
    expect((await write(undefined, undefined)).calls[0]?.params['memo']).toBe(`【堰:${KEY}】`);
  });
  test.each(['{}', '{"trade":null}', '{"trade":{"seller_flag":3}}', '{"trade":{"tid":1,"seller_memo":"of another"}}'])(
    'is not written over an answer that does not tell of this trade: %s',
    async (answer) => {
      const { ask, asked } = platform({ [FULL]: `{"trade_fullinfo_get_response":${answer}}` });
      expect(await taobaoWriteBack.writeOrderKey?.(ask, subject, KEY)).toMatchObject({ done: false, cause: 'no_answer', next: 'later' });
      expect(asked).toHaveLength(1);
    },
  );
  test('is left alone when the key is there, and when it would become too long', async () => {
    expect(await write(`a 【堰:${KEY}】`)).toEqual({ told: { done: true, packIds: {} }, calls: [] });
    const { told, calls } = await write('字'.repeat(330));
    expect([told, calls]).toMatchObject([{ cause: 'refused', next: 'person', failure: { code: 'memo', subCode: 'too_long' } }, []]);
  });
  test('never loses a character of what people wrote, writes once, and never more than the platform takes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 400 }), async (memo) => {
        const { told, calls } = await write(memo);
        const sent = calls[0]?.params['memo'];
        const written = typeof sent === 'string' ? sent : memo;
        expect(written.replace(`【堰:${KEY}】`, '')).toContain(memo.replaceAll(/【堰:[0-9A-Z]{1,40}】/g, ''));
        expect(calls.length === 0 || Buffer.byteLength(written) <= MAX_MEMO_BYTES).toBe(true);
        expect([calls.length, told?.done]).toEqual(told?.done === true ? [1, true] : [0, false]);
        expect((await write(written)).calls.length).toBe(0);
      }),
      { numRuns: 50 },
    );
  });
  test('a refusal says why', async () => {
    expect((await write('', 0, refusal('isv.trade-service-error:X'))).told).toMatchObject({ cause: 'refused', next: 'person' });
  });
});
