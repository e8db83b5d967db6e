import { execFile } from 'node:child_process';
import { dirname, parse } from 'node:path';
import { promisify } from 'node:util';
import { StartProblem } from './faults.ts';

const exec = promisify(execFile);

/** PostgreSQL refuses to run as root, so there it runs as this user. */
const SYSTEM_USER = 'postgres';

/** As whom the database runs, and how a command is started as that user. */
export interface Account {
  /** Owner of the data directory. */
  readonly uid: number;
  readonly gid: number;
  readonly asRoot: boolean;
  /** Prefix of a command line; `dieWithParent` makes the kernel send SIGINT (a fast shutdown) when this process dies, however it dies. */
  wrap(command: readonly string[], dieWithParent?: boolean): readonly string[];
}

export async function accountForDatabase(): Promise<Account> {
  const asRoot = process.getuid?.() === 0;
  if (process.platform === 'linux') await needSetpriv();
  if (!asRoot) {
    return { uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1, asRoot, wrap: (command, die) => wrapped([], command, die) };
  }
  await ensureSystemUser();
  const become = [`--reuid=${SYSTEM_USER}`, `--regid=${SYSTEM_USER}`, '--init-groups'];
  return { uid: await idOf('-u'), gid: await idOf('-g'), asRoot, wrap: (command, die) => wrapped(become, command, die) };
}

/** setpriv (util-linux) is there on every Linux; elsewhere the database is started plainly and an orphan is ended at the next start. */
function wrapped(become: readonly string[], command: readonly string[], dieWithParent = false): readonly string[] {
  if (process.platform !== 'linux') return command;
  return ['setpriv', ...become, ...(dieWithParent ? ['--pdeathsig', 'INT'] : []), '--', ...command];
}

async function needSetpriv(): Promise<void> {
  await exec('setpriv', ['--version']).catch((error: unknown) => {
    throw new StartProblem(
      'setpriv.missing',
      {
        zh: '缺少 setpriv 命令：请安装 util-linux（apt-get install util-linux），或用 WEIR_DATABASE_URL 指向外部数据库',
        en: 'The command setpriv is missing: install util-linux (apt-get install util-linux), or point WEIR_DATABASE_URL at a database of yours',
      },
      error,
    );
  });
}

async function idOf(flag: '-u' | '-g'): Promise<number> {
  return Number((await exec('id', [flag, SYSTEM_USER])).stdout);
}

async function ensureSystemUser(): Promise<void> {
  if (await succeeds('id', ['-u', SYSTEM_USER])) return;
  const made = await succeeds('useradd', [
    '--system',
    '--user-group',
    '--no-create-home',
    '--home-dir',
    '/nonexistent',
    '--shell',
    '/bin/false',
    SYSTEM_USER,
  ]);
  if (made) return;
  throw new StartProblem('database.no_user', {
    zh: `以 root 运行时数据库需要系统用户 ${SYSTEM_USER}，但无法创建：请先创建该用户，或改用普通用户运行`,
    en: `Run as root, the database needs the system user ${SYSTEM_USER}, which could not be made: create it, or run as a normal user`,
  });
}

/** As root, the database's user must be able to walk to `path` and run or enter it; names the directory that stops it. */
export async function needReachable(account: Account, path: string): Promise<void> {
  if (!account.asRoot || (await reaches(account, path))) return;
  const blocking = await firstUnreachable(account, path);
  throw new StartProblem('database.path_closed', {
    zh: `用户 ${SYSTEM_USER} 无法进入目录 ${blocking}：请把 Weir 放到 /opt 之类所有人可进入的目录，或执行 chmod o+x ${blocking}，或改用普通用户运行`,
    en: `User ${SYSTEM_USER} cannot enter ${blocking}: move Weir to a directory that everyone may pass, such as /opt, or run chmod o+x ${blocking}, or run as a normal user`,
  });
}

async function reaches(account: Account, path: string): Promise<boolean> {
  const [command = '', ...args] = account.wrap(['test', '-x', path]);
  return succeeds(command, args);
}

async function firstUnreachable(account: Account, path: string): Promise<string> {
  let blocking = path;
  for (let dir = dirname(path); dir !== parse(dir).root; dir = dirname(dir)) {
    if (!(await reaches(account, dir))) blocking = dir;
  }
  return blocking;
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return exec(command, args as string[], { cwd: '/' }).then(
    () => true,
    () => false,
  );
}
