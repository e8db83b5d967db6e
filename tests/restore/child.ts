/** `child.ts <point or nothing> backup|restore …`: the commands themselves, but for a point at which the process kills itself. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupHome, restore } from '../../apps/server/src/keep/index.ts';
import { readConfig, silentLog, systemClock } from '../../apps/server/src/platform/index.ts';
import { runCli } from '../../apps/server/src/cli/index.ts';
import { explain } from '../../apps/server/src/serve.ts';
import { MIGRATIONS, VERSION } from '../../apps/server/src/main.ts';

const [point = '', ...words] = process.argv.slice(2);
const { home } = readConfig(process.env);
const reach = (here: string): void => void (here === point && process.kill(process.pid, 'SIGKILL'));
const common = { home, clock: systemClock, reach };

async function run(): Promise<number> {
  if (point === '') {
    const { env, stdin, stdout, stderr } = process;
    return runCli(words, {
      env,
      stdin,
      out: (text) => void stdout.write(text),
      say: (text) => void stderr.write(text),
      askSecret: async () => null,
    });
  }
  if (words[0] === 'backup') await backupHome({ ...common, to: words[1] as string, weirVersion: VERSION }, silentLog);
  else await restore({ ...common, from: words[1] as string, rootKey: words[2], migrations: MIGRATIONS, log: silentLog });
  return readFileSync(join(home, 'root.key')).length > 0 ? 0 : 1;
}
await run().then((code) => void (process.exitCode = code), explain);
