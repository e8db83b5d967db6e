import { expect, test } from 'vitest';
import { crash } from './crash.ts';
import { BLOWS } from './points.ts';
import { describeReport } from './report.ts';

const lines: string[] = [];

test('kill -9 of the server at every named point, of the server, of PostgreSQL and of both: 0 lost, 0 doubled', async () => {
  const report = await crash({ rounds: BLOWS.length, seed: 20_260_220, say: (line) => void lines.push(line) });
  process.stdout.write(`${lines.join('\n')}\n${describeReport(report)}\n`);
  expect(report).toMatchObject({ lost: [], doubled: [], wrong: [], exitCode: 0 });
  for (const blow of BLOWS) expect(report.hits[blow]).toBeGreaterThan(0);
  expect(report.orders).toBeGreaterThan(50);
  expect(report.repeats).toBeGreaterThan(0);
  expect(report.deliveries.arrived).toBe(report.events);
  expect(report.deliveries.tries).toBeGreaterThan(report.events);
});
