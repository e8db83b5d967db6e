/** A server as `weir serve` starts it, which kills itself with SIGKILL at the n-th hit of a named point: `child.ts [point] [n]`. */
import { writeSync } from 'node:fs';
import { createLog, readConfig } from '../../apps/server/src/platform/index.ts';
import { explain, serve, stopOnSignals } from '../../apps/server/src/serve.ts';

const STDOUT = 1;
const [point, n] = [process.argv[2], Number(process.argv[3] ?? 0)];
let hits = 0;

function reach(here: string): void {
  if (here !== point || ++hits < n) return;
  writeSync(STDOUT, `${JSON.stringify({ event: 'killed_at', point: here })}\n`); // a write that is done when it returns
  process.kill(process.pid, 'SIGKILL');
}

// Whoever started us holds our standard input open; when it is gone, so are we.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume();

try {
  const log = createLog({ level: 'info', pretty: false });
  const serving = await serve(readConfig(process.env), log, reach);
  stopOnSignals(serving.stop, log);
  log.event('server.ready', { url: serving.url });
} catch (error) {
  explain(error);
}
