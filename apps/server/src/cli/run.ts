/** Finds the command that was meant, reads its arguments, and turns every end into an exit code. */
import { parseArgs } from 'node:util';
import { type Args, type Command, Failure, type Io } from './command.ts';
import { appAdd, appList } from './app.ts';
import { backupCommand, backupList, backupVerify } from './backup.ts';
import { auditExport, auditKey, auditVerify } from './audit.ts';
import { doctorCommand } from './doctor.ts';
import { exportCommand, exportLoad } from './export.ts';
import { importCommand } from './import.ts';
import { personAdd, personList, personRemove, personReset } from './person.ts';
import { restoreCommand } from './restore.ts';
import { sandboxCommand } from './sandbox.ts';
import { serveCommand } from './serve.ts';
import { shopAdd, shopList } from './shop.ts';
import { tokenCreate, tokenList, tokenRevoke } from './token.ts';
import { traceCommand } from './trace.ts';

export const COMMANDS: readonly Command[] = [
  serveCommand,
  doctorCommand,
  importCommand,
  personAdd,
  personList,
  personReset,
  personRemove,
  tokenCreate,
  tokenList,
  tokenRevoke,
  appAdd,
  appList,
  shopAdd,
  shopList,
  traceCommand,
  backupList,
  backupVerify,
  backupCommand,
  restoreCommand,
  exportLoad,
  exportCommand,
  auditKey,
  auditVerify,
  auditExport,
  sandboxCommand,
];
const WRONG_ARGUMENTS = 2;
const HELP = { help: { type: 'boolean', short: 'h' } } as const;

const rowsOf = (commands: readonly Command[]): string =>
  commands.map(({ name, usage, zh, en }) => `  ${`weir ${name} ${usage}`.trimEnd()}\n      ${zh} ${en}`).join('\n');
/** The commands that a first word opens: `token` opens `token create`, `token list`, … */
const groupOf = (word: string | undefined): readonly Command[] => COMMANDS.filter(({ name }) => name.startsWith(`${word} `));

export function generalHelp(): string {
  return `weir <命令 command>

${rowsOf(COMMANDS)}

每条命令都有 --help。除 serve、sandbox、backup、restore 与 export 外都需要服务器（或它的数据库）正在运行。 Each command has --help. Everything but serve, sandbox, backup, restore and export needs a running server, or its database.
环境变量 environment: WEIR_HOME WEIR_PORT WEIR_HOST WEIR_PUBLIC_URL WEIR_ADMIN_TOKEN WEIR_DATABASE_URL WEIR_TRUSTED_PROXIES WEIR_CONNECTIONS_PER_ADDRESS WEIR_ALLOW_PRIVATE_ENDPOINTS WEIR_LOG_LEVEL WEIR_BACKUP_DIR WEIR_BACKUP_KEEP_DAYS WEIR_AUDIT_HEADS WEIR_AUDIT_HEADS_URL
`;
}

export function helpOf({ name, usage, zh, en, more, example }: Command): string {
  const others = groupOf(name);
  const own = `${`weir ${name} ${usage}`.trimEnd()}\n\n${zh}\n${en}\n${more ? `\n${more}\n` : ''}\n例 example:\n  ${example}\n`;
  return others.length === 0 ? own : `${own}\n另见 see also:\n${rowsOf(others)}\n`;
}

const isNamed = ({ name }: Command, words: readonly string[]): boolean => name.split(' ').every((word, at) => words[at] === word);

/** The exit code: 0 done, 1 refused or failed, 2 wrong arguments. */
export async function runCli(words: readonly string[], io: Io): Promise<number> {
  const command = COMMANDS.find((each) => isNamed(each, words));
  if (command === undefined) return tellMeant(words, io);
  const args = read(command, words.slice(command.name.split(' ').length));
  if (args?.values['help']) {
    io.out(helpOf(command));
    return 0;
  }
  if (args === null || args.positionals.length !== (command.takes ?? 0)) {
    io.say(helpOf(command));
    return WRONG_ARGUMENTS;
  }
  try {
    return await command.run(args, io);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    io.say(`${error.message}\n`);
    return 1;
  }
}

/** No command yet: the commands of the group that was named, else all of them; right when that is what was asked for. */
function tellMeant(words: readonly string[], io: Io): number {
  const group = groupOf(words[0]);
  const asked = group.length === 0 ? words[0] : words[1];
  const isAsked = words.length === 0 || asked === '--help' || asked === '-h';
  (isAsked ? io.out : io.say)(group.length === 0 ? generalHelp() : `weir ${words[0]} <命令 command>\n\n${rowsOf(group)}\n`);
  return isAsked ? 0 : WRONG_ARGUMENTS;
}

/** Null when the arguments cannot be read. */
function read({ options = {} }: Command, words: readonly string[]): Args | null {
  try {
    return parseArgs({ args: [...words], allowPositionals: true, options: { ...options, ...HELP } });
  } catch {
    return null;
  }
}
