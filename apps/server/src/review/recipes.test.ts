import { describe, expect, test } from 'vitest';
import { problem } from '@weir/contract';
import { editsOf, type Recipe } from './recipes.ts';

const message = {
  payable: '100.0',
  shippingFee: 4,
  placedAt: '2026-02-20 20:22:08',
  discounts: [
    { name: 'a', amount: '1', payer: 'unknown' },
    { name: 'b', amount: '2.00' },
  ],
  'a/b': { 'c~d': '3.5' },
};
const edits = (recipe: Recipe, problems = [problem('sum.payable', '/payable', { reading: '100.0', expected: '114.00' })]) =>
  editsOf(message, problems, [recipe]);

describe('a recipe becomes edits of the places where it has something to do', () => {
  test.each<[string, Recipe, unknown]>([
    [
      'sets every item that `*` names, also where the field is missing',
      { pointer: '/discounts/*/payer', do: 'set', value: 'shop' },
      [
        { pointer: '/discounts/0/payer', value: 'shop' },
        { pointer: '/discounts/1/payer', value: 'shop' },
      ],
    ],
    ['sets nothing that stands there already', { pointer: '/payable', do: 'set', value: '100.0' }, []],
    ['removes what is there', { pointer: '/discounts/0/payer', do: 'remove' }, [{ pointer: '/discounts/0/payer' }]],
    ['removes nothing that is not there', { pointer: '/remark', do: 'remove' }, []],
    ['takes what the sum should be', { pointer: '/payable', do: 'expected' }, [{ pointer: '/payable', value: '114.00' }]],
    ['expects nothing where no sum is wrong', { pointer: '/shippingFee', do: 'expected' }, []],
    ['writes two digits', { pointer: '/payable', do: 'two_digits' }, [{ pointer: '/payable', value: '100.00' }]],
    ['reads numbers too', { pointer: '/shippingFee', do: 'two_digits' }, [{ pointer: '/shippingFee', value: '4.00' }]],
    [
      'leaves a right amount alone',
      { pointer: '/discounts/*/amount', do: 'two_digits' },
      [{ pointer: '/discounts/0/amount', value: '1.00' }],
    ],
    [
      'says the zone',
      { pointer: '/placedAt', do: 'zone', offset: '+08:00' },
      [{ pointer: '/placedAt', value: '2026-02-20T20:22:08+08:00' }],
    ],
    ['knows escaped names', { pointer: '/a~1b/c~0d', do: 'two_digits' }, [{ pointer: '/a~1b/c~0d', value: '3.50' }]],
    ['finds no place below what is no object', { pointer: '/payable/x', do: 'set', value: 1 }, []],
  ])('%s', (_, recipe, expected) => expect(edits(recipe)).toEqual(expected));

  test.each(['1,234.5', '1.005', '¥4', 'NaN', '1e3', '', '99999999999'])('an amount that could be read in two ways stays: %s', (text) =>
    expect(editsOf({ payable: text }, [], [{ pointer: '/payable', do: 'two_digits' }])).toEqual([]),
  );
  test.each(['2026-02-20T12:22:08Z', '2026-02-20T12:22:08+08:00', '02/20/2026 12:22', 'yesterday'])(
    'a time that has a zone or is none stays: %s',
    (text) => expect(editsOf({ placedAt: text }, [], [{ pointer: '/placedAt', do: 'zone', offset: '+08:00' }])).toEqual([]),
  );
  test('a list of a million items is mended to a limit', () => {
    const long = { discounts: Array.from({ length: 5_000 }, () => ({})) };
    expect(editsOf(long, [], [{ pointer: '/discounts/*/payer', do: 'set', value: 'shop' }])).toHaveLength(1_000);
  });
});
