/** The machine and the data directory. */
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { bad, type Check, fine, skipped, warning } from './check.ts';

/** As in package.json, `engines`. */
const OLDEST_NODE = [22, 18] as const;
const MB = 1024 * 1024;
const DISK_LOW_BYTES = 2_048 * MB;
const DISK_BAD_BYTES = 256 * MB;
const FILES_LOW = 4_096;
const OTHERS = 0o077;
const HOUR_MS = 3_600_000;
const BACKUP_LATE_HOURS = 48;
const HEALTH_TIMEOUT_MS = 3_000;

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [wantMajor, wantMinor] = OLDEST_NODE;
  const isOldEnough = major > wantMajor || (major === wantMajor && minor >= wantMinor);
  return isOldEnough
    ? fine('node', { zh: `Node ${version}`, en: `Node ${version}` })
    : bad(
        'node',
        {
          zh: `Node ${version} 太旧，需要 ${wantMajor}.${wantMinor} 或更新`,
          en: `Node ${version} is too old, ${wantMajor}.${wantMinor} or newer is needed`,
        },
        { zh: '安装 Node 24，或运行 npm ci 让 Weir 自带', en: 'install Node 24, or run npm ci so that Weir brings its own' },
      );
}

export function checkHome(home: string): Check {
  if (!existsSync(home))
    return warning(
      'home',
      { zh: `数据目录 ${home} 还不存在`, en: `the data directory ${home} does not exist yet` },
      { zh: '设置 WEIR_HOME，或启动一次服务器来创建它', en: 'set WEIR_HOME, or start the server once, which makes it' },
    );
  try {
    accessSync(home, constants.R_OK | constants.W_OK | constants.X_OK);
    return fine('home', { zh: `数据目录 ${home} 可读写`, en: `the data directory ${home} can be read and written` });
  } catch {
    return bad(
      'home',
      { zh: `当前用户不能读写数据目录 ${home}`, en: `this user may not read and write the data directory ${home}` },
      { zh: '用创建它的用户运行，或改正它的权限', en: 'run as the user who made it, or mend its permissions' },
    );
  }
}

export function checkDisk(id: string, path: string, freeBytes: (path: string) => number): Check {
  let free: number;
  try {
    free = freeBytes(path);
  } catch {
    return skipped(id, { zh: `看不到 ${path} 的磁盘`, en: `the disk of ${path} cannot be looked at` });
  }
  const words = { zh: `${path} 所在磁盘剩余 ${Math.floor(free / MB)} MB`, en: `the disk of ${path} has ${Math.floor(free / MB)} MB left` };
  const advice = {
    zh: '腾出空间；磁盘写满后写入会以 503 拒绝，已确认的数据不会丢',
    en: 'make room; on a full disk writes are refused with 503, nothing acknowledged is lost',
  };
  return free < DISK_BAD_BYTES ? bad(id, words, advice) : free < DISK_LOW_BYTES ? warning(id, words, advice) : fine(id, words);
}

/** Null where the file is not there and need not be. */
export function checkSecretFile(id: string, path: string, isNeeded: boolean): Check | null {
  if (!existsSync(path))
    return isNeeded
      ? bad(
          id,
          { zh: `找不到 ${path}，已有的个人信息打不开`, en: `${path} is missing: no personal data that exists can be opened` },
          { zh: '从备份放回原来的文件；不要新建', en: 'put the original file back from your backup; do not make a new one' },
        )
      : null;
  const { mode, uid } = statSync(path);
  const shown = (mode & 0o777).toString(8);
  if ((mode & OTHERS) !== 0)
    return bad(
      id,
      { zh: `${path} 的权限是 ${shown}，别的用户可以读`, en: `${path} has mode ${shown}: other users may read it` },
      { zh: `chmod 600 ${path}；若已被他人读过，视为泄露`, en: `chmod 600 ${path}; if others may have read it, treat it as told` },
    );
  const self = process.getuid?.() ?? uid;
  if (uid !== self && self !== 0)
    return warning(
      id,
      { zh: `${path} 属于用户 ${uid}，不是当前用户`, en: `${path} belongs to user ${uid}, not to this one` },
      { zh: '用运行 Weir 的用户执行 weir doctor', en: 'run weir doctor as the user who runs Weir' },
    );
  return fine(id, { zh: `${path} 只有所有者可读`, en: `${path} is its owner’s alone` });
}

export function checkRootKeyText(path: string): Check | null {
  if (!existsSync(path)) return null;
  try {
    if (/^[0-9a-f]{64}$/.test(readFileSync(path, 'utf8').trim())) return null;
  } catch {
    return null; // its permissions are said elsewhere
  }
  return bad(
    'root_key_text',
    { zh: `${path} 不是 64 位十六进制`, en: `${path} is not 64 hexadecimal digits` },
    { zh: '从备份放回原来的文件', en: 'put the original file back from your backup' },
  );
}

export function checkOpenFiles(limits: string): Check {
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1];
  if (soft === undefined) return skipped('open_files', { zh: '看不到打开文件数上限', en: 'the limit of open files cannot be seen here' });
  const words = { zh: `打开文件数上限 ${soft}`, en: `limit of open files ${soft}` };
  return soft !== 'unlimited' && Number(soft) < FILES_LOW
    ? warning('open_files', words, {
        zh: `提高到 ${FILES_LOW} 以上（systemd：LimitNOFILE=）`,
        en: `raise it above ${FILES_LOW} (systemd: LimitNOFILE=)`,
      })
    : fine('open_files', words);
}

/** The pages that people see are built apart from the program. */
export function checkConsole(dir: string): Check {
  return existsSync(join(dir, 'index.html'))
    ? fine('console', { zh: '控制台页面已构建', en: 'the pages of the console are built' })
    : warning(
        'console',
        { zh: '控制台页面没有构建，只有 API 应答', en: 'the pages of the console are not built: only the API answers' },
        {
          zh: '在程序目录运行 npx vite build apps/console，然后重启',
          en: 'run npx vite build apps/console in the program’s folder, and start again',
        },
      );
}

/** What this user may not look at is a finding, not the end of the look. */
export function withRights<T>(id: string, path: string, look: () => T): T | Check {
  try {
    return look();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EACCES' && code !== 'EPERM') throw error;
    return bad(
      id,
      { zh: `当前用户不能读 ${path}`, en: `this user may not read ${path}` },
      {
        zh: '用运行 Weir 的用户执行 weir doctor（例如 sudo -u weir）',
        en: 'run weir doctor as the user who runs Weir (for instance sudo -u weir)',
      },
    );
  }
}

const authorityOf = (host: string, port: number): string => `${host.includes(':') ? `[${host}]` : host}:${port}`;
export const answersAt = (host: string, port: number): Promise<boolean> =>
  fetch(`http://${authorityOf(host, port)}/healthz`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) })
    .then(async (response) => response.ok && ((await response.json()) as { status?: string }).status === 'ok')
    .catch(() => false);

/** Whether Weir answers at its address (`answers`), or could. */
export async function checkPort(host: string, port: number, answers: boolean): Promise<Check> {
  const at = authorityOf(host, port);
  if (answers) return fine('port', { zh: `Weir 在 ${at} 应答`, en: `Weir answers at ${at}` });
  const problem = await listenProblem(host, port);
  if (problem === null) return fine('port', { zh: `${at} 空闲；服务器没有在这里运行`, en: `${at} is free; no server runs here` });
  return bad(
    'port',
    { zh: `${at} 不能用（${problem}），应答的也不是 Weir`, en: `${at} cannot be used (${problem}), and what answers there is not Weir` },
    {
      zh: '停掉占用它的程序，或用 WEIR_PORT、WEIR_HOST 换一个',
      en: 'stop the program that uses it, or choose another with WEIR_PORT and WEIR_HOST',
    },
  );
}

function listenProblem(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

/** `times`: when each whole backup was begun; null where no folder is named for them. */
export function checkBackups(times: readonly number[] | null, isEmbedded: boolean, now: number): Check {
  const none = { zh: '没有找到备份', en: 'no backup was found' };
  const look = { zh: '看日志里的 backup.failed；运行 weir backup', en: 'look for backup.failed in the log; run weir backup' };
  if (times === null)
    return warning('backups', none, {
      zh: isEmbedded ? '用 WEIR_BACKUP_DIR 指定每日备份的目录，并把 root.key 另外保存' : '用您数据库自己的工具备份，并把 root.key 另外保存',
      en: isEmbedded
        ? 'name a folder for daily backups with WEIR_BACKUP_DIR, and keep root.key apart'
        : 'back the database up with its own tools, and keep root.key apart',
    });
  if (times.length === 0) return bad('backups', none, look);
  const hours = Math.floor((now - Math.max(...times)) / HOUR_MS);
  const words = {
    zh: `最近的备份在 ${hours} 小时前（共 ${times.length} 份）`,
    en: `the newest backup is ${hours} hours old (${times.length} in all)`,
  };
  return hours > BACKUP_LATE_HOURS ? bad('backups', words, look) : fine('backups', words);
}
