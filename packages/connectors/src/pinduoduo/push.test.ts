import { describe, expect, test } from 'vitest';
import { pinduoduoAdapter } from './adapter.ts';
import { app, fixture, SHOP, subjectOf, validate } from './judge.test-support.ts';
import { HEARTBEAT_MS, pinduoduoSocket, SILENCE_MS } from './socket.ts';
import { TOPICS } from './topics.ts';

/** Frames of the sample as they are written on the wire: ids beyond what a double holds must survive the cutting. */
const TEXT = fixture('samples/pmc_frames.json').toString();
const frames = [...TEXT.matchAll(/"frame": (\{[\s\S]*?\n {2}\})/g)].map(([, frame]) => (frame ?? '').replaceAll(/\n\s*/g, ''));
const [, confirmed = '', ackOfConfirmed = '', refund = '', ackOfRefund = ''] = frames;
const ORDER = '260222-100000000000404';
const NOW = 1771722082000;

const pushed = (type: string, content: unknown, mall: unknown = Number(SHOP)): Buffer =>
  Buffer.from(
    JSON.stringify({
      id: 1,
      commandType: 'Common',
      time: 1,
      sendTime: 1,
      message: { type, mallID: mall, content: JSON.stringify(content) },
    }),
  );
const content = (more: object = {}) => ({ mall_id: Number(SHOP), tid: ORDER, ...more });
const read = (bytes: Uint8Array, id = ORDER) => pinduoduoAdapter.read('push', bytes, subjectOf(id));

describe('a message', () => {
  test('is routed by shop and order number', () => {
    expect(pinduoduoAdapter.routePush(Buffer.from(confirmed))).toEqual({
      kind: 'orders',
      subjects: [subjectOf('260222-100000000000101')],
      hasUnroutable: false,
    });
    expect(read(Buffer.from(confirmed), '260222-100000000000101')).toEqual({ messages: [], wants: ['detail'], problems: [] });
  });
  test('of a refund proves its amount, in fen, and its time, and asks for the rest', () => {
    const heard = read(Buffer.from(refund));
    expect(heard).toEqual({
      messages: [
        {
          schema: 1,
          channel: 'pinduoduo',
          shop: SHOP,
          channelOrderId: ORDER,
          modifiedAt: '2026-02-22T09:15:02+08:00',
          refunds: [{ id: '200000000404', amount: '89.00', status: 'requested', at: '2026-02-22T09:15:02+08:00' }],
          partial: true,
        },
      ],
      wants: ['after_sales', 'detail'],
      problems: [],
    });
    expect(validate(heard.messages[0]).problems).toEqual([]);
  });
  test('of a refund is no newer than what it announces, though it counts milliseconds', () => {
    expect(read(Buffer.from(refund)).messages[0]?.modifiedAt).toBe('2026-02-22T09:15:02+08:00');
  });
  test.each([
    ['another kind of bill', { bill_type: 3 }],
    ['no kind of bill', {}],
    ['seconds where milliseconds belong', { bill_type: 1, modified: 99999999999999 }],
    ['no amount', { bill_type: 1, refund_fee: undefined }],
    ['an amount in yuan', { bill_type: 1, refund_fee: '89.00' }],
  ])('of a refund with %s is a hint', (_, more) => {
    const told = content({ refund_id: 1, refund_fee: 8900, modified: 1771722902016, ...more });
    expect(read(pushed('pdd_refund_RefundCreated', told))).toEqual({ messages: [], wants: ['after_sales', 'detail'], problems: [] });
  });
  test('of every known topic asks for what it is about', () => {
    const heard = [...TOPICS].map(([type, topic]) => [topic.about, read(pushed(type, content())).wants.join(' ')]);
    const wanted = { order: 'detail', after_sale: 'after_sales detail', something_else: '' };
    expect(heard).toEqual(heard.map(([about = '']) => [about, wanted[about as keyof typeof wanted]]));
    expect(pinduoduoAdapter.routePush(pushed('pdd_chat_OrderPromise', content()))).toEqual({ kind: 'probe' });
    expect(pinduoduoAdapter.routePush(pushed('pdd_goods_GoodsWhatever', { goods_id: 1 }))).toEqual({ kind: 'probe' });
  });
  test('of a topic that nobody knows is fetched and shown to a person', () => {
    const bytes = pushed('pdd_trade_SomethingNew', content());
    expect(read(bytes)).toMatchObject({
      wants: ['after_sales', 'detail'],
      problems: [{ code: 'channel.unmapped_code', pointer: '/message/type' }],
    });
    expect(pinduoduoAdapter.routePush(bytes)).toMatchObject({ subjects: [subjectOf(ORDER)] });
  });
  test.each([
    ['two shops', pushed('pdd_trade_TradeConfirmed', { mall_id: 7, tid: ORDER })],
    ['no order', pushed('pdd_trade_TradeConfirmed', { mall_id: Number(SHOP) })],
    ['an order number that is none', pushed('pdd_trade_TradeConfirmed', content({ tid: '12' }))],
    ['no shop', pushed('pdd_trade_TradeConfirmed', content(), null)],
    ['no content', pushed('pdd_trade_TradeConfirmed', null)],
    ['no JSON', Buffer.from('{"id"')],
    ['no UTF-8', Buffer.of(0xff, 0xfe)],
  ])("that names %s is nobody's, and says why", (_, bytes) => {
    expect(pinduoduoAdapter.routePush(bytes)).toEqual({ kind: 'orders', subjects: [], hasUnroutable: true });
    expect(pinduoduoAdapter.whyUnrouted(bytes).length).toBeGreaterThan(0);
    expect(read(bytes)).toEqual({ messages: [], wants: [], problems: [] });
  });
  test("whose content is broken does not carry a buyer's words into a problem", () => {
    const frame = {
      id: 1,
      commandType: 'Common',
      message: { type: 'pdd_trade_BuyerMemoModified', mallID: 1, content: '{"buyer_memo":"王小明 13800000002"' },
    };
    expect(JSON.stringify(pinduoduoAdapter.whyUnrouted(Buffer.from(JSON.stringify(frame))))).not.toMatch(/王小明|138/);
  });
  test('says nothing of another order or another shop', () => {
    expect(read(Buffer.from(refund), '260222-100000000000101').messages).toEqual([]);
    expect(pinduoduoAdapter.read('push', Buffer.from(refund), { ...subjectOf(ORDER), shop: '7' }).messages).toEqual([]);
  });
});

describe('the socket', () => {
  const talk = () => pinduoduoSocket.open(app);
  test('has the address of the vectors, on the platform and on a simulated one', () => {
    const path = '/message/app/1700000000000/OTgxODMwNDI2NWZiN2NiNzA2NzIxOTI0ZjJlMDMxMjE%3D';
    const told = { key: 'app', secret: 'secret' };
    expect(pinduoduoSocket.address(told, 1700000000000)).toBe(`wss://message-api.pinduoduo.com${path}`);
    expect(pinduoduoSocket.address(told, 1700000000000, 'http://127.0.0.1:7000/')).toBe(`ws://127.0.0.1:7000${path}`);
  });
  test('gives a message as it came and confirms it as the sample does, digit by digit', () => {
    const conversation = talk();
    for (const [frame, ack, now] of [
      [confirmed, ackOfConfirmed, NOW],
      [refund, ackOfRefund, 1771722904000],
    ] as const) {
      const { messages, frames: said, broken } = conversation.hear(frame, now);
      expect([said, broken]).toEqual([[], undefined]);
      expect(Buffer.from(messages[0]?.bytes ?? []).toString()).toBe(frame);
      expect(conversation.confirm(messages, now).map((each) => each.toString().replaceAll(' ', ''))).toEqual([ack.replaceAll(' ', '')]);
      expect(frame).toContain(messages[0]?.id ?? '?');
    }
  });
  test('says that it lives every ten seconds, and gives up after three minutes without a word', () => {
    const conversation = talk();
    expect(conversation.begin(NOW)).toEqual([`{"commandType":"HeartBeat","time":${NOW}}`]);
    expect(conversation.tick(NOW + HEARTBEAT_MS - 1)).toEqual({ frames: [] });
    expect(conversation.tick(NOW + HEARTBEAT_MS)).toEqual({ frames: [`{"commandType":"HeartBeat","time":${NOW + HEARTBEAT_MS}}`] });
    conversation.hear('{"commandType":"HeartBeat","time":1}', NOW + 60_000);
    expect(conversation.tick(NOW + SILENCE_MS).broken).toBeUndefined();
    expect(conversation.tick(NOW + 60_000 + SILENCE_MS).broken).toBeDefined();
  });
  test('a clock that was put back neither breaks it nor silences it', () => {
    const conversation = talk();
    conversation.begin(NOW);
    expect(conversation.tick(NOW - 3_600_000)).toEqual({ frames: [] });
    expect(conversation.tick(NOW - 3_600_000 + HEARTBEAT_MS).frames).toHaveLength(1);
  });
  test('what is no message is passed over; Fail and a frame that is too long end the talk', () => {
    const conversation = talk();
    for (const frame of [
      '',
      'x',
      '{}',
      '[]',
      '{"commandType":"Common"}',
      '{"commandType":"Common","id":"x"}',
      '{"commandType":"New"}',
      Buffer.of(0xff),
    ])
      expect(conversation.hear(frame, NOW)).toEqual({ messages: [], frames: [] });
    expect(conversation.hear('{"commandType":"Fail","id":1}', NOW).broken).toBeDefined();
    expect(conversation.hear('x'.repeat(2_000_000), NOW).broken).toBeDefined();
  });
  test('a message that names no topic is kept for a person and cannot be confirmed', () => {
    const bytes = Buffer.from('{"commandType":"Common","id":7,"message":{}}');
    const { messages } = talk().hear(bytes, NOW);
    expect(messages).toHaveLength(1);
    expect(talk().confirm(messages, NOW)).toEqual([]);
  });
});
