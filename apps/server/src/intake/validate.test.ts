import { PROBLEMS, type ProblemCode } from '@weir/contract';
import { RANK } from '@weir/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { neutralOrder } from '../../../../tests/support/index.ts';
import { CLOCK_SKEW_MS, identityOf, identityProblems, isBlocked, readNeutral } from './validate.ts';

const receivedAt = Date.parse('2026-02-21T00:00:00Z');
const read = (value: unknown) => readNeutral(value, { receivedAt, rank: RANK.detail, fingerprint: (text) => `f(${text.length})` });
type Order = Record<string, unknown>;
const lineOf = (more: Order = {}): Order => ({
  lineId: '1',
  sku: 'A',
  title: 'T',
  quantity: 1,
  unitPrice: '1.00',
  discount: '0.00',
  ...more,
});
const soon = (ms: number): string => new Date(receivedAt + ms).toISOString();
const refund = { id: 'r1', amount: '1.00', status: 'done', at: '2026-02-20T21:00:00+08:00' };
const without = (...names: string[]): Order => Object.fromEntries(Object.entries(neutralOrder()).filter(([name]) => !names.includes(name)));

/** Every way to be wrong that one message alone can show. */
const WRONG: readonly (readonly [ProblemCode, pointer: string, order: Order])[] = [
  ['field.missing', '/lines', without('lines')],
  ['field.missing', '/lines', neutralOrder({ lines: [] })],
  ['field.missing', '/lines/0/sku', neutralOrder({ lines: [lineOf({ sku: undefined })].map((line) => JSON.parse(JSON.stringify(line))) })],
  ['field.unknown', '/recipient', neutralOrder({ recipient: {} })],
  ['field.unknown', '/lines/0/colour', neutralOrder({ lines: [lineOf({ colour: 'red' })] })],
  ['field.wrong_type', '/lines/0/quantity', neutralOrder({ lines: [lineOf({ quantity: '1' })] })],
  ['field.wrong_type', '/payable', neutralOrder({ payable: 114 })],
  ['field.not_allowed', '/status', neutralOrder({ status: 'done' })],
  ['field.not_allowed', '/schema', neutralOrder({ schema: 2 })],
  ['field.not_allowed', '/lines/0/quantity', neutralOrder({ lines: [lineOf({ quantity: 0 })] })],
  ['field.not_allowed', '/lines/0/quantity', neutralOrder({ lines: [lineOf({ quantity: 1_000_001 })] })],
  ['field.not_allowed', '/currency', neutralOrder({ currency: 'yuan' })],
  ['field.too_long', '/lines/0/title', neutralOrder({ lines: [lineOf({ title: 'x'.repeat(501) })] })],
  [
    'field.too_many',
    '/discounts',
    neutralOrder({ discounts: Array.from({ length: 101 }, () => ({ name: 'n', amount: '0.00', payer: 'shop' })) }),
  ],
  ['text.not_unicode', '/lines/0/title', neutralOrder({ lines: [lineOf({ title: 'half \ud83d' })] })],
  ['amount.not_decimal', '/payable', neutralOrder({ payable: '114' })],
  ['amount.not_decimal', '/shippingFee', neutralOrder({ shippingFee: '-4.00' })],
  ['amount.not_decimal', '/paid', neutralOrder({ paid: '1e2' })],
  ['amount.not_decimal', '/payable', neutralOrder({ payable: '10000000000.00' })],
  [
    'amount.too_large',
    '/lines',
    neutralOrder({
      lines: Array.from({ length: 10 }, (_, i) => lineOf({ lineId: `${i}`, quantity: 1_000_000, unitPrice: '9999999999.99' })),
    }),
  ],
  ['time.not_zoned', '/placedAt', neutralOrder({ placedAt: '2026-02-20 20:22:08' })],
  ['time.not_zoned', '/placedAt', neutralOrder({ placedAt: '2026-02-30T20:22:08+08:00' })],
  [
    'time.not_zoned',
    '/payments/0/at',
    neutralOrder({ payments: [{ id: 'p', amount: '114.00', at: '2026-02-20T20:23:00', kind: 'full' }] }),
  ],
  ['time.in_future', '/modifiedAt', neutralOrder({ modifiedAt: soon(CLOCK_SKEW_MS + 1) })],
  ['time.in_future', '/placedAt', neutralOrder({ placedAt: '9999-12-31T23:59:59Z' })],
  ['time.out_of_order', '/paidAt', neutralOrder({ paidAt: '2026-02-19T20:23:00+08:00' })],
  ['time.no_modified_at', '/modifiedAt', without('modifiedAt')],
  ['line.duplicate', '/lines/1/lineId', neutralOrder({ lines: [lineOf(), lineOf()] })],
  [
    'id.duplicate',
    '/payments/1/id',
    neutralOrder({ payments: [1, 2].map(() => ({ id: 'p', amount: '57.00', at: '2026-02-20T20:23:00+08:00', kind: 'full' })) }),
  ],
  ['line.not_found', '/refunds/0/lineId', neutralOrder({ refunded: '1.00', refunds: [{ ...refund, lineId: 'x' }] })],
  [
    'line.not_found',
    '/shipments/0/lines/0/lineId',
    neutralOrder({
      shipments: [{ id: 's', carrier: 'sf', trackingNumber: 'n', at: '2026-02-20T21:00:00+08:00', lines: [{ lineId: 'x', quantity: 1 }] }],
    }),
  ],
  ['sum.payable', '/payable', neutralOrder({ payable: '115.00', paid: '115.00', payments: undefined })],
  ['sum.paid', '/paid', neutralOrder({ paid: '113.99' })],
  ['sum.payments', '/paid', neutralOrder({ payments: [{ id: 'p', amount: '1.00', at: '2026-02-20T20:23:00+08:00', kind: 'deposit' }] })],
  ['sum.refunds', '/refunded', neutralOrder({ refunds: [refund] })],
  ['sum.refunded', '/refunded', neutralOrder({ refunded: '114.01' })],
  ['discount.no_payer', '/discounts/0/payer', neutralOrder({ discounts: [{ name: '满减', amount: '10.00', payer: 'unknown' }] })],
];
/** These need more than one message, or a message that could not be worked on. Shown by the tests of core, of the batch runner, and of the connectors' tables. */
const ELSEWHERE: readonly ProblemCode[] = [
  'field.too_short', // of requests: no text of an order has a least length
  'sum.after_merge',
  'register.conflict',
  'message.failed',
  'channel.unmapped_code',
  'shop.not_connected',
  'person.erased',
];
const overTheWire = (order: Order): Order => JSON.parse(JSON.stringify(order)) as Order;

describe('every problem is found where it is', () => {
  test.each(WRONG)('%s at %s', (code, pointer, order) => {
    const { problems, report } = read(overTheWire(order));
    const found = problems.find((each) => each.code === code && each.pointer === pointer);
    expect(problems).toContainEqual(expect.objectContaining({ code, pointer }));
    expect(found?.severity).toBe(PROBLEMS[code].severity);
    const named = ['reading', 'expected'].filter((hole) => PROBLEMS[code].zh.includes(`{${hole}}`)) as ('reading' | 'expected')[];
    for (const hole of named) expect(found?.[hole]).toMatch(/./);
    for (const words of [found?.zh, found?.en]) expect(words).not.toMatch(/\{(reading|expected)\}|undefined|^$/);
    expect(found?.zh).toMatch(/\p{Script=Han}/u);
    expect(isBlocked(problems) || found?.severity === 'warning').toBe(true);
    expect(report === null || PROBLEMS[code].acceptable).toBe(true);
  });

  test('and no code of the table is left without an input that shows it', () => {
    const shown = new Set<string>([...WRONG.map(([code]) => code), ...ELSEWHERE]);
    expect(Object.keys(PROBLEMS).filter((code) => !shown.has(code))).toEqual([]);
  });

  test('a right order has none', () => {
    expect(read(neutralOrder()).problems).toEqual([]);
    expect(
      read(neutralOrder({ modifiedAt: soon(CLOCK_SKEW_MS), receiver: null, remark: null, shipBy: soon(90 * 86_400_000) })).problems,
    ).toEqual([]);
  });

  test.each([
    ['/recipient', { recipient: {} }, 'recipient', ' /openapi.json 里写的字段'],
    ['/lines/0/quantity', { lines: [lineOf({ quantity: '1' })] }, '"1"', '整数'],
    ['/lines/0/title', { lines: [lineOf({ title: '𠮷'.repeat(501) })] }, '501', '≤ 500'],
    ['/remark', { remark: 'x'.repeat(2_001) }, '2001', '≤ 2000'],
    ['/lines/0/title', { lines: [lineOf({ title: 'half \ud83d' })] }, '\\ud83d', '完整的字符，且不含 U+0000'],
    [
      '/lines',
      { lines: [lineOf(), lineOf({ lineId: '2', quantity: 1_000_000, unitPrice: '9999999999.99' })] },
      '9999999999.99 × 1000000',
      '≤ 90071992547409.91',
    ],
    ['/lines/1/lineId', { lines: [lineOf(), lineOf()] }, '1', '每个编号只出现一次'],
    ['/refunds/0/lineId', { refunded: '1.00', refunds: [{ ...refund, lineId: 'x' }] }, 'x', '1 | 2'],
    ['/discounts/0/payer', { discounts: [{ name: 'n', amount: '10.00', payer: 'unknown' }] }, 'unknown', 'shop | platform | talent'],
  ] as const)('%s: what was read and what was expected stand in the Chinese sentence', (pointer, more, reading, expected) => {
    const found = read(neutralOrder(more)).problems.find((each) => each.pointer === pointer);
    expect(found?.reading).toBe(reading);
    expect(found?.zh).toContain(`${reading}`);
    expect(found?.zh).toContain(`应为${expected}`);
  });

  test('several mistakes are told at once, not one per attempt', () => {
    const order = neutralOrder({
      payable: 1,
      status: 'x',
      lines: [1, 2, 3].map((n) => lineOf({ lineId: `${n}`, unitPrice: 'x' })),
      paidAt: 'now',
      extra: 1,
    });
    expect(
      read(order)
        .problems.map((each) => each.pointer)
        .sort(),
    ).toEqual(['/extra', '/lines/0/unitPrice', '/lines/1/unitPrice', '/lines/2/unitPrice', '/paidAt', '/payable', '/status']);
  });
});

describe('personal readings', () => {
  const CANARY = 'canary-7f3a';
  const wrongs: Order[] = [
    { receiver: { phone: Number.parseInt('7f3a', 16), detail: [CANARY], name: { CANARY } } },
    { receiver: CANARY },
    { buyer: [CANARY] },
    { buyer: { name: `${CANARY}\u0000`, phone: CANARY.repeat(20) } },
    { remark: { text: CANARY } },
    { remark: CANARY.repeat(1_000) },
    { context: { operator: [CANARY], geo: { lat: CANARY, lng: 999.123 } } },
    { receiver: { name: `${CANARY} \ud800` } },
  ];
  test.each(wrongs.map((more, i) => [`${Object.keys(more)[0]} ${i}`, more] as const))('never stand in a problem: %s', (_, more) => {
    const { problems } = read(neutralOrder(more));
    expect(isBlocked(problems)).toBe(true);
    expect(JSON.stringify(problems)).not.toContain(CANARY);
    expect(JSON.stringify(problems)).not.toContain('999.123');
  });

  test('nor does a whole message that is no order', () => {
    for (const value of [CANARY, [CANARY], null, 7, { channel: 'own', shop: 's', channelOrderId: { receiver: 1 } }])
      expect(JSON.stringify(identityProblems(value))).not.toContain(CANARY);
  });
});

describe('hostile input is a problem, never a crash', () => {
  const deep = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
  const wide = Array.from({ length: 20_000 }, (_, i) => i);

  test.each(['constructor', 'toString', 'hasOwnProperty', '__defineGetter__', 'prototype'])('the id %s is an id like any other', (id) => {
    const payment = { id, amount: '1.00', at: '2026-02-20T20:23:00+08:00', kind: 'full' };
    const order = neutralOrder({
      channelOrderId: id,
      shop: id,
      lines: [lineOf({ lineId: id, sku: id })],
      discounts: [],
      shippingFee: '0.00',
      payable: '1.00',
      paid: '1.00',
      payments: [payment],
      refunds: [{ ...refund, id, lineId: id }],
      refunded: '1.00',
    });
    const { problems, report } = read(order);
    expect(problems).toEqual([]);
    expect(Object.keys(report?.payments ?? {})).toEqual([id]);
    expect(identityOf(order)).toEqual({ channel: 'own', shop: id, channelOrderId: id });
  });

  test('__proto__ as an id or as a field is refused and pollutes nothing', () => {
    const text = JSON.stringify(neutralOrder()).replace('"schema":1', '"schema":1,"__proto__":{"polluted":1}');
    expect(isBlocked(read(JSON.parse(text)).problems)).toBe(true);
    expect(identityOf({ channel: 'own', shop: '__proto__', channelOrderId: '1' })).toBeNull();
    expect(
      isBlocked(
        read(neutralOrder({ payments: [{ id: '__proto__', amount: '114.00', at: '2026-02-20T20:23:00+08:00', kind: 'full' }] })).problems,
      ),
    ).toBe(true);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test.each([
    ['a NUL in an id', { channelOrderId: 'a\u0000b' }],
    ['half a character in an id', { channelOrderId: '\ud800' }],
    ['a blank at the end of an id', { shop: 's ' }],
    ['an empty id', { shop: '' }],
    ['a number as an id', { channelOrderId: Number('12345678901234567890') }],
    ['an id of 129 characters', { channelOrderId: 'x'.repeat(129) }],
    ['an upper-case channel', { channel: 'Own' }],
  ])('%s does not identify an order, and the problem says where', (_, more) => {
    expect(identityOf(neutralOrder(more))).toBeNull();
    expect(identityProblems(neutralOrder(more)).map((each) => each.pointer)).toEqual([`/${Object.keys(more)[0]}`]);
  });

  test.each([
    ['a deep list in a known field', { status: deep(100_000) }],
    ['a deep list in an unknown field', { extra: deep(100_000) }],
    ['a deep list in a personal field', { receiver: { detail: deep(100_000) } }],
    ['a wide list', { lines: wide }],
    ['a NUL in a text', { lines: [lineOf({ title: 'a\u0000b' })] }],
    ['a million characters', { remark: 'x'.repeat(1_000_000) }],
    ['null everywhere', { lines: [null], payments: [null], refunds: null, discounts: [null], shipments: [null], context: null }],
    ['names that look like pointers', { 'a/b~1': 1, 'lines/0': 2, '': 3 }],
  ])('%s', (_, more) => {
    const { problems } = read(neutralOrder(more));
    expect(isBlocked(problems)).toBe(true);
    expect(JSON.stringify(problems).length).toBeLessThan(100_000);
  });

  test.each([
    ['a deep list', deep(100_000)],
    ['a wide list', wide],
  ])('%s in the place of an id', (_, value) => {
    expect(identityOf({ channel: value, shop: value, channelOrderId: value })).toBeNull();
    expect(JSON.stringify(identityProblems({ channel: value, shop: value, channelOrderId: value })).length).toBeLessThan(10_000);
  });

  test('whatever JSON is put in whatever place', () => {
    const names = Object.keys(neutralOrder({ refunds: [], shipments: [], doNotShip: [], context: {}, shipBy: null, partial: true }));
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), fc.boolean(), (name, value, partial) => {
        const { problems, report } = read({ ...neutralOrder(partial ? { partial: true } : {}), [name]: value });
        expect(report !== null || isBlocked(problems)).toBe(true);
        for (const each of problems) expect(each.severity).toBe(PROBLEMS[each.code].severity);
      }),
      { numRuns: 500 },
    );
  });

  test('any JSON value at all has an identity or says why not', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(identityOf(value) === null).toBe(identityProblems(value).length > 0);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the source time', () => {
  test('of a future message stands in the report of whoever accepts it, and the message waits for a person', () => {
    const { problems, report, at } = read(neutralOrder({ modifiedAt: soon(3_600_000) }));
    expect(isBlocked(problems)).toBe(true);
    expect(report).not.toBeNull();
    expect(at).toBe(receivedAt + 3_600_000);
  });

  test('without modifiedAt is the newest time of the message, but never a promise about the future', () => {
    expect(read({ ...without('modifiedAt'), shipBy: soon(86_400_000) }).at).toBe(Date.parse('2026-02-20T20:23:00+08:00'));
  });

  test('of a message that cannot be read is still found, so that a later one can supersede it', () => {
    expect(read(neutralOrder({ payable: 7 })).at).toBe(Date.parse('2026-02-20T20:23:00+08:00'));
  });
});
