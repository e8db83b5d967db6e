import { fenOf } from '@weir/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fields } from '../fields.ts';
import { parseLossless } from '../lossless-json.ts';
import { discountsOf } from './discounts.ts';

const of = (order: object) => discountsOf(new Fields(parseLossless(JSON.stringify(order))));
const split = (order: object) => of(order).map(({ payer, amount }) => `${payer} ${amount}`);

test('without any split nobody knows who pays, and it is said: the payer is unknown', () => {
  expect(of({ promotion_amount: 4000 })).toEqual([{ name: '优惠', amount: '40.00', payer: 'unknown' }]);
});

test('who bears it goes before who gave it: a platform coupon that the shop pays half of', () => {
  const totals = {
    promotion_amount: 1000,
    promotion_platform_amount: 1000,
    shop_cost_amount: 500,
    only_platform_cost_amount: 500,
    author_cost_amount: 0,
  };
  expect(split(totals)).toEqual(['shop 5.00', 'platform 5.00']);
  const coupon = { coupon_amount: 1000, coupon_name: '满减券', share_discount_cost: { shop_cost: 500, platform_cost: 500 } };
  const promotion_detail = { platform_discount_detail: { total_amount: 1000, coupon_info: [coupon] } };
  expect(of({ ...totals, promotion_detail })).toEqual([
    { name: '满减券', amount: '5.00', payer: 'shop' },
    { name: '满减券', amount: '5.00', payer: 'platform' },
  ]);
});

test('who gave it stands in where the costs do not add up', () => {
  expect(split({ promotion_amount: 900, promotion_shop_amount: 400, promotion_talent_amount: 500, shop_cost_amount: 1 })).toEqual([
    'shop 4.00',
    'talent 5.00',
  ]);
});

test('what a group does not name is told under the name of the group; what no group explains has no payer', () => {
  const promotion_detail = { shop_discount_detail: { total_amount: 300, coupon_info: [{ coupon_amount: 100, coupon_name: '券' }] } };
  expect(of({ promotion_amount: 350, promotion_detail })).toEqual([
    { name: '券', amount: '1.00', payer: 'shop' },
    { name: '店铺优惠', amount: '2.00', payer: 'shop' },
    { name: '优惠', amount: '0.50', payer: 'unknown' },
  ]);
});

test('a detail that contradicts its own totals explains nothing', () => {
  const promotion_detail = { shop_discount_detail: { total_amount: 100, coupon_info: [{ coupon_amount: 300 }] } };
  expect(split({ promotion_amount: 100, promotion_detail })).toEqual(['unknown 1.00']);
  expect(split({ promotion_amount: 50, promotion_detail: { shop_discount_detail: { total_amount: 100 } } })).toEqual(['unknown 0.50']);
});

test('more coupons than an order may list are told by payer', () => {
  const coupon_info = Array.from({ length: 150 }, (_, i) => ({
    coupon_amount: 2,
    coupon_name: `券${i}`,
    share_discount_cost: { shop_cost: 1 },
  }));
  const promotion_detail = { platform_discount_detail: { total_amount: 300, coupon_info } };
  expect(split({ promotion_amount: 300, promotion_detail })).toEqual(['shop 1.50', 'platform 1.50']);
});

test('whatever the detail says, the discounts add up to promotion_amount to the fen', () => {
  const fen = fc.integer({ min: 0, max: 9 }); // small, so that totals and parts often meet
  const item = (name: string) =>
    fc.record(
      { [name]: fen, share_discount_cost: fc.record({ shop_cost: fen, platform_cost: fen, author_cost: fen }, { requiredKeys: [] }) },
      { requiredKeys: [] },
    );
  const group = fc.record(
    {
      total_amount: fen,
      coupon_info: fc.array(item('coupon_amount')),
      full_discount_info: fc.array(item('campaign_amount')),
      redpack_info: fc.array(item('redpack_amount')),
    },
    { requiredKeys: [] },
  );
  const promotion_detail = fc.record(
    { shop_discount_detail: group, platform_discount_detail: group, kol_discount_detail: group },
    { requiredKeys: [] },
  );
  const order = fc.record(
    { promotion_amount: fen, promotion_detail, promotion_shop_amount: fen, shop_cost_amount: fen, author_cost_amount: fen },
    { requiredKeys: ['promotion_amount'] },
  );
  fc.assert(
    fc.property(order, (each) => {
      const told = of(each);
      expect(told.reduce((sum, { amount }) => sum + fenOf(amount), 0)).toBe(each.promotion_amount);
      for (const { amount } of told) expect(amount).toMatch(/^(0|[1-9]\d*)\.\d\d$/);
    }),
  );
});
