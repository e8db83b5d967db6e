import { expect, test } from 'vitest';
import { wantedOf } from './search.ts';

test.each([
  ['  dy2026022200872a ', { kind: 'orderKey', orderKey: 'DY2026022200872A' }],
  ['138 0013 8000', { kind: 'phone', phone: '13800138000' }],
  ['+86-138-0013-8000', { kind: 'phone', phone: '13800138000' }],
  ['6912345678901234567', { kind: 'number', number: '6912345678901234567' }],
  ['240222-123456789', { kind: 'number', number: '240222-123456789' }],
  ['10013800138', { kind: 'number', number: '10013800138' }],
  ['   ', { kind: 'nothing' }],
])('“%s” is looked up as what it is', (typed, wanted) => {
  expect(wantedOf(typed)).toEqual(wanted);
});
