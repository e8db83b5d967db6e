import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { NeutralOrder, ORDER_LIMITS, PartialOrder } from './neutral-order.ts';
import { AMOUNT_PATTERN, ID_PATTERN } from './values.ts';

const identity = { schema: 1, channel: 'douyin', shop: '4463798', channelOrderId: '6917529027641081856' };
const line = { lineId: 'L1', sku: 'TEA-250', title: '龙井 250 g', quantity: 2, unitPrice: '64.50', discount: '0.00' };
const order = {
  ...identity,
  status: 'paid',
  placedAt: '2026-02-20T20:22:08+08:00',
  lines: [line],
  discounts: [{ name: '店铺券', amount: '0.00', payer: 'shop' }],
  shippingFee: '0.00',
  payable: '129.00',
  paid: '129.00',
  refunded: '0.00',
};
const pointers = (schema: TSchema, value: unknown): string[] => Value.Errors(schema, value).map((error) => error.instancePath);
const accepted = (value: unknown) => Value.Check(NeutralOrder, value);

test('the order of the documentation is accepted, with and without what is optional', () => {
  expect(pointers(NeutralOrder, order)).toEqual([]);
  const more = {
    ...order,
    modifiedAt: '2026-02-20T12:22:08.123Z',
    currency: 'USD',
    payments: [{ id: 'p1', amount: '129.00', at: order.placedAt, kind: 'full' }],
    refunds: [{ id: 'r1', lineId: 'L1', amount: '1.00', status: 'withdrawn', at: order.placedAt }],
    shipments: [{ id: 's1', carrier: 'sf', trackingNumber: 'SF1', at: order.placedAt, lines: [{ lineId: 'L1', quantity: 1 }] }],
    doNotShip: [{ kind: 'channel_risk', code: 'risk-7', since: order.placedAt }],
    shipBy: null,
    buyer: { name: '林', phone: '13800000000' },
    receiver: { name: '林', token: 'oaid:1' },
    remark: null,
    context: { geo: { lat: 30.2, lng: 120.1 } },
  };
  expect(pointers(NeutralOrder, more)).toEqual([]);
});

test.each([
  ['a number for an amount', { payable: 129 }],
  ['an amount without decimals', { payable: '129' }],
  ['a negative amount', { refunded: '-1.00' }],
  ['a time without a zone', { placedAt: '2026-02-20T20:22:08' }],
  ['a status we do not know', { status: 'lost' }],
  ['a bare number as an id', { channelOrderId: 6917529027641081 }],
  ['an empty id', { shop: '' }],
  ['an id that ends in a space', { shop: '4463798 ' }],
  ['no lines', { lines: [] }],
  ['more lines than an order has', { lines: Array.from({ length: ORDER_LIMITS.lines + 1 }, () => line) }],
  ['no piece of a line', { lines: [{ ...line, quantity: 0 }] }],
  ['half a piece', { lines: [{ ...line, quantity: 1.5 }] }],
  ['a piece count as text', { lines: [{ ...line, quantity: '2' }] }],
  ['a field we do not know', { coupon: 'x' }],
  ['a field we do not know, deep inside', { lines: [{ ...line, colour: 'red' }] }],
  ['null for what cannot be removed', { payable: null }],
  ['another schema version', { schema: 2 }],
  ['the word partial', { partial: true }],
] as const)('%s is refused', (_, change) => expect(accepted({ ...order, ...change })).toBe(false));

test.each(Object.keys(order))('a whole order without %s is refused', (name) => {
  const { [name as 'status']: _, ...rest } = order;
  expect(accepted(rest)).toBe(false);
});

test('a partial order is its identity and any subset, but never without the word', () => {
  const optional = fc.subarray(Object.keys(order).filter((name) => !(name in identity)));
  fc.assert(
    fc.property(optional, (names) => {
      const some = { ...identity, ...Object.fromEntries(names.map((name) => [name, order[name as keyof typeof order]])) };
      expect(Value.Check(PartialOrder, { ...some, partial: true })).toBe(true);
      expect(Value.Check(PartialOrder, some)).toBe(false);
    }),
  );
  const { shop: _, ...nameless } = identity;
  expect(Value.Check(PartialOrder, { ...nameless, partial: true })).toBe(false);
});

test('the pattern of an amount takes exactly decimal(12,2)', () => {
  const pattern = new RegExp(AMOUNT_PATTERN);
  for (const good of ['0.00', '0.01', '9999999999.99']) expect(good).toMatch(pattern);
  for (const bad of ['00.00', '.00', '1.0', '1.000', '10000000000.00', '1.00\n', '１.00', '1,00']) expect(bad).not.toMatch(pattern);
});

test('the pattern of an id takes any printable text, and nothing that would look empty or break a line', () => {
  const pattern = new RegExp(ID_PATTERN, 'u');
  for (const good of ['1', 'a b', '订单-0001', 'constructor', '6917529027641081856', '😀']) expect(good).toMatch(pattern);
  for (const bad of ['', ' ', ' a', 'a ', 'a\nb', 'a\n', 'a\u0000', '\u007f', 'x'.repeat(129), 'a\ud83d', '\ude00a', 'a\ud83d\ud83d'])
    expect(bad).not.toMatch(pattern);
});
