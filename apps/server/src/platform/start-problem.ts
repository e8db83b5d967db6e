/** What a start meets on its way that a person can mend: no room for its files or for a migration, a data directory that may not be written. */
import { dirname, resolve, sep } from 'node:path';
import { isDiskFull } from './db-faults.ts';
import { StartProblem } from './faults.ts';
import { diskFull, homeProblem } from './home.ts';

interface Where {
  readonly home: string;
  /** Null while the database lies in the data directory. */
  readonly databaseUrl: string | null;
}

/** Null for anything else: that is a fault of ours, and wants its stack. */
export function startProblem({ home, databaseUrl }: Where, error: unknown): StartProblem | null {
  if (error instanceof StartProblem) return error;
  const dir = resolve(home);
  if (isDiskFull(error)) return databaseUrl === null ? diskFull(dir) : databaseFull(error);
  const { path, syscall } = (error ?? {}) as NodeJS.ErrnoException;
  if (syscall === 'listen' || syscall === 'bind' || syscall === 'connect') return null; // EACCES of a port or a socket is about no file
  if (path === undefined) return homeProblem(dir, error);
  const at = resolve(path);
  if (at === dir || at.startsWith(`${dir}${sep}`)) return homeProblem(dir, error);
  const elsewhere = homeProblem(dirname(at), error); // only that a disk is full is true of any folder
  return elsewhere?.code === 'disk.full' ? elsewhere : null;
}

const databaseFull = (cause: unknown): StartProblem =>
  new StartProblem(
    'disk.full',
    {
      zh: '数据库（WEIR_DATABASE_URL）的磁盘已满：请在数据库服务器上腾出空间后再启动',
      en: 'The disk of the database of WEIR_DATABASE_URL is full: make room on its server, then start again',
    },
    cause,
  );
