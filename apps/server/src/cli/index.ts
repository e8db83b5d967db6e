/** The command line. */
export { askSecret } from './ask-secret.ts';
export type { Io } from './command.ts';
export { COMMANDS, runCli } from './run.ts';
