import { EVENT_TYPES, HOLD_KINDS, ORDER_STATUSES, PAYMENT_STATES, REFUND_STATES, REFUND_STATUSES, ROLES } from '@weir/contract/statuses';
import { describe, expect, test } from 'vitest';
import { en } from './en.ts';
import { wordsOf } from './words.ts';
import { zh } from './zh.ts';

const paramsOf = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string).sort();

describe('the catalogues', () => {
  test('both languages have the same keys', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort());
  });
  test('a sentence takes the same parameters in both languages', () => {
    const differing = Object.entries(zh).filter(([key, text]) => String(paramsOf(text)) !== String(paramsOf(en[key as keyof typeof zh])));
    expect(differing).toEqual([]);
  });
  test('no English sentence has Chinese in it, but the name of the other language', () => {
    const chinese = Object.entries(en).filter(([key, text]) => /[\u4e00-\u9fff]/.test(text) && key !== 'top.language');
    expect(chinese).toEqual([]);
  });
  test.each([
    ['status', ORDER_STATUSES],
    ['payment', PAYMENT_STATES],
    ['refund', REFUND_STATES],
    ['refundStatus', REFUND_STATUSES],
    ['hold', HOLD_KINDS],
    ['role', ROLES],
    ['event', EVENT_TYPES],
  ] as const)('every %s of the contract has a word in both languages', (list, values) => {
    for (const language of ['zh', 'en'] as const) for (const value of values) expect(wordsOf(language).name(list, value)).not.toBe(value);
  });
});

test('a value that this console does not know stands for itself', () => {
  expect(wordsOf('zh').name('status', 'teleported')).toBe('teleported');
  expect(wordsOf('zh').name('status', 'constructor')).toBe('constructor');
});

test('a value with braces in it is not read as a template', () => {
  expect(wordsOf('en').t('orders.lines', { title: '{n}', n: 3 })).toBe('{n} and more, 3 lines');
});

test('one is one, and several are several', () => {
  const { t } = wordsOf('en');
  expect([t('orders.count', { n: '1' }), t('orders.count', { n: '0' }), t('orders.count', { n: '1,001' })]).toEqual([
    '1 order',
    '0 orders',
    '1,001 orders',
  ]);
  expect(t('overview.awayLead', { n: 1, m: 1 })).toBe('1 order came, 1 of them must ship within 2 hours.');
});
