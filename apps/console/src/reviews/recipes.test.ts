import { expect, test } from 'vitest';
import { recipesOf, suggested } from './recipes.ts';

test('what is wrong suggests how to fix it, once for each place, with lists as a whole', () => {
  const blocking = 'blocking';
  expect(
    suggested([
      { code: 'sum.payable', pointer: '/payable', severity: blocking },
      { code: 'amount.not_decimal', pointer: '/lines/0/discount', severity: blocking },
      { code: 'amount.not_decimal', pointer: '/lines/12/discount', severity: blocking },
      { code: 'time.not_zoned', pointer: '/paidAt', severity: blocking },
      { code: 'discount.no_payer', pointer: '/discounts/0/payer', severity: 'warning' },
      { code: 'field.wrong_type', pointer: '', severity: blocking },
    ]),
  ).toEqual([
    { pointer: '/payable', deed: 'expected', text: '' },
    { pointer: '/lines/*/discount', deed: 'two_digits', text: '' },
    { pointer: '/paidAt', deed: 'zone', text: '+08:00' },
  ]);
});

test('recipes are asked for once everything is filled in', () => {
  expect(recipesOf([])).toBeNull();
  expect(recipesOf([{ pointer: '/paid', deed: 'set', text: '' }])).toBeNull();
  expect(recipesOf([{ pointer: 'paid', deed: 'remove', text: '' }])).toBeNull();
  expect(
    recipesOf([
      { pointer: '/paid', deed: 'set', text: '1.00' },
      { pointer: '/paidAt', deed: 'zone', text: '+08:00' },
      { pointer: '/x', deed: 'remove', text: 'left over' },
    ]),
  ).toEqual([
    { pointer: '/paid', do: 'set', value: '1.00' },
    { pointer: '/paidAt', do: 'zone', offset: '+08:00' },
    { pointer: '/x', do: 'remove' },
  ]);
});
