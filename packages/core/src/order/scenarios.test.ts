/** Stories of one order. Each holds on every road through its facts: shuffled, doubled, with our own steps in between. */
import { expect, test } from 'vitest';
import { addressOf } from './address.ts';
import { aLine, aPayment, aRefund, aShipment, minute, minuteText, pushed, told } from './builders.ts';
import { mayShip } from './decide.ts';
import { type Fact, RANK } from './facts.ts';
import { isWithheld } from './holds.ts';
import { holdIds, onEveryRoad } from './every-road.test-support.ts';

test('a deposit and its balance make the order paid', () =>
  onEveryRoad(
    [
      told({ status: 'awaiting_payment' }),
      pushed({ at: minute(1), payments: { p1: aPayment('30.00', { kind: 'deposit' }) } }),
      pushed({ at: minute(2), payments: { p2: aPayment('70.00', { kind: 'balance' }) } }),
    ],
    ({ view }) => {
      expect(view).toMatchObject({ status: 'paid', payment: 'full', paid: '100.00', holds: [] });
      expect(view.payments.map((payment) => payment.id)).toEqual(['p1', 'p2']);
    },
  ));

test('a deposit alone holds the order', () =>
  onEveryRoad(
    [told({ status: 'awaiting_payment' }), pushed({ at: minute(1), payments: { p1: aPayment('20.00'), p2: aPayment('10.00') } })],
    (order) => {
      expect(order.view).toMatchObject({ status: 'awaiting_payment', payment: 'deposit', paid: '30.00' });
      expect(holdIds(order)).toEqual(['deposit']);
    },
  ));

test('partial refunds advance, each by its own id', () =>
  onEveryRoad(
    [
      told(),
      pushed({ at: minute(1), refunds: { r1: aRefund('30.00', 'requested'), r2: aRefund('20.00', 'requested') } }),
      pushed({ at: minute(2), refunds: { r1: aRefund('30.00', 'agreed') } }),
      pushed({ at: minute(3), rank: RANK.detail, refunds: { r1: aRefund('30.00', 'done'), r2: aRefund('20.00', 'refused') } }),
    ],
    ({ view }) => {
      expect(view).toMatchObject({ status: 'paid', refund: 'partial', refunded: '30.00', holds: [] });
      expect(view.refunds.map(({ id, status }) => [id, status])).toEqual([
        ['r1', 'done'],
        ['r2', 'refused'],
      ]);
    },
  ));

test('a refund that advances within one tick of the clock is at its furthest status, and no conflict', () =>
  onEveryRoad(
    [
      told(),
      pushed({ at: minute(1), refunds: { r1: aRefund('30.00', 'requested') } }),
      pushed({ at: minute(1), refunds: { r1: aRefund('30.00', 'done') } }),
      pushed({ at: minute(1), refunds: { r1: aRefund('30.00', 'agreed') } }),
    ],
    ({ view }) => expect(view).toMatchObject({ refunded: '30.00' }),
  ));

test('money of which a push says that it is back holds the order until a whole message tells what is left to be sent', () => {
  const done = { r1: aRefund('30.00', 'done', { lineId: 'L1' }) };
  const known = [told(), pushed({ at: minute(1), refunds: done })];
  onEveryRoad(known, (order) => expect(mayShip(order)).toMatchObject([{ code: 'hold.after_sale' }]));
  onEveryRoad([...known, told({ at: minute(1), refunds: done })], (order) => expect(mayShip(order)).toEqual([]));
  onEveryRoad([...known, told({ at: minute(2) })], (order) => expect(mayShip(order)).toEqual([]));
});

test.each([
  ['nothing else is known', []],
  ['it was only said to be paid', [pushed({ status: 'paid' })]],
])('a refund that is heard of first ends no order while nobody has told what was paid: %s', (_, before) =>
  onEveryRoad([...before, pushed({ at: minute(1), refunds: { r1: aRefund('5.00', 'done') } })], ({ view }) => {
    expect(view.refund).toBe('partial');
    expect(['cancelled', 'closed']).not.toContain(view.status);
    expect(isWithheld(view.holds)).toBe(true);
  }),
);

test('two open refunds hold what has not left, in an order that does not show which came first', () =>
  onEveryRoad(
    [
      told({ content: { lines: [aLine(), aLine({ lineId: 'L2' })] } }),
      pushed({ at: minute(2), refunds: { zz: aRefund('30.00', 'requested') } }),
      pushed({ at: minute(1), refunds: { aa: aRefund('10.00', 'agreed', { lineId: 'L2' }) } }),
    ],
    (order) => {
      expect(holdIds(order)).toEqual(['refund:aa', 'refund:zz']);
      expect(order.view).toMatchObject({ refund: 'requested', holds: [{ kind: 'after_sale', lineId: 'L2' }, { kind: 'after_sale' }] });
    },
  ));

test('a cancellation that races with a shipment holds the order and leaves its status', () =>
  onEveryRoad(
    [
      told(),
      pushed({ at: minute(1), status: 'shipped', shipments: { s1: aShipment() } }),
      pushed({ at: minute(2), status: 'closed' }),
      pushed({ at: minute(3), status: 'closed' }),
    ],
    (order) => {
      expect(order.view.status).toBe('shipped');
      expect(order.view.holds).toMatchObject([{ id: 'cancel_after_shipping', kind: 'after_sale' }]);
    },
  ));

test('a shipment whose news is older than the cancellation counts all the same', () =>
  onEveryRoad([told(), pushed({ at: minute(5), status: 'closed' }), pushed({ at: minute(1), shipments: { s1: aShipment() } })], (order) => {
    expect(order.view.status).toBe('shipped');
    expect(holdIds(order)).toEqual(['cancel_after_shipping']);
  }));

test('our own shipping counts against a cancellation as much as a shipment the channel tells of', () =>
  onEveryRoad([told(), { type: 'lines.moved', lines: ['L1'], to: 'shipped' }, pushed({ at: minute(2), status: 'closed' })], (order) => {
    expect(order.view.status).toBe('shipped');
    expect(holdIds(order)).toEqual(['cancel_after_shipping']);
  }));

test('our own cancellation that meets a shipment of the channel holds the order and leaves its status', () =>
  onEveryRoad([told(), { type: 'cancelled', at: minute(1) }, pushed({ at: minute(2), status: 'shipped' })], (order) => {
    expect(order.view.status).toBe('shipped');
    expect(order.view.holds).toMatchObject([{ id: 'cancel_after_shipping', since: minuteText(1) }]);
  }));

test('a line that the channel ends after it left keeps its status and is held; one that has not left ends', () =>
  onEveryRoad(
    [
      told({ content: { lines: [aLine(), aLine({ lineId: 'L2' }), aLine({ lineId: 'L3' })] } }),
      { type: 'lines.moved', lines: ['L1'], to: 'shipped' },
      pushed({ at: minute(1), shipments: { s1: aShipment([{ lineId: 'L1', quantity: 2 }]) } }),
      pushed({ at: minute(2), lineStatus: { L1: 'closed', L2: 'closed' } }),
    ],
    (order) => {
      expect(order.view.progress).toEqual({ shipped: 1, closed: 1, paid: 1 });
      expect(order.view).toMatchObject({ status: 'paid', holds: [{ id: 'cancel_after_shipping:L1', lineId: 'L1', kind: 'after_sale' }] });
    },
  ));

test('a shipped line that ends because its money went back holds nothing', () =>
  onEveryRoad(
    [
      told({ content: { lines: [aLine(), aLine({ lineId: 'L2' })] } }),
      pushed({ at: minute(1), shipments: { s1: aShipment([{ lineId: 'L1', quantity: 2 }]) } }),
      pushed({ at: minute(2), lineStatus: { L1: 'closed' }, refunds: { r1: aRefund('100.00', 'done', { lineId: 'L1' }) } }),
    ],
    (order) => {
      expect(order.view.progress).toEqual({ shipped: 1, paid: 1 });
      expect(holdIds(order)).toEqual([]);
    },
  ));

test.each(['address', 'remark', 'buyer'] as const)('%s from A to B and back to A is A, and no conflict', (field) =>
  onEveryRoad(
    ['A', 'B', 'A', 'B', 'A'].map((value, at) =>
      at === 0 ? told({ content: { [field]: value } }) : pushed({ at: minute(at), content: { [field]: value } }),
    ),
    (order) => {
      expect(order.facts.content[field]).toEqual({ at: minute(4), rank: RANK.push, value: 'A' });
      expect(holdIds(order)).toEqual([]);
    },
  ),
);

test('a removed remark is gone, and an older remark does not bring it back', () =>
  onEveryRoad(
    [
      told({ content: { remark: 'A' } }),
      pushed({ at: minute(2), content: { remark: null } }),
      pushed({ at: minute(1), content: { remark: 'B' } }),
    ],
    ({ facts }) => expect(facts.content.remark?.value).toBeNull(),
  ));

test('an address that a person corrected stands against older messages and against repeats of what she replaced, and gives way to a newer other one', () => {
  const corrected: Fact = { type: 'address.corrected', at: minute(5), address: 'P', over: 'address-A' };
  onEveryRoad(
    [told(), corrected, pushed({ at: minute(4), content: { address: 'B' } }), pushed({ at: minute(5), content: { address: 'C' } })],
    ({ facts, view }) => {
      expect(addressOf(facts)).toBe('P');
      expect(view.holds).toEqual([]);
    },
  );
  onEveryRoad([told(), corrected, told({ at: minute(20) })], ({ facts, view }) => {
    expect(addressOf(facts)).toBe('P');
    expect(view.holds).toEqual([]);
  });
  onEveryRoad([told(), corrected, pushed({ at: minute(6), content: { address: 'B' } })], ({ facts }) => expect(addressOf(facts)).toBe('B'));
});

test('a price changed before payment is the price that is paid', () =>
  onEveryRoad(
    [
      told({ status: 'awaiting_payment' }),
      told({
        at: minute(1),
        status: 'awaiting_payment',
        content: { discounts: [{ name: 'price change', amount: '10.00', payer: 'shop' }] },
      }),
      told({
        at: minute(2),
        status: 'awaiting_payment',
        content: { discounts: [{ name: 'price change', amount: '15.00', payer: 'shop' }] },
      }),
      pushed({ at: minute(3), status: 'paid', content: { paid: '85.00' }, payments: { p1: aPayment('85.00') } }),
    ],
    ({ view }) => expect(view).toMatchObject({ status: 'paid', payment: 'full', payable: '85.00', paid: '85.00', holds: [] }),
  ));

test('an order first seen as paid is incomplete until its detail is there', () => {
  const hint = pushed({ at: minute(1), status: 'paid' });
  onEveryRoad([hint], (order) => {
    expect(order.view.status).toBe('paid');
    expect(order.view.holds).toMatchObject([{ kind: 'incomplete', since: minuteText(1) }]);
  });
  onEveryRoad([pushed({ at: minute(1), payments: { p1: aPayment('30.00') } })], ({ view }) =>
    expect(view.holds).toMatchObject([{ kind: 'incomplete', since: minuteText(1) }]),
  );
  onEveryRoad([hint, pushed({ at: minute(2), status: 'paid' })], ({ view }) =>
    expect(view.holds).toMatchObject([{ kind: 'incomplete', since: minuteText(1) }]),
  );
  onEveryRoad([hint, told({ at: minute(1) }), told({ at: minute(2), rank: RANK.list })], (order) => {
    expect(order.view).toMatchObject({ status: 'paid', payment: 'full', holds: [] });
  });
});

test('of a partly shipped order each line has its own status, and the order that of the last one', () =>
  onEveryRoad(
    [
      told({ content: { lines: [aLine(), aLine({ lineId: 'L2', quantity: 3 }), aLine({ lineId: 'L3' })] } }),
      pushed({ at: minute(1), shipments: { s1: aShipment([{ lineId: 'L1', quantity: 2 }]) } }),
      pushed({ at: minute(2), shipments: { s2: aShipment([{ lineId: 'L2', quantity: 1 }]) } }),
      pushed({ at: minute(3), shipments: { s3: aShipment([{ lineId: 'L2', quantity: 1 }]) } }),
    ],
    ({ view }) => {
      expect(view).toMatchObject({ status: 'paid', progress: { shipped: 1, paid: 2 } });
      expect(view.lines.map(({ shipped, status }) => [shipped, status])).toEqual([
        [2, 'shipped'],
        [2, 'paid'],
        [0, 'paid'],
      ]);
    },
  ));

test('gifts and lines of no price are lines like others, and an order of nothing but gifts counts as paid once the channel says so', () => {
  const gifts = [
    aLine({ lineId: 'G1', unitPrice: '0.00', gift: true }),
    aLine({ lineId: 'G2', unitPrice: '0.00', quantity: 1, gift: true }),
  ];
  onEveryRoad([told({ status: 'awaiting_payment', content: { lines: gifts } }), pushed({ at: minute(1), status: 'paid' })], ({ view }) => {
    expect(view).toMatchObject({ status: 'paid', payment: 'full', payable: '0.00', paid: '0.00', refund: 'none', holds: [] });
  });
  onEveryRoad([told({ content: { lines: [aLine(), ...gifts] } }), pushed({ at: minute(1), shipments: { s1: aShipment() } })], ({ view }) =>
    expect(view).toMatchObject({ status: 'shipped', payable: '100.00', progress: { shipped: 3 } }),
  );
});
