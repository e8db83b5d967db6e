/** Messages by queue and by socket, and what they prove. */
import { describe, expect, test } from 'vitest';
import { field } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import { randomFrom } from '../mutate.test-support.ts';
import { taobaoAdapter } from './adapter.ts';
import { type Entry, MESSAGE_TYPES, readFrame, writeFrame } from './frames.ts';
import { fixture, hear, judge, platform, SHOP, validate } from './judge.test-support.ts';
import { tmcQueue } from './messages.ts';
import { tmcSocket } from './socket.ts';
import { TOPICS } from './topics.ts';

const app = { key: '12345678', secret: 'helloworld' };
const CONSUME = 'taobao.tmc.messages.consume';
const CONFIRM = 'taobao.tmc.messages.confirm';
const SAMPLE = fixture('samples/tmc_messages_consume.response.json').toString();

describe('the queue', () => {
  test('gives each message as it was written, the repeated one twice, under the id by which it is confirmed', async () => {
    const { ask, asked } = platform({ [CONSUME]: SAMPLE });
    const taken = await tmcQueue.take(ask, app);
    expect(asked).toEqual([{ method: CONSUME, params: { group_name: 'default', quantity: 100 } }]);
    const kept = taken.ok ? taken.value : [];
    expect(kept.map(({ id }) => id)).toEqual([
      '4160600490938325004',
      '4160600490938325011',
      '4160600490938325029',
      '4160600490938325035',
      '4160600490938325004',
    ]);
    expect(new Set(kept.map(({ id }) => id)).size).toBe(4);
    expect(Buffer.from(kept[0]?.bytes ?? []).toString()).toContain('"id": 4160600490938325004,');
  });
  test.each(['{}', '{"messages":{}}', '{"messages":{"tmc_message":[]}}'])('empty: %s', async (data) => {
    const { ask } = platform({ [CONSUME]: `{"tmc_messages_consume_response":${data}}` });
    expect(await tmcQueue.take(ask, app)).toEqual({ ok: true, value: [] });
  });
  test('confirms at most 200 in one call, in the group of the app', async () => {
    const { ask, asked } = platform({ [CONFIRM]: '{"tmc_messages_confirm_response":{"is_success":true}}' });
    const ids = Array.from({ length: 201 }, (_, i) => String(4160600490938325000n + BigInt(i)));
    expect(await tmcQueue.confirm(ask, ids, { ...app, settings: { group: 'g2' } })).toEqual({ ok: true, value: null });
    expect(asked.map(({ params }) => [params['group_name'], String(params['s_message_ids']).split(',').length])).toEqual([
      ['g2', 200],
      ['g2', 1],
    ]);
  });
  test('what is no yes is not taken for one', async () => {
    const { ask } = platform({ [CONFIRM]: '{"tmc_messages_confirm_response":{"is_success":false}}' });
    expect(await tmcQueue.confirm(ask, ['1'], app)).toMatchObject({ ok: false });
    const odd = platform({ [CONSUME]: '{"tmc_messages_consume_response":{"messages":[]}}' });
    expect(await tmcQueue.take(odd.ask, app)).toMatchObject({ ok: false, failure: { code: 'answer' } });
  });
  test('a seller is permitted once', async () => {
    const { ask, asked } = platform({ 'taobao.tmc.user.permit': '{"tmc_user_permit_response":{"is_success":true}}' });
    expect(await taobaoAdapter.permit?.(ask)).toEqual({ ok: true, value: null });
    expect(asked).toEqual([{ method: 'taobao.tmc.user.permit', params: {} }]);
  });
});

test('an app uses the queue, unless it says socket', () => {
  expect(taobaoAdapter.transport?.(app)).toBe('queue');
  expect(taobaoAdapter.transport?.({ ...app, settings: { messages: 'socket' } })).toBe('socket');
  expect(taobaoAdapter.transport?.({ ...app, settings: { messages: 'anything' } })).toBe('queue');
});

const NOW = 1_771_723_800_000;
const ack = (more: object = { token: 'tok-0001' }) => writeFrame({ messageType: MESSAGE_TYPES.connectAck, content: [], ...more });
const data = (...content: Entry[]) => writeFrame({ messageType: MESSAGE_TYPES.send, content: [['__kind', 'byte', 3], ...content] });
const MESSAGE: readonly Entry[] = [
  ['id', 'int64', '4160600490938325004'],
  ['topic', 'string', 'taobao_trade_TradeBuyerPay'],
  ['content', 'string', '{"tid":3724561098877120118,"oid":3724561098877121118,"payment":"209.00"}'],
  ['time', 'date', Date.parse('2026-02-22T09:12:03+08:00')],
  ['userid', 'int64', SHOP],
  ['nick', 'string', '清禾旗舰店_测试'],
  ['publisher', 'string', '12497914'],
];
const hex = (frames: readonly (string | Uint8Array)[]): string[] => frames.map((frame) => Buffer.from(frame).toString('hex'));
const VECTORS = JSON.parse(fixture('vectors.json').toString()) as readonly { readonly name: string; readonly expected: string }[];
const vector = (name: string): string => VECTORS.find((each) => each.name.startsWith(name))?.expected ?? '';
const open = () => {
  const talk = tmcSocket.open(app);
  return { talk, begun: talk.begin(NOW) };
};
const connected = () => {
  const { talk } = open();
  talk.hear(ack(), NOW);
  return talk;
};

describe('the socket', () => {
  test('its address, of the platform or of a simulated one', () => {
    expect(tmcSocket.address(app, NOW)).toBe('wss://mc.api.taobao.com/');
    expect(tmcSocket.address(app, NOW, 'http://127.0.0.1:4000')).toBe('ws://127.0.0.1:4000/');
  });
  test('CONNECT is signed as the vectors have it', () => {
    const { begun } = open();
    const frame = readFrame(begun[0] as Uint8Array);
    expect(frame?.messageType).toBe(MESSAGE_TYPES.connect);
    expect(frame?.content).toEqual(
      expect.arrayContaining([
        ['group_name', 'string', 'default'],
        ['timestamp', 'string', '1771723800000'],
        ['sign', 'string', '8427FEB50969FCB77A9E319A83EB5BC9'],
      ]),
    );
  });
  test('asks at once and every five seconds, with the token of the acknowledgement, byte for byte as the vendor does', () => {
    const { talk } = open();
    expect(talk.tick(NOW + 1_000).frames).toEqual([]);
    expect(hex(talk.hear(ack(), NOW + 1_000).frames)).toEqual([vector('TMC pull request')]);
    expect(talk.tick(NOW + 5_999).frames).toEqual([]);
    expect(hex(talk.tick(NOW + 6_000).frames)).toEqual([vector('TMC pull request')]);
    expect(talk.tick(NOW + 7_000).frames).toEqual([]);
  });
  test('a message is the document that the queue would have given, and is confirmed by its id', () => {
    const talk = connected();
    const { messages, frames } = talk.hear(data(...MESSAGE), NOW);
    expect(frames).toEqual([]);
    expect(messages.map(({ id }) => id)).toEqual(['4160600490938325004']);
    const queued = Object.assign(
      {},
      (
        field(
          field(field(parseBytes(Buffer.from(SAMPLE)), 'tmc_messages_consume_response'), 'messages'),
          'tmc_message',
        ) as readonly object[]
      )[0],
    );
    expect(parseBytes(messages[0]?.bytes ?? new Uint8Array())).toEqual({ ...queued, content: MESSAGE[2]?.[2] });
    expect(Buffer.from(messages[0]?.bytes ?? []).toString()).toContain('"id":4160600490938325004,');
    expect(hex(talk.confirm(messages, NOW))).toEqual([vector('TMC confirm frame')]);
  });
  test('time as text stays as it is; what is no time is left out', () => {
    const timeOf = (entry: Entry) =>
      field(parseBytes(connected().hear(data(...MESSAGE.slice(0, 3), entry), NOW).messages[0]?.bytes ?? new Uint8Array()), 'pub_time');
    expect(timeOf(['time', 'string', '2026-02-22 09:12:03'])).toBe('2026-02-22 09:12:03');
    expect(timeOf(['time', 'int64', '1771722723000'])).toBe('2026-02-22 09:12:03');
    for (const odd of [
      ['time', 'int64', '-1'],
      ['time', 'date', Number.MAX_SAFE_INTEGER],
      ['time', 'void', ''],
    ] as const)
      expect(timeOf(odd)).toBeUndefined();
  });
  test('without an acknowledgement it ends, also when the acknowledgement is a no; the reason is said', () => {
    expect(open().talk.tick(NOW + 14_999).broken).toBeUndefined();
    expect(open().talk.tick(NOW + 15_000).broken).toContain('CONNECT');
    expect(open().talk.hear(ack({ statusCode: 401, statusPhrase: 'sign error' }), NOW).broken).toBe('CONNECT was refused: 401 sign error');
    expect(connected().tick(NOW + 3_600_000).broken).toBeUndefined();
  });
  test('while a thousand wait to become durable, no more are asked for', () => {
    const talk = connected();
    const heard = Array.from({ length: 1_000 }, (_, i) => talk.hear(data(['id', 'int64', String(i + 1)]), NOW).messages).flat();
    expect(talk.tick(NOW + 5_000).frames).toEqual([]);
    expect(talk.confirm(heard.slice(0, 1), NOW)).toHaveLength(1);
    expect(talk.tick(NOW + 5_000).frames).toHaveLength(1);
  });
  test('text, foreign frames and cut ones end the talk; frames that concern nobody are left', () => {
    const whole = Buffer.from(data(...MESSAGE));
    for (const bad of ['{"a":1}', new Uint8Array(), whole.subarray(0, 40), Buffer.concat([whole, Buffer.of(0)]), Buffer.from([1, 2, 0, 0])])
      expect(connected().hear(bad, NOW).broken).toBeDefined();
    for (const other of [writeFrame({ messageType: MESSAGE_TYPES.sendAck, content: [] }), data().subarray(0), data(['id', 'string', 'x'])])
      expect(connected().hear(other, NOW)).toEqual({ messages: [], frames: [] });
  });
});

describe('frames', () => {
  test('every format goes there and back', () => {
    const frame = {
      messageType: 2,
      statusCode: 4_294_967_295,
      statusPhrase: '签名',
      flag: 7,
      token: 't',
      content: [
        ['v', 'void', ''],
        ['s', 'string', '堰'],
        ['b', 'byte', 255],
        ['h', 'int16', -2],
        ['i', 'int32', -3],
        ['l', 'int64', '-9223372036854775808'],
        ['d', 'date', 1_771_722_723_000],
        ['r', 'bytes', Buffer.from([0, 255])],
      ] as const,
    };
    expect(readFrame(writeFrame(frame))).toEqual(frame);
  });
  test('a length that points beyond the end, an unknown header or format, and text that is no UTF-8 are no frame', () => {
    const custom = (rest: string) => Buffer.from(`02020100${rest}`, 'hex');
    for (const bad of [
      custom('ffffffff'),
      custom('0100000061' + '09' + '0000'),
      custom('01000000ff' + '00' + '0000'),
      Buffer.from('02020600' + '0000', 'hex'),
      Buffer.from('0202', 'hex'),
      Buffer.alloc(2_000_000, 2),
    ])
      expect(readFrame(bad)).toBeNull();
  });
  test('10,000 broken copies of real frames: none throws, none yields an id that it does not hold', () => {
    const random = randomFrom(20_260_222);
    const real = [
      data(...MESSAGE),
      ack(),
      ...VECTORS.filter(({ name }) => name.includes('hex')).map(({ expected }) => Buffer.from(expected, 'hex')),
    ];
    for (let run = 0; run < 10_000; run++) {
      const bytes = Buffer.from(real[random.below(real.length)] ?? new Uint8Array());
      for (let left = 1 + random.below(4); left > 0; left--) bytes[random.below(bytes.length)] = random.below(256);
      const cut = bytes.subarray(0, random.below(4) === 0 ? random.below(bytes.length) : bytes.length);
      const { messages } = connected().hear(cut, NOW);
      for (const { id, bytes: kept } of messages) expect(field(parseBytes(kept), 'id')).toBe(id);
    }
  });
});

const message = (topic: string, content: object, more: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ topic, content: JSON.stringify(content), user_id: SHOP, pub_time: '2026-02-22 09:40:16', ...more }));
const TID = '3724561098877120118';
const REFUND = {
  tid: TID,
  oid: '3724561098877122118',
  refund_id: '151243567890003321',
  refund_fee: '59.90',
  bill_type: 'return_bill',
  modified: '2026-02-22 09:40:15',
};

describe('what a message proves', () => {
  test('every sample names its order and asks for it', async () => {
    const taken = await tmcQueue.take(platform({ [CONSUME]: SAMPLE }).ask, app);
    const kept = taken.ok ? taken.value : [];
    const subjects = kept.map(({ bytes }) => taobaoAdapter.routePush(bytes));
    expect(subjects.map((each) => (each.kind === 'orders' ? each.subjects.map(({ shop, id }) => `${shop}/${id}`) : []))).toEqual([
      [`${SHOP}/3724561098877120118`],
      [`${SHOP}/3724561098877120225`],
      [`${SHOP}/3724561098877120332`],
      [`${SHOP}/3724561098877120118`],
      [`${SHOP}/3724561098877120118`],
    ]);
    const ids = ['3724561098877120118', '3724561098877120225', '3724561098877120332', '3724561098877120118', '3724561098877120118'];
    const heard = kept.map(({ bytes }, i) => hear('push', bytes, ids[i]));
    expect(heard.map(judge)).toEqual(['hint', 'hint', 'accepted in part', 'hint', 'hint']);
    expect(heard[2]).toMatchObject({
      wants: ['after_sales', 'detail'],
      messages: [{ refunds: [{ id: '151243567890003321', lineId: '3724561098877122332', amount: '59.90', status: 'requested' }] }],
    });
    expect(hear('push', kept[0]?.bytes ?? new Uint8Array(), '1')).toEqual({ messages: [], wants: [], problems: [] });
  });
  test.each([
    ['RefundCreated', 'requested'],
    ['RefundBuyerModifyAgreement', 'requested'],
    ['RefundSellerAgreeAgreement', 'agreed'],
    ['RefundBuyerReturnGoods', 'agreed'],
    ['RefundSellerRefuseAgreement', 'refused'],
    ['RefundClosed', 'withdrawn'],
    ['RefundSuccess', 'done'],
  ])('%s: the refund is %s, at the time of the refund', (topic, status) => {
    const heard = hear('push', message(`taobao_refund_${topic}`, REFUND), TID);
    expect(heard.messages).toMatchObject([{ refunds: [{ status, at: '2026-02-22T09:40:15+08:00' }] }]);
    expect(validate(heard.messages[0]).problems).toEqual([]);
  });
  test('every topic about a trade is a hint, a payment too, for what is paid may be forbidden to leave; so is a refund that may be an exchange', () => {
    const hints = [...TOPICS].filter(([, { about }]) => about === 'trade');
    expect(hints).toHaveLength(18);
    for (const [topic] of hints)
      expect(hear('push', message(topic, { tid: TID, payment: '1.00' }), TID), topic).toEqual({
        messages: [],
        wants: ['detail'],
        problems: [],
      });
    for (const more of [
      { bill_type: 'exchange_bill' },
      { bill_type: undefined },
      { refund_fee: '' },
      { refund_fee: 'x' },
      { refund_id: 'x' },
      { oid: null },
    ])
      expect(hear('push', message('taobao_refund_RefundCreated', { ...REFUND, ...more }), TID), JSON.stringify(more)).toEqual({
        messages: [],
        wants: ['after_sales', 'detail'],
        problems: [],
      });
  });
  test('without a time of the platform nothing is proven', () => {
    expect(
      hear('push', message('taobao_refund_RefundCreated', { ...REFUND, modified: undefined }, { pub_time: undefined }), TID).messages,
    ).toEqual([]);
  });
  test('a topic that no table holds is fetched for and shown to a person', () => {
    expect(hear('push', message('taobao_trade_TradeNew', { tid: TID }), TID)).toMatchObject({
      messages: [],
      wants: ['detail'],
      problems: [{ code: 'channel.unmapped_code', pointer: '/topic', reading: 'taobao_trade_TradeNew' }],
    });
  });
  test.each([
    ['no trade', message('taobao_item_ItemUpdate', { num_iid: 1 })],
    ['no seller', message('taobao_trade_TradeCreate', { tid: TID }, { user_id: undefined })],
    ['content that is no JSON', message('taobao_trade_TradeCreate', {}, { content: '{' })],
    ['no JSON at all', Buffer.from('ÿ')],
    ['a tid that is a fraction', message('taobao_trade_TradeCreate', { tid: 1.5 })],
  ])('%s: it names nobody, and says why', (_, bytes) => {
    expect(taobaoAdapter.routePush(bytes)).toEqual({ kind: 'orders', subjects: [], hasUnroutable: true });
    expect(taobaoAdapter.whyUnrouted(bytes).length).toBeGreaterThan(0);
  });
});
