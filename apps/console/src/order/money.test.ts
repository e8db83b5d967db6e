import { expect, test } from 'vitest';
import { wordsOf } from '../words/words.ts';
import { moneyView } from './money.ts';

const line = {
  lineId: 'L1',
  sku: 'A',
  title: '被子',
  quantity: 2,
  unitPrice: '59.00',
  discount: '4.00',
  status: 'paid',
  shipped: 0,
} as const;
const order = {
  lines: [line, { ...line, lineId: 'L2', quantity: 1, unitPrice: '0.00', discount: '0.00', gift: true }],
  discounts: [{ name: '满减', amount: '10.00', payer: 'platform' }],
  shippingFee: '6.00',
  payable: '114.00',
  paid: '20.00',
  refunded: '0.00',
  currency: 'CNY',
};
const zh = wordsOf('zh');

test('goods less what each payer gives plus shipping makes the amount to pay', () => {
  const view = moneyView(order, zh);
  expect(view.parts.map(({ label, amount }) => [label, amount])).toEqual([
    ['商品合计', '¥118.00'],
    ['商品优惠', '−¥4.00'],
    ['满减（平台承担）', '−¥10.00'],
    ['运费', '¥6.00'],
  ]);
  expect(view).toMatchObject({ payable: '¥114.00', differs: { sum: '¥110.00', difference: '¥4.00' } });
});
test('a sum that is right says so', () => {
  expect(moneyView({ ...order, payable: '110.00' }, zh).differs).toBeNull();
});
test('what is still to pay and what went back is shown only where there is any', () => {
  expect(moneyView(order, zh).settled.map(({ id }) => id)).toEqual(['paid', 'open']);
  expect(moneyView({ ...order, paid: '114.00', refunded: '1.00' }, zh).settled.map(({ id }) => id)).toEqual(['paid', 'refunded']);
});
