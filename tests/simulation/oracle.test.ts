/** The oracle against ends that were worked out by hand. */
import { expect, test } from 'vitest';
import { neutralOrder } from '../support/neutral-order.ts';
import { foretell } from './oracle.ts';
import type { Story } from './story.ts';

const AT = Date.parse('2026-02-20T12:00:00Z');
const word = (minutes: number, more: Record<string, unknown> = {}): Story['words'][number] => ({
  at: AT + minutes * 60_000,
  message: neutralOrder(more),
});
const part = (minutes: number, more: Record<string, unknown>): Story['words'][number] => ({
  at: AT + minutes * 60_000,
  message: { partial: true, ...more },
});
const story = (words: Story['words'], more: Partial<Story> = {}): Story => ({
  words,
  openCases: 0,
  acceptedConflicts: new Set(),
  ownSteps: new Map(),
  isCancelled: false,
  personHolds: 0,
  correctedReceiver: undefined,
  isAddressOpen: false,
  ...more,
});

test('a whole paid message is a paid order, and what comes first does not matter', () => {
  const words = [word(0, { status: 'awaiting_payment', paid: '0.00', payments: undefined }), word(1)];
  for (const road of [words, words.toReversed()])
    expect(foretell(story(road))).toMatchObject({
      status: 'paid',
      payment: 'full',
      paid: '114.00',
      holds: [],
      lines: [
        ['1', 2, 'paid', 0],
        ['2', 1, 'paid', 0],
      ],
    });
});

test('money grows by the ids of its payments, however often they are told', () => {
  const deposit = part(1, { payments: [{ id: 'a', amount: '20.00' }] });
  const first = word(0, { status: 'awaiting_payment', paid: '0.00', payments: undefined });
  expect(foretell(story([first, deposit, deposit]))).toMatchObject({
    status: 'awaiting_payment',
    payment: 'deposit',
    paid: '20.00',
    holds: ['deposit'],
  });
  const balance = part(2, { payments: [{ id: 'b', amount: '94.00' }] });
  expect(foretell(story([balance, first, deposit]))).toMatchObject({ status: 'paid', payment: 'full', paid: '114.00', holds: [] });
});

test('a parcel that left keeps the order shipped and held when the channel cancels', () => {
  const shipped = part(1, { status: 'shipped', shipments: [{ id: 's', lines: [] }] });
  const closed = part(2, { status: 'closed' });
  expect(foretell(story([word(0), closed, shipped]))).toMatchObject({ status: 'shipped', holds: ['after_sale'] });
  expect(foretell(story([word(0), closed]))).toMatchObject({ status: 'closed', holds: [] });
});

test('all money back closes an order that was never completed, and leaves a completed one as it is', () => {
  const back = part(3, { refunds: [{ id: 'r', amount: '114.00', status: 'done' }], refunded: '114.00' });
  expect(foretell(story([word(0), back]))).toMatchObject({ status: 'closed', refund: 'full' });
  expect(foretell(story([word(0), part(1, { status: 'completed' }), back]))).toMatchObject({ status: 'completed', refund: 'full' });
});

test('open cases, contradictions, missing detail and sums that do not add up are held for review', () => {
  expect(foretell(story([word(0)], { openCases: 1 })).holds).toEqual(['review']);
  expect(foretell(story([word(0), word(0, { remark: '另一句' })])).holds).toEqual(['review']);
  expect(foretell(story([word(0), part(1, { payable: '1.00' })])).holds).toEqual(['review']);
  expect(foretell(story([part(0, { status: 'paid' })]))).toMatchObject({ status: 'paid', holds: ['incomplete'], lines: [] });
  expect(foretell(story([], { openCases: 1 }))).toMatchObject({ status: null, holds: ['incomplete', 'review'] });
});

test('our own steps go ahead of the channel, line by line, and our own cancellation ends what has not left', () => {
  const steps = new Map([['1', 'packed' as const]]);
  expect(foretell(story([word(0)], { ownSteps: steps }))).toMatchObject({
    status: 'paid',
    lines: [
      ['1', 2, 'packed', 0],
      ['2', 1, 'paid', 0],
    ],
  });
  expect(foretell(story([word(0)], { ownSteps: steps, isCancelled: true })).status).toBe('closed');
});
