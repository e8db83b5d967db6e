import { problem } from '@weir/contract/problems';
import { expect, test } from 'vitest';
import { draftsFor, editsOf, mayRelease, valueAt } from './edits.ts';

const message = { payable: '110.00', lines: [{ lineId: 'L1', quantity: '2' }], 'a/b': 1, receiver: { phone: '***' }, colour: 'red' };

test('a JSON pointer finds its value, escaped names too, and nothing where there is nothing', () => {
  expect(valueAt(message, '/lines/0/quantity')).toBe('2');
  expect(valueAt(message, '/a~1b')).toBe(1);
  expect(valueAt(message, '/lines/7/quantity')).toBeUndefined();
  expect(valueAt(message, '/constructor')).toBeUndefined();
});
test('the form opens with one row per blocked place, holding what stands there, and never a mask', () => {
  const drafts = draftsFor(
    [
      problem('sum.payable', '/payable', { reading: '110.00', expected: '106.00' }),
      problem('field.wrong_type', '/lines/0/quantity', { reading: '"2"', expected: 'integer' }),
      problem('field.unknown', '/colour', { reading: 'colour', expected: 'a known field' }),
      problem('field.too_long', '/receiver/phone', { reading: '41', expected: '40' }),
      problem('time.no_modified_at', '/modifiedAt'),
    ],
    message,
  );
  expect(drafts).toEqual([
    { pointer: '/payable', text: '110.00', kind: 'text' },
    { pointer: '/lines/0/quantity', text: '2', kind: 'number' },
    { pointer: '/colour', text: 'red', kind: 'remove' },
    { pointer: '/receiver/phone', text: '', kind: 'text' },
  ]);
});
test('an amount stays text, a quantity becomes a number, a removal has no value', () => {
  expect(
    editsOf([
      { pointer: '/payable', text: '106.00', kind: 'text' },
      { pointer: ' /lines/0/quantity ', text: ' 2 ', kind: 'number' },
      { pointer: '/colour', text: 'red', kind: 'remove' },
      { pointer: '', text: 'left empty', kind: 'text' },
    ]),
  ).toEqual({
    ok: true,
    edits: [{ pointer: '/payable', value: '106.00' }, { pointer: '/lines/0/quantity', value: 2 }, { pointer: '/colour' }],
  });
});
test('what says it is a number and is not one is refused before it is sent', () => {
  expect(editsOf([{ pointer: '/lines/0/quantity', text: 'two', kind: 'number' }])).toEqual({
    ok: false,
    notNumbers: ['/lines/0/quantity'],
  });
});
test('a broken sum may be released as it is, an unreadable value never', () => {
  const sum = problem('sum.payable', '/payable', { reading: '110.00', expected: '106.00' });
  expect(mayRelease([sum, problem('time.no_modified_at', '')])).toBe(true);
  expect(mayRelease([sum, problem('amount.not_decimal', '/paid', { reading: '1e3', expected: 'two decimals' })])).toBe(false);
});
