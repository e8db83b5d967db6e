import type { CrashReport } from './crash.ts';

const SHOWN = 10;

export function describeReport(report: CrashReport): string {
  const { hits, readyMs, deliveries, lost, doubled, wrong } = report;
  const faults = [...lost, ...doubled, ...wrong].slice(0, SHOWN).map((fault) => `  ${fault}`);
  return [
    `${report.rounds} rounds, ${report.messages} messages sent (${report.repeats} repeats), ${report.orders} orders, ${report.events} events`,
    `hits per point: ${Object.entries(hits)
      .map(([blow, n]) => `${blow} ${n}`)
      .join(', ')}`,
    `webhooks: ${deliveries.arrived} events arrived, ${deliveries.tries} tries`,
    `ready after: first start ${Math.round(readyMs.first)} ms, server killed ≤ ${Math.round(readyMs.server)} ms, PostgreSQL killed ≤ ${Math.round(readyMs.postgres)} ms`,
    `${lost.length} lost, ${doubled.length} doubled, ${wrong.length} otherwise wrong`,
    ...faults,
  ].join('\n');
}
