import { expect, test } from 'vitest';
import { GLOSSARY, wordFor } from './glossary.ts';
import {
  EVENT_TYPES,
  HOLD_KINDS,
  ORDER_STATUSES,
  PAYMENT_STATES,
  REFUND_STATES,
  REFUND_STATUSES,
  ROLES,
  SNAPSHOT_TYPE,
} from './statuses.ts';

const idsOf = (group: keyof typeof GLOSSARY) => GLOSSARY[group].entries.map((entry) => entry.id);

test('every id of every closed list has its word', () => {
  expect(idsOf('status')).toEqual([...ORDER_STATUSES]);
  expect(idsOf('payment')).toEqual([...PAYMENT_STATES]);
  expect(idsOf('refund')).toEqual([...REFUND_STATES]);
  expect(idsOf('refundStatus')).toEqual([...REFUND_STATUSES]);
  expect(idsOf('hold')).toEqual([...HOLD_KINDS]);
  expect(idsOf('event')).toEqual([...EVENT_TYPES, SNAPSHOT_TYPE]);
  expect(idsOf('role')).toEqual([...ROLES]);
});

test('every word and meaning is there in Chinese and in English', () => {
  const entries = Object.values(GLOSSARY).flatMap((group) => group.entries);
  expect(entries.filter(({ zh, meaningZh }) => !/\p{Script=Han}/u.test(zh) || !/\p{Script=Han}/u.test(meaningZh))).toEqual([]);
  expect(entries.filter(({ en, meaningEn }) => !/^[\x20-\x7e…]+$/.test(en) || !/^[\x20-\x7e…]+$/.test(meaningEn))).toEqual([]);
});

test('no two words of one group are the same on a screen', () => {
  for (const { entries } of Object.values(GLOSSARY)) {
    expect(new Set(entries.map((entry) => entry.zh)).size).toBe(entries.length);
    expect(new Set(entries.map((entry) => entry.en)).size).toBe(entries.length);
  }
});

test('an id outside the list has no word', () => {
  expect(wordFor('status', 'paid')?.zh).toBe('已付款');
  expect(wordFor('status', 'constructor')).toBeUndefined();
});
