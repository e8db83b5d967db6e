/** Sets of facts and the roads they may take, for property tests. Few times, ids and values, so that they meet often. */
import { ORDER_STATUSES } from '@weir/contract';
import fc from 'fast-check';
import {
  aLine,
  aPayment,
  aRefund,
  aReport,
  aPush,
  aShipment,
  minute,
  minuteText,
  personHold,
  released,
  reported,
  reviewHold,
} from './builders.ts';
import { type CaseState, type ContentValues, type Fact, REFUND_LADDER, type Report } from './facts.ts';

/** Facts that only make sense one after the other, e.g. a hold and its release. Most chains are of one fact. */
export type Chain = readonly Fact[];

/** A road: every fact of `chains` at least once, some more than once, mixed in any way that keeps the order within each chain. */
export function roadThrough(chains: readonly Chain[]): fc.Arbitrary<Fact[]> {
  const again = fc.array(fc.nat(Math.max(0, chains.length - 1)), { maxLength: 4 });
  return again.chain((repeated) => {
    const all = [...chains, ...(chains.length > 0 ? repeated.map((index) => chains[index] ?? []) : [])];
    return fc.tuple(...all.map((chain) => placesOf(chain))).map((placed) =>
      placed
        .flat()
        .sort((a, b) => a.place - b.place)
        .map(({ fact }) => fact),
    );
  });
}

const placesOf = (chain: Chain): fc.Arbitrary<{ place: number; fact: Fact }[]> =>
  fc
    .array(fc.integer({ min: 0, max: 1_000 }), { minLength: chain.length, maxLength: chain.length })
    .map((places) => places.sort((a, b) => a - b).map((place, index) => ({ place, fact: chain[index] as Fact })));

/** Ids may be any text, also one that every JavaScript object already has. */
const ID = fc.constantFrom('a', 'b', '10', '9', 'constructor', 'valueOf');
const LINE = fc.constantFrom('L1', 'L2', 'toString');
const AMOUNT = fc.constantFrom('0.00', '30.00', '70.00', '100.00');
const TIME = fc.constantFrom(minuteText(0), minuteText(1));
const some = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 2 });
const byId = <T>(id: fc.Arbitrary<string>, value: fc.Arbitrary<T>): fc.Arbitrary<Readonly<Record<string, T>>> =>
  some(fc.tuple(id, value)).map(Object.fromEntries);

const lines: fc.Arbitrary<ContentValues['lines']> = fc.constantFrom(
  [aLine()],
  [aLine({ unitPrice: '45.00' })],
  [aLine({ quantity: 1 }), aLine({ lineId: 'L2', sku: 'CUP', quantity: 1 })],
  [aLine(), aLine({ lineId: 'L2', sku: 'GIFT', quantity: 1, unitPrice: '0.00', gift: true })],
  [aLine({ lineId: 'toString' })],
);
const CONTENT: { readonly [K in keyof ContentValues]: fc.Arbitrary<ContentValues[K]> } = {
  lines,
  discounts: fc.constantFrom([], [{ name: 'coupon', amount: '10.00', payer: 'shop' } as const]),
  shippingFee: fc.constantFrom('0.00', '8.00'),
  payable: AMOUNT,
  paid: AMOUNT,
  refunded: fc.constantFrom('0.00', '0.00', '30.00', '100.00'),
  currency: fc.constantFrom('CNY', 'USD'),
  placedAt: TIME,
  paidAt: TIME,
  shippedAt: TIME,
  completedAt: TIME,
  shipBy: fc.option(TIME),
  doNotShip: fc.constantFrom(
    [],
    [{ kind: 'channel_risk', code: 'risk-7', since: minuteText(1) } as const],
    [{ kind: 'channel_risk', code: 'risk-7', since: minuteText(2) } as const],
    [{ kind: 'after_sale', code: 'risk-7', since: minuteText(0) } as const],
  ),
  shopSigns: fc.constantFrom([], [{ kind: 'after_sale', code: 'risk-7', since: minuteText(1) } as const]),
  address: fc.option(fc.constantFrom('address-A', 'address-B', 'null')),
  buyer: fc.option(fc.constantFrom('buyer-A', 'buyer-B')),
  remark: fc.option(fc.constantFrom('remark-A', 'remark-B')),
};

const parts = fc.record({
  at: fc.integer({ min: 0, max: 3 }).map(minute),
  rank: fc.integer({ min: 1, max: 3 }),
  content: fc.record(CONTENT, { requiredKeys: [] }),
  lineStatus: byId(LINE, fc.constantFrom(...ORDER_STATUSES)),
  payments: byId(
    ID,
    AMOUNT.map((amount) => aPayment(amount)),
  ),
  refunds: byId(
    ID,
    fc.tuple(AMOUNT, fc.constantFrom(...REFUND_LADDER)).map(([amount, status]) => aRefund(amount, status)),
  ),
  shipments: byId(
    ID,
    fc.constantFrom(aShipment(), aShipment([{ lineId: 'L1', quantity: 1 }]), aShipment([{ lineId: 'toString', quantity: 1 }])),
  ),
  listsShipments: fc.boolean(),
  warnings: fc.constantFrom(
    [],
    [{ code: 'discount.no_payer', pointer: '/discounts/0/payer' }],
    [{ code: 'time.no_modified_at', pointer: '/modifiedAt' }],
  ),
});
const status = fc.option(fc.constantFrom(...ORDER_STATUSES), { nil: undefined });
const modifiedAt = fc.option(fc.constantFrom('2026-02-20T12:00:00+08:00', '2026-02-20T04:00:00Z'), { nil: undefined });

/** A message, whole or partial, with or without a status. */
export const aMessage: fc.Arbitrary<Report> = fc.tuple(parts, fc.boolean(), status, modifiedAt).map(([told, whole, at, modified]) => {
  const said = { ...told, ...(modified === undefined ? {} : { modifiedAt: modified }) };
  if (whole) return aReport(at === undefined ? said : { ...said, status: at });
  return aPush(at === undefined ? said : { ...said, status: at });
});

/** A blocked message, by the fingerprint of its bytes, at a time of which no whole message speaks; or later than all and judged by a person. */
const blocked: fc.Arbitrary<Chain> = fc.oneof(
  fc.constantFrom(0.5, 1.5, 9).map((at): Chain => [reviewHold(`case-${at}`, minute(at))]),
  fc.constantFrom(1, 2, 9).map((heardAs): Chain => [reviewHold(`answer-${heardAs}`, minute(9), { heardAs })]),
  fc.integer({ min: 0, max: 4 }).map((as): Chain => [{ type: 'answered', as }]),
  fc
    .constantFrom<Exclude<CaseState, 'open'>>('released', 'fixed', 'rejected')
    .map((state): Chain => [reviewHold(`case-${state}`, minute(9)), { type: 'case.closed', id: `case-${state}`, state } as const]),
  fc.constant<Chain>([
    reviewHold('case-again', minute(9)),
    { type: 'case.closed', id: 'case-again', state: 'rejected' },
    { type: 'case.reopened', id: 'case-again', round: 1 },
    { type: 'case.closed', id: 'case-again', state: 'rejected', round: 1 },
    { type: 'case.reopened', id: 'case-again', round: 2 },
  ]),
);
const ours: fc.Arbitrary<Chain> = fc.oneof(
  fc
    .tuple(LINE, fc.constantFrom('allocated', 'picked', 'packed', 'shipped'))
    .map(([line, to]): Chain => [{ type: 'lines.moved', lines: [line], to }]),
  fc
    .tuple(
      fc.integer({ min: 0, max: 3 }),
      byId(
        ID,
        fc
          .constantFrom('SF1', 'SF2', 'SF1000000001')
          .map((trackingNumber) => aShipment([{ lineId: 'L1', quantity: 1 }], { trackingNumber })),
      ),
    )
    .map(([at, shipments]): Chain => [{ type: 'shipped', at: minute(at), shipments }]),
  fc.integer({ min: 0, max: 3 }).map((at): Chain => [{ type: 'cancelled', at: minute(at) }]),
  fc
    .tuple(fc.integer({ min: 0, max: 3 }), ID, fc.constantFrom('address-A', 'address-B', null))
    .map(([at, address, over]): Chain => [{ type: 'address.corrected', at: minute(at), address, over }]),
  ID.map((id): Chain => [personHold(`hold-${id}`)]),
  ID.map((id): Chain => [personHold(`hold-${id}`), released(`hold-${id}`)]),
);

/** What a channel, an ERP and our own people may all say of one order. */
export const someFacts: fc.Arbitrary<Chain[]> = fc
  .tuple(fc.array(aMessage, { maxLength: 6 }), some(blocked), some(ours))
  .map(([messages, cases, steps]) => [...messages.map((message): Chain => [reported(message)]), ...cases, ...steps]);
