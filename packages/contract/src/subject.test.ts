import fc from 'fast-check';
import { expect, test } from 'vitest';
import vectors from './partition.vectors.json' with { type: 'json' };
import { PARTITIONS, partitionOf, type Subject, subjectText } from './subject.ts';

test.each(vectors as (Subject & { partition: number })[])(
  '$channel $shop $id lies in partition $partition, for ever',
  ({ partition, ...subject }) => {
    // Each row was computed once: printf '%s\0%s\0%s\0%s' kind channel shop id | sha256sum, first byte & 63.
    expect(partitionOf(subject)).toBe(partition);
  },
);

test('ids of one channel spread evenly over all partitions, also when they count up', () => {
  const counts = Array.from({ length: PARTITIONS }, () => 0);
  const perPartition = 500;
  for (let n = 0; n < PARTITIONS * perPartition; n++) {
    const partition = partitionOf({ kind: 'order', channel: 'douyin', shop: '1', id: String(6917529027641081856n + BigInt(n)) });
    counts[partition] = (counts[partition] ?? 0) + 1;
  }
  // Five standard deviations of a fair spread on both sides.
  const slack = 5 * Math.sqrt(perPartition);
  expect(Math.min(...counts)).toBeGreaterThan(perPartition - slack);
  expect(Math.max(...counts)).toBeLessThan(perPartition + slack);
});

test('two subjects share a text only when they are the same subject', () => {
  const name = fc.stringMatching(/^[ab:/ ]{1,3}$/);
  const subject = fc.record({ kind: fc.constant('order' as const), channel: name, shop: name, id: name });
  fc.assert(
    fc.property(subject, subject, (a, b) => {
      const same = a.channel === b.channel && a.shop === b.shop && a.id === b.id;
      expect(subjectText(a) === subjectText(b)).toBe(same);
    }),
    { numRuns: 2_000 },
  );
});
