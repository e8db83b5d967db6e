import { StartProblem } from './faults.ts';
import { diskFull } from './home.ts';

/** Data directory made by another kind of user. */
export function otherOwner(dir: string, owner: number, expected: number): StartProblem {
  return new StartProblem('database.other_owner', {
    zh: `数据库目录 ${dir} 由另一个用户创建（uid ${owner}，现在需要 uid ${expected}）：请用当初的用户运行（root 建的由 root 运行），或用 WEIR_HOME 指定另一个目录`,
    en: `The database in ${dir} was made by another user (uid ${owner}; this run needs uid ${expected}): run as the user who made it (root's by root), or choose another directory with WEIR_HOME`,
  });
}

export function otherVersion(dir: string, found: number, ours: number): StartProblem {
  return new StartProblem('database.other_version', {
    zh: `数据库目录 ${dir} 属于 PostgreSQL ${found}，本程序带的是 ${ours}：${found > ours ? '请使用更新版本的 Weir' : '请用旧版 Weir 导出后再导入'}`,
    en: `The database in ${dir} belongs to PostgreSQL ${found}, this program brings ${ours}: ${found > ours ? 'run a newer Weir' : 'export with the older Weir, then import'}`,
  });
}

export function portUsed(port: number): StartProblem {
  return new StartProblem('database.port_used', {
    zh: `数据库端口 ${port} 已被占用：请停止占用它的程序，或换一个端口`,
    en: `The database port ${port} is in use: stop the program that has it, or choose another port`,
  });
}

export function stillRunning(dir: string, pid: number): StartProblem {
  return new StartProblem('database.still_running', {
    zh: `上次的数据库进程 ${pid} 仍占用 ${dir} 且未能停止：请结束该进程后再启动`,
    en: `The database process ${pid} of an earlier run still holds ${dir} and did not stop: end that process, then start again`,
  });
}

const SIGNS: readonly (readonly [RegExp, (dir: string, line: string) => StartProblem])[] = [
  [/No space left on device|Disk quota exceeded/, (dir) => diskFull(dir)],
  [/Read-only file system|Permission denied/, (dir, line) => failed(dir, line, 'home.not_writable')],
  [/loading shared libraries/, brokenInstall],
];

/** What the database's own complaint at start means to a person. */
export function startProblem(dir: string, output: readonly string[]): StartProblem {
  for (const [sign, make] of SIGNS) {
    const line = output.find((candidate) => sign.test(candidate));
    if (line !== undefined) return make(dir, line);
  }
  const fatal = output.findLast((line) => /FATAL|PANIC|error:|failed/.test(line));
  return failed(dir, fatal ?? output.at(-1) ?? 'no output', 'database.start_failed');
}

function failed(dir: string, line: string, code: string): StartProblem {
  return new StartProblem(code, {
    zh: `内置数据库（${dir}）无法启动，它说：${line}`,
    en: `The embedded database in ${dir} does not start; it says: ${line}`,
  });
}

function brokenInstall(_dir: string, line: string): StartProblem {
  return new StartProblem('database.broken_install', {
    zh: `内置数据库程序不完整（${line}）：请重新运行 npm ci`,
    en: `The embedded database's programs are incomplete (${line}): run npm ci again`,
  });
}
