/** `weir …`: the real terminal and process around the commands of `cli/`. */
import { askSecret, runCli } from './cli/index.ts';
import { explain } from './serve.ts';

const { argv, env, stdin, stdout, stderr } = process;
await runCli(argv.slice(2), {
  env,
  stdin,
  out: (text) => void stdout.write(text),
  say: (text) => void stderr.write(text),
  askSecret: (question) => askSecret({ stdin, stderr }, question),
}).then((code) => void (process.exitCode = code), explain);
