/** Every published example ends as something that is written down beside it. */
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fixture, judge } from './judge.test-support.ts';
import { publishedPaths } from './published.test-support.ts';

const EXPECTED = JSON.parse(fixture('platform-docs/_expected.json').toString()) as Readonly<Record<string, string>>;
const kindOf = (outcome: string): string => /^[a-z]+/.exec(outcome)?.[0] ?? '';

test('every file has an expectation and every expectation a file', () => {
  expect(publishedPaths()).toEqual(Object.keys(EXPECTED).toSorted());
});

test.each(Object.entries(EXPECTED))('%s → %s', (path, expected) => {
  expect(judge(fixture(`platform-docs/${path}`)).join(' | ')).toBe(expected);
});

test('of 156 examples 3 are accepted, 19 are hints, 2 are held and 132 are no news about an order', () => {
  const counts = Object.values(EXPECTED).reduce<Record<string, number>>((sum, outcome) => {
    sum[kindOf(outcome)] = (sum[kindOf(outcome)] ?? 0) + 1;
    return sum;
  }, {});
  expect(counts).toEqual({ accepted: 3, hint: 19, held: 2, refused: 132 });
});

/** The publisher wrote "xxxxxxx" where an id belongs and rounded one id. With ids in their place, what do the same messages say? */
const WITH_IDS: Readonly<Record<string, string>> = {
  'Trade/TradePaidEvent.json': 'accepted: status paidAt paid',
  'Trade/TradePendingEvent.json': 'held: channel.unmapped_code /0/tag', // the publisher gave it tag 0, the probe's
  'Trade/TradeSuccessEvent.json': 'accepted: status completedAt',
  'Refund/RefundClosedEvent.json': 'hint, doubts field.not_allowed /0/data/aftersale_status', // closed, and waiting for the buyer (13)
  'Refund/RefundCreatedEvent.json': 'hint, doubts field.not_allowed /0/data/aftersale_status',
  'Refund/RefundModifiedEvent.json': 'accepted: refunds',
  'Refund/RefundRefusedEvent.json': 'hint, doubts field.not_allowed /0/data/aftersale_status',
  'Refund/RefundSuccessEvent.json': 'hint, doubts field.not_allowed /0/data/aftersale_status', // success, and waiting for the seller (6)
  'Refund/Return/RefundBuyerReturnGoodsEvent.json': 'hint', // an exchange: no money moves
  'Refund/Return/RefundReturnAgreedEvent.json': 'hint',
  'Refund/Return/RefundReturnApplyAgreedEvent.json': 'hint',
  'Refund/Return/RefundReturnApplyRefusedEvent.json': 'hint, doubts field.not_allowed /0/data/aftersale_status',
};
test.each(Object.entries(WITH_IDS))('%s with ids in place of "xxxxxxx" → %s', (path, expected) => {
  const text = fixture(join('platform-docs', 'EventSamples', path))
    .toString()
    .replaceAll('"xxxxxxx"', '"6930000000000001001"')
    .replaceAll('"xxxxxx"', '"147000000000001001"');
  expect(judge(Buffer.from(text))).toEqual([expected]);
});

test('the list of those is complete', () => {
  const withPlaceholder = globSync('platform-docs/EventSamples/**/*.json', { cwd: join(import.meta.dirname, 'fixtures') }).filter(
    (path) =>
      /"xxxxxxx?"/.test(
        fixture(path)
          .toString()
          .replace(/"arbitrate_id"[^,]*,/, ''),
      ) &&
      judge(fixture(path))
        .join()
        .match(/p_id|aftersale_id/),
  );
  expect(withPlaceholder.map((path) => path.replace('platform-docs/EventSamples/', '')).toSorted()).toEqual(
    Object.keys(WITH_IDS).toSorted(),
  );
});
