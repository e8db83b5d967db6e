/** `intake.import`: the same traffic through the NDJSON stream. */
import { copyBaseline } from './copy-baseline.ts';
import { startHouse } from './house.ts';
import { importLines } from './import-lines.ts';
import { createTraffic } from './orders.ts';
import { readBack } from './read-back.ts';
import { type Figure, figure } from './report.ts';

export async function intakeImport(seconds: number): Promise<Figure[]> {
  const house = await startHouse();
  try {
    const traffic = createTraffic(1);
    const start = performance.now();
    let lines = 0;
    const isOver = (): boolean => performance.now() - start >= seconds * 1000;
    const report = await importLines(house, () => (isOver() ? null : (lines++, traffic.next())));
    const took = (performance.now() - start) / 1000;
    process.stderr.write(`import: ${JSON.stringify(report)}\n`);
    const changes = await readBack(house);
    if (changes !== lines) throw new Error(`${lines} lines were sent and ${changes} messages stored`);
    return [
      figure(
        'intake.import',
        lines / took,
        'changes/s',
        'COPY of the same rows, one connection',
        await copyBaseline(house.databaseUrl, changes),
        '≥ 16,000/s, ratio ≥ 0.4',
      ),
    ];
  } finally {
    await house.stop();
  }
}
