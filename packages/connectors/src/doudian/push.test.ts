import { NO_FACTS, RANK, record, view } from '@weir/core';
import { expect, test } from 'vitest';
import { fixture, judge, validate } from './judge.test-support.ts';
import { PUSH_ANSWER, type PushReading, readPush } from './push.ts';
import { TAGS } from './push-tags.ts';
import { route } from './route.ts';

const bytes = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const ORDER = '6930000000000002002';
/** A push as the platform sends it: a list of one, data as JSON text; ids are put in as bare numbers afterwards. */
const aPush = (tag: string | number, data: object): Buffer =>
  bytes([{ tag, msg_id: 'm', data: JSON.stringify({ p_id: ORDER, shop_id: 1234567, ...data }) }]);
const only = (body: Buffer): PushReading => {
  const [reading, ...more] = readPush(body);
  if (reading === undefined || more.length > 0) throw new Error('not one message');
  return reading;
};
const provenBy = (body: Buffer) => {
  const reading = only(body);
  return reading.kind === 'news' ? reading.proves : undefined;
};

/** What the house holds after these messages. */
const stateAfter = (bodies: readonly Buffer[]) =>
  view(
    bodies.reduce((facts, body) => {
      const { report } = validate(provenBy(body));
      if (!report) throw new Error('proves nothing');
      return record(facts, { type: 'reported', report: { ...report, rank: RANK.push } });
    }, NO_FACTS),
  );

test('a batch is read message by message, and ids that differ in their last digits stay apart', () => {
  const readings = readPush(fixture('samples/push.batch_string_data.json'));
  expect(readings.map((reading) => [reading.tag, reading.kind, 'subject' in reading ? reading.subject.id : null])).toEqual([
    ['100', 'news', '6930000000000001001'],
    ['110', 'news', '6930000000000007007'],
    ['101', 'news', '6930000000000002002'],
    ['105', 'news', '6930000000000002002'],
    ['108', 'news', '6930000000000003003'],
    ['200', 'news', '6930000000000004004'],
    ['106', 'news', '6930000000000005005'],
  ]);
});

test('the other spelling reads the same: numeric tag, msgId, data as an object, ids as text or as numbers', () => {
  expect(
    readPush(fixture('samples/push.object_data_numeric_tag.json')).map(({ tag, messageId }) => [tag, messageId?.split(':')[1]]),
  ).toEqual([
    ['206', '206'],
    ['112', '112'],
  ]);
  const data = { p_id: ORDER, shop_id: '1234567', order_status: 2, pay_time: 1771722390, pay_amount: 20880 };
  const spellings = [
    `[{"tag":"101","msg_id":"m","data":${JSON.stringify(JSON.stringify(data))}}]`,
    `[{"tag":101,"msgId":"m","data":${JSON.stringify(data)}}]`,
    `{"tag":101,"msgId":"m","data":${JSON.stringify(data).replaceAll(/"(\d+)"/g, '$1')}}`,
    `\ufeff[{"tag":"101","msg_id":"m","data":{"p_id":${ORDER},"shop_id":1234567,"order_status":"2","pay_time":"1771722390","pay_amount":"20880"}}]`,
  ];
  const readings = spellings.map((text) => only(Buffer.from(text)));
  for (const reading of readings) expect(reading).toEqual(readings[0]);
  expect(readings[0]).toMatchObject({
    kind: 'news',
    proves: { channelOrderId: ORDER, paid: '208.80', modifiedAt: '2026-02-22T09:06:30+08:00' },
  });
});

test('the probe is told apart from a message that somebody gave tag 0, and both are answered as the platform expects', () => {
  expect(readPush(fixture('samples/push.probe.json'))).toEqual([{ index: 0, tag: '0', messageId: '0', kind: 'probe' }]);
  expect(route(fixture('samples/push.probe.json'))).toEqual([{ kind: 'probe', index: 0 }]);
  expect(only(aPush(0, { order_status: 2 })).kind).toBe('unmapped');
  expect(PUSH_ANSWER).toEqual(JSON.parse(fixture('samples/push.answer.json').toString()));
});

test('paid and still under check is a sign not to ship, in the very message that says paid', () => {
  const proves = provenBy(aPush(110, { order_status: 105, pay_time: 1771723700 }));
  expect(proves).toMatchObject({
    status: 'paid',
    doNotShip: [{ kind: 'channel_risk', code: 'order_status_105', since: '2026-02-22T09:28:20+08:00' }],
  });
});

test('a message without a time of its own proves nothing: late, it would undo what came after it', () => {
  expect(only(aPush(110, { order_status: 105 }))).toMatchObject({ kind: 'news', proves: null, wants: ['detail'] });
});

test('where tag and status contradict each other nothing is proved, and it is said why', () => {
  expect(only(aPush(106, { order_status: 2, cancel_time: 1771637405 }))).toMatchObject({
    kind: 'news',
    proves: null,
    doubts: [{ code: 'field.not_allowed', pointer: '/0/data/order_status', reading: '2', expected: '4' }],
  });
});

test('a changed address comes with its ciphertexts as token; with masks alone it is a hint', () => {
  const [, , , changed] = readPush(fixture('samples/push.batch_string_data.json'));
  expect(changed).toMatchObject({
    proves: {
      receiver: {
        name: '李*',
        phone: '138****0009',
        district: '福田区',
        detail: '测试二街道***号',
        token: 'tel=$TESTtelindex$TESTcipher==$1$$ name=#TESTnameindex#TESTcipher==#1## detail=#TESTnewdetail0000#TEST=#0##',
      },
    },
  });
  expect(only(aPush(105, { order_status: 2, update_time: 1771723080, receiver_msg: { name: '李*', tel: '138****0009' } }))).toMatchObject({
    proves: null,
    doubts: [],
  });
});

test('a parcel tells which pieces of which lines left; the same line twice is added up', () => {
  const line = { shipped_order_id: ORDER, shipped_num: '1' };
  const logistics_msg = { express_company_id: 'shunfeng', logistics_code: 'SF1', shipped_order_info: [line, line] };
  expect(provenBy(aPush(108, { order_status: 101, update_time: 1771718401, logistics_msg }))).toMatchObject({
    shipments: [
      {
        id: 'shunfeng_SF1',
        carrier: 'shunfeng',
        trackingNumber: 'SF1',
        at: '2026-02-22T08:00:01+08:00',
        lines: [{ lineId: ORDER, quantity: 2 }],
      },
    ],
  });
});

test('a parcel of an order that left in part proves nothing when it does not say what is in it', () => {
  const logistics_msg = { express_company_id: 'shunfeng', logistics_code: 'SF1', shipped_order_info: [] };
  expect(only(aPush(108, { order_status: 101, update_time: 1771718401, logistics_msg }))).toMatchObject({ kind: 'news', proves: null });
  expect(provenBy(aPush(102, { order_status: 3, update_time: 1771718401, logistics_msg }))).toMatchObject({ shipments: [{ lines: [] }] });
});

test('a refund that was asked for, withdrawn or paid is told; an exchange moves no money', () => {
  const refund = (tag: number, status: number, time: string, type = 0) =>
    provenBy(
      aPush(tag, {
        s_id: ORDER,
        aftersale_id: '147',
        aftersale_status: status,
        aftersale_type: type,
        refund_amount: 8900,
        [time]: 1771723800,
      }),
    )?.refunds;
  expect(refund(200, 6, 'apply_time')).toEqual([
    { id: '147', lineId: ORDER, amount: '89.00', status: 'requested', at: '2026-02-22T09:30:00+08:00' },
  ]);
  expect(refund(207, 28, 'close_time')).toMatchObject([{ status: 'withdrawn' }]);
  expect(refund(206, 12, 'success_time')).toMatchObject([{ status: 'done' }]);
  expect(refund(200, 6, 'apply_time', 3)).toBeUndefined();
  expect(refund(200, 6, 'apply_time', 6)).toBeUndefined(); // a price guarantee holds no parcel back
  expect(refund(206, 12, 'success_time', 6)).toMatchObject([{ status: 'done' }]);
});

test("the seller's yes is no money yet, whatever status stands beside it: only the success says that it is back", () => {
  const paid = aPush(101, { order_status: 2, pay_time: 1771722390, pay_amount: 20880 });
  const about = (tag: number, time: object) =>
    aPush(tag, { aftersale_id: '147', aftersale_status: 12, aftersale_type: 2, refund_amount: 20880, ...time });
  const agreed = about(201, { agree_time: 1771723800 });
  expect(stateAfter([paid, agreed])).toMatchObject({ status: 'paid', refunds: [{ id: '147', status: 'agreed' }] });
  const back = about(206, { success_time: 1771723900 });
  expect(stateAfter([paid, agreed, back])).toMatchObject({ refunds: [{ id: '147', status: 'done' }] });
});

test('an unknown tag and an unknown after-sale code are shown to a person, and the order is fetched all the same', () => {
  expect(only(aPush(999, {}))).toMatchObject({
    kind: 'unmapped',
    wants: ['detail'],
    problems: [{ code: 'channel.unmapped_code', reading: '999' }],
  });
  expect(
    only(aPush(200, { aftersale_id: '1', aftersale_status: 77, aftersale_type: 0, refund_amount: 1, apply_time: 1771723800 })),
  ).toMatchObject({
    kind: 'unmapped',
    problems: [{ code: 'channel.unmapped_code', reading: '77' }],
  });
});

test('milliseconds are not taken for seconds', () => {
  expect(only(aPush(100, { order_status: 1, create_time: 1771722180000 }))).toMatchObject({
    proves: null,
    doubts: [{ code: 'time.not_zoned' }],
  });
});

test.each(['', 'null', '[]', '{}', '[null]', '[1,"x",[]]', '{"data":{"p_id":1}}', '[{"tag":101,"data":"not json"}]', '\u0000\u0001'])(
  'what is no message is refused with a reason: %j',
  (text) => {
    for (const outcome of judge(Buffer.from(text))) expect(outcome).toMatch(/^refused: \S+/);
    expect(judge(Buffer.from(text))).not.toEqual([]);
  },
);

test('bytes that could be a push and an answer are a push, whoever asks', () => {
  const both = bytes({ tag: 101, data: { p_id: ORDER, shop_id: 1, shop_order_list: [{ order_id: '1' }] } });
  expect(route(both)).toMatchObject([{ kind: 'order', subject: { id: ORDER } }]);
  expect(judge(both)).toEqual(['hint']);
});

test('a list beyond every bound is refused as a whole', () => {
  expect(readPush(bytes(Array.from({ length: 1_001 }, () => ({ tag: 0, data: 'x' }))))).toMatchObject([{ kind: 'unroutable' }]);
});

test('every fact that a sample proves passes the validation of the house', () => {
  const samples = ['samples/push.batch_string_data.json', 'samples/push.object_data_numeric_tag.json'];
  const proven = samples.flatMap((path) => readPush(fixture(path))).flatMap((reading) => (reading.kind === 'news' && reading.proves) || []);
  expect(proven).toHaveLength(7);
  expect(proven.flatMap((message) => validate(message).problems)).toEqual([]);
});

test('pushes of one order give the same state in any order and any number of times', () => {
  const day = [
    aPush(100, { order_status: 1, create_time: 1771722370 }),
    aPush(101, { order_status: 2, pay_time: 1771722390, pay_amount: 20880 }),
    aPush(105, {
      order_status: 2,
      update_time: 1771723080,
      receiver_msg: { name: '李*', encrypt_name: '#a#', tel: '1', encrypt_tel: '$b$', addr: '{"encrypt_detail":"#c#"}' },
    }),
    aPush(102, {
      order_status: 3,
      update_time: 1771730000,
      logistics_msg: { express_company_id: 'shunfeng', logistics_code: 'SF1', shipped_order_info: [] },
    }),
    aPush(103, { order_status: 5, complete_time: 1771830000 }),
  ];
  const stateIn = (order: readonly number[]) => stateAfter(order.flatMap((i) => day[i] ?? []));
  const straight = stateIn([0, 1, 2, 3, 4]);
  expect(straight.status).toBe('completed');
  expect(stateIn([4, 3, 2, 1, 0])).toEqual(straight);
  expect(stateIn([2, 0, 4, 4, 1, 3, 0])).toEqual(straight);
});

test('a wish for another address asks for a person, once for each time at which it was made; without that time a person sees the message', () => {
  expect(only(aPush(111, { apply_time: 1771723700, receiver_msg: { name: '周*' } }))).toMatchObject({
    kind: 'news',
    wants: ['detail'],
    doubts: [],
    asks: [{ id: 'address_wish:1771723700', why: 'order.address_wished', since: 1_771_723_700_000 }],
    proves: { modifiedAt: '2026-02-22T09:28:20+08:00', partial: true },
  });
  const told = only(aPush(111, { apply_time: 1771723700 }));
  expect(told.kind === 'news' && Object.keys(told.proves ?? {}).sort()).toEqual([
    'channel',
    'channelOrderId',
    'modifiedAt',
    'partial',
    'schema',
    'shop',
  ]);
  expect(only(aPush(111, {}))).toMatchObject({ kind: 'unmapped', problems: [{ code: 'field.missing', pointer: '/0/data/apply_time' }] });
  expect(only(aPush(111, { apply_time: 'soon' }))).toMatchObject({
    kind: 'unmapped',
    problems: [{ code: 'field.wrong_type', pointer: '/0/data/apply_time' }],
  });
  expect(only(aPush(112, { apply_time: 1771723700 }))).not.toHaveProperty('asks');
});

test('the table holds every message of the notes', () => {
  const trade = [100, 101, 102, 103, 104, 105, 106, 108, 109, 110, 111, 112, 113, 126];
  const refund = [200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 211, 212, 216, 217, 218];
  expect([...TAGS.keys()]).toEqual([...trade, ...refund, 500, 501, 504, 505].map(String));
});
