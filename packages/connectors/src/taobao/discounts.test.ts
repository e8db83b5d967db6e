/** A trade of one line, whose number is that of the trade: whether a promotion is the line's or the trade's, only the sums tell. */
import { expect, test } from 'vitest';
import { detailOf, hear, validate } from './judge.test-support.ts';
import { aTrade, TID } from './trade.test-support.ts';

/** One line of 129.00. `off`: at the line; `coupon`: at the trade. */
function discountsOf(off: string, coupon: string, promotions: readonly (readonly [string, string])[], payment: string) {
  const promotion_detail = promotions.map(([promotion_name, discount_fee]) => ({ id: TID, promotion_name, discount_fee }));
  const trade = aTrade({ payment, discount_fee: coupon, promotion_details: { promotion_detail } }, [{ oid: TID, discount_fee: off }]);
  const [told] = hear('detail', detailOf(trade)).messages;
  expect(validate(told).problems.filter(({ severity }) => severity === 'blocking')).toEqual([]);
  return told?.discounts?.map(({ name, amount }) => [name, amount]);
}
const DOWN = (amount: string) => ['单品直降', amount] as const;
const COUPON = (amount: string) => ['店铺优惠券', amount] as const;

test('what makes up the discount of the line is not named once more at the trade', () => {
  expect(discountsOf('19.80', '20.00', [DOWN('19.80'), COUPON('20.00')], '89.20')).toEqual([['店铺优惠券', '20.00']]);
  expect(discountsOf('19.80', '20.00', [DOWN('15.00'), COUPON('20.00'), ['会员价', '4.80']], '89.20')).toEqual([['店铺优惠券', '20.00']]);
});
test('it does not stand for a part of a coupon that nobody names', () => {
  expect(discountsOf('4.80', '5.00', [DOWN('4.80')], '119.20')).toEqual([['优惠', '5.00']]);
});
test('where the sums fit more than one promotion, or none, nothing is named', () => {
  expect(discountsOf('20.00', '20.00', [DOWN('20.00'), COUPON('20.00')], '89.00')).toEqual([['优惠', '20.00']]);
  expect(discountsOf('20.00', '20.00', [DOWN('20.00')], '89.00')).toEqual([['优惠', '20.00']]);
  expect(discountsOf('19.80', '20.00', [DOWN('9.80')], '89.20')).toEqual([['优惠', '20.00']]);
});
test('promotions that come to what was taken off the trade are those of the trade', () => {
  expect(discountsOf('0.00', '20.00', [COUPON('20.00')], '109.00')).toEqual([['店铺优惠券', '20.00']]);
  expect(discountsOf('19.80', '20.00', [COUPON('15.00'), ['跨店满减', '5.00']], '89.20')).toEqual([
    ['店铺优惠券', '15.00'],
    ['跨店满减', '5.00'],
  ]);
});
