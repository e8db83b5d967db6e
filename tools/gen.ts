/** `npm run gen`: makes the generated files anew; `--check` only says which are stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openDb } from '../apps/server/src/platform/index.ts';
import { startTestServer, TEMPLATE, urlOf } from '../tests/support/test-server.ts';
import { generatedPages, withSettings } from './gen/pages.ts';
import { dumpSchema } from './gen/schema.ts';

const ROOT = join(import.meta.dirname, '..');
const READMES = [
  ['README.md', 'en'],
  ['README.zh-CN.md', 'zh'],
] as const;

function read(path: string): string | null {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** From a database that every migration has made, which lives for this one reading. */
async function schemaPage(): Promise<readonly [path: string, text: string]> {
  const server = await startTestServer('embedded');
  const db = openDb({ url: urlOf(server.adminUrl, TEMPLATE), max: 1, name: 'weir-gen' });
  const text = await dumpSchema(db).finally(async () => {
    await db.end();
    await server.stop();
  });
  return ['database/schema.sql', `-- made by npm run gen from migrations/: what a database is once every migration has run\n\n${text}`];
}

const isCheck = process.argv.includes('--check');
const wanted = [
  ...generatedPages(),
  await schemaPage(),
  ...READMES.map(([path, language]) => [path, withSettings(read(path) ?? '', language)] as const),
];
const stale = wanted.filter(([path, text]) => read(path) !== text);
for (const [path, text] of isCheck ? [] : stale) {
  mkdirSync(dirname(join(ROOT, path)), { recursive: true });
  writeFileSync(join(ROOT, path), text);
}
const names = stale.map(([path]) => path).join(' ');
if (stale.length === 0) console.log('生成的文件都是新的 every generated file is fresh');
else if (isCheck) console.error(`过时 stale: ${names}；请运行 npm run gen / run npm run gen`);
else console.log(`已重新生成 made anew: ${names}`);
process.exitCode = isCheck && stale.length > 0 ? 1 : 0;
