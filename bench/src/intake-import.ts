/** `intake.import`: the same traffic through the NDJSON stream. */
import { copyBaseline } from './copy-baseline.ts';
import { accountOf, startHouse } from './house.ts';
import { importLines } from './import-lines.ts';
import { createTraffic } from './orders.ts';
import { readBack } from './read-back.ts';
import { type Figure, figure } from './report.ts';

export async function intakeImport(seconds: number): Promise<Figure[]> {
  const house = await startHouse();
  try {
    const traffic = createTraffic(1);
    const [start, ownCpu, account] = [performance.now(), process.cpuUsage(), accountOf(house)];
    let lines = 0;
    const isOver = (): boolean => performance.now() - start >= seconds * 1000;
    const report = await importLines(house, () => (isOver() ? null : (lines++, traffic.next())));
    const took = (performance.now() - start) / 1000;
    const { user, system } = process.cpuUsage(ownCpu);
    account(lines, (user + system) / 1e6);
    process.stderr.write(`import: ${JSON.stringify(report)}\n`);
    const { counts } = report;
    const taken = (counts['created'] ?? 0) + (counts['changed'] ?? 0) + (counts['unchanged'] ?? 0);
    if (taken !== lines) throw new Error(`${lines} lines were sent: ${JSON.stringify(counts)}`);
    await readBack(house, { messages: lines, orders: traffic.orders(), newest: traffic.newest });
    return [
      figure(
        'intake.import',
        lines / took,
        'changes/s',
        'COPY of the same rows, one connection',
        await copyBaseline(house.databaseUrl, lines),
        '≥ 16,000/s, ratio ≥ 0.4',
      ),
    ];
  } finally {
    await house.stop();
  }
}
