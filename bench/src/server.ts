/** The server under test, as `weir serve` runs it; tells its parent where it listens. */
import { createLog, readConfig } from '../../apps/server/src/platform/index.ts';
import { explain, serve, stopOnSignals } from '../../apps/server/src/serve.ts';

const config = readConfig(process.env);
const log = createLog({ level: config.logLevel });
const serving = await serve(config, log).catch(explain);
stopOnSignals(serving.stop, log);
process.send?.({ url: serving.url, token: serving.adminToken, databaseUrl: serving.databaseUrl });
