import { expect, test } from 'vitest';
import { createMetrics } from './metrics.ts';

test('counted and read numbers appear in the text form of Prometheus', () => {
  const metrics = createMetrics();
  const messages = metrics.counter('weir_messages_total', 'Messages.');
  messages({ result: 'created' }).add(3);
  messages({ result: 'created' }).add();
  const sizes = metrics.histogram('weir_size', 'Sizes.', [1, 10]);
  for (const size of [1, 5, 10, 11]) sizes().observe(size);
  expect(metrics.text([{ name: 'weir_up', type: 'gauge', help: 'Up.', values: [{ value: 1 }] }]).split('\n')).toEqual([
    '# HELP weir_messages_total Messages.',
    '# TYPE weir_messages_total counter',
    'weir_messages_total{result="created"} 4',
    '# HELP weir_size Sizes.',
    '# TYPE weir_size histogram',
    'weir_size_bucket{le="1"} 1',
    'weir_size_bucket{le="10"} 3',
    'weir_size_bucket{le="+Inf"} 4',
    'weir_size_sum 27',
    'weir_size_count 4',
    '# HELP weir_up Up.',
    '# TYPE weir_up gauge',
    'weir_up 1',
    '',
  ]);
});

test('a label cannot break the text, and a flood of labels ends in one series', () => {
  const metrics = createMetrics();
  const of = metrics.counter('c', 'C.');
  of({ name: 'a"\n\\' }).add();
  for (let i = 0; i < 5_000; i++) of({ name: `n${i}` }).add();
  const lines = metrics.text([]).split('\n');
  expect(lines).toContain('c{name="a\\"\\n\\\\"} 1');
  expect(lines.length).toBeLessThan(1_010);
  expect(lines.at(-2)).toBe('c{name="other"} 4001');
});
