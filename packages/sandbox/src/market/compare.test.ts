import { expect, test } from 'vitest';
import { type Held, whereItDiffers } from './compare.ts';
import type { OrderTruth } from './market.ts';

const truth: OrderTruth = {
  stage: 'shipped',
  payableFen: 200,
  paidFen: 200,
  refundedFen: 0,
  lines: [['L1', 2, 2]],
  addressVersion: 0,
  place: '浙江省 杭州市 余杭区',
  updatedAt: 0,
  isListed: true,
  countsPieces: false,
  isFinishHidden: false,
};
const held = (more: Partial<Held>): Held => ({
  status: 'paid',
  payable: '2.00',
  paid: '2.00',
  refunded: '0.00',
  lines: [{ lineId: 'L1', quantity: 2, shipped: 1 }],
  holds: [],
  shipments: [{ own: true }],
  ...more,
});

test('a platform that counts no pieces thinks that all has left with our first parcel: what is still here is no difference', () => {
  expect(whereItDiffers(held({}), truth)).toBe('');
  expect(whereItDiffers(held({ status: 'shipped', lines: [{ lineId: 'L1', quantity: 2, shipped: 2 }] }), truth)).toBe('');
});

test('it is one without a parcel of ours, when nothing is still here, and where pieces are counted', () => {
  expect(whereItDiffers(held({ shipments: [{}] }), truth)).toContain('status paid');
  expect(whereItDiffers(held({ lines: [{ lineId: 'L1', quantity: 2, shipped: 2 }] }), truth)).toContain('status paid');
  expect(whereItDiffers(held({ lines: [{ lineId: 'L1', quantity: 2, shipped: 0 }] }), truth)).toContain('whether L1 left');
  expect(whereItDiffers(held({}), { ...truth, countsPieces: true })).toContain('status paid');
});

test('an order that goes elsewhere than the platform says is a difference, where both tell it', () => {
  const receiver = { province: '浙江省', city: '杭州市', district: '余杭区' };
  expect(whereItDiffers(held({ personal: { receiver } }), truth)).toBe('');
  expect(whereItDiffers(held({ personal: { receiver: { ...receiver, city: '义乌市' } } }), truth)).toContain('receiver in 浙江省 义乌市');
  expect(whereItDiffers(held({ personal: {} }), truth)).toContain('receiver in');
  expect(whereItDiffers(held({ personal: {} }), { ...truth, place: null })).toBe('');
});
