/** The server under test, as `weir serve` runs it; tells its parent where it listens. */
import { createLog, readConfig } from '../../apps/server/src/platform/index.ts';
import { explain, serve, stopOnSignals } from '../../apps/server/src/serve.ts';

const config = readConfig(process.env);
const log = createLog({ level: config.logLevel });
const commits: [id: string, at: number][] = [];
let committedAt = 0;
const reach = (point: string): void => {
  if (point === 'worker.after_commit') committedAt = performance.timeOrigin + performance.now();
};
const serving = await serve(config, log, reach).catch(explain);
if (process.env['WEIR_BENCH_COMMITS'])
  serving.house.onWorked(({ events }) => {
    for (const { partition, position } of events) commits.push([`evt-${partition}-${position}`, committedAt]);
  });
process.on('message', (question) => question === 'commits' && process.send?.(commits));
stopOnSignals(serving.stop, log);
process.send?.({ url: serving.url, token: serving.adminToken, databaseUrl: serving.databaseUrl });
