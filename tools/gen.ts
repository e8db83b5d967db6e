/** `npm run gen`: makes the generated files anew; `--check` only says which are stale. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { generatedPages, withSettings } from './gen/pages.ts';

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

const isCheck = process.argv.includes('--check');
const wanted = [...generatedPages(), ...READMES.map(([path, language]) => [path, withSettings(read(path) ?? '', language)] as const)];
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
