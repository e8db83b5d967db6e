/** `npm run new:connector -- <id> --prefix XX --zh 名 --en Name`: a channel of one's own, begun as a copy of the worked example that passes every check. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { EDITS, renamed } from './new-connector/edits.ts';
import { type Asked, judge, type Refusal, type Taken, type Wish } from './new-connector/wish.ts';

const ROOT = join(import.meta.dirname, '..');
const PACKAGES = ['connectors', 'sandbox'] as const;
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

function refuse({ zh, en }: Refusal): never {
  process.stderr.write(`${zh}。\n${en}.\n\n  npm run new:connector -- --help\n`);
  process.exit(2);
}

function askedFor(args: readonly string[]): Asked {
  const text = { type: 'string' } as const;
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { prefix: text, zh: text, en: text },
      allowPositionals: true,
    });
    if (positionals.length > 1)
      return refuse({ zh: `多余的参数：${positionals.slice(1).join(' ')}`, en: `Too many arguments: ${positionals.slice(1).join(' ')}` });
    return { id: positionals[0], prefix: values.prefix, zh: values.zh, en: values.en };
  } catch (error) {
    return refuse({ zh: `参数无法识别：${(error as Error).message}`, en: `The arguments cannot be read: ${(error as Error).message}` });
  }
}

function taken(): Taken {
  const channels = globSync('packages/connectors/src/*/*.ts', { cwd: ROOT }).flatMap(
    (path) => /^export const CHANNEL = '([^']+)'/m.exec(read(path))?.[1] ?? [],
  );
  const names = PACKAGES.flatMap((name) => [
    ...readdirSync(join(ROOT, `packages/${name}/src`)).map((file) => file.replace(/\.ts$/, '')),
    ...Object.keys((JSON.parse(read(`packages/${name}/package.json`)) as { exports: object }).exports).map((each) =>
      each.replace('./', ''),
    ),
  ]);
  return { channels: new Set(channels), names: new Set(names) };
}

/** Everything is made before anything is written, so that a refusal leaves no half of a channel. */
function filesOf(wish: Wish): ReadonlyMap<string, string> {
  const copies = PACKAGES.flatMap((name) => globSync(`packages/${name}/src/example/**/*.*`, { cwd: ROOT })).map(
    (path) => [path.replace('/src/example/', `/src/${wish.id}/`), renamed(path, read(path), wish)] as const,
  );
  const edited = Object.entries(EDITS).map(([path, edit]) => [path, edit(read(path), wish)] as const);
  return new Map([...copies, ...edited]);
}

function write(files: ReadonlyMap<string, string>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), text);
  }
  const code = [...files.keys()].filter((path) => path.endsWith('.ts')); // a longer name may need another line
  execFileSync(join(ROOT, 'node_modules/.bin/biome'), ['format', '--write', ...code], { cwd: ROOT, stdio: 'ignore' });
}

const wish = judge(askedFor(process.argv.slice(2)), taken());
if (!('id' in wish)) refuse(wish);
const files = filesOf(wish);
write(files);
const { id, zh, en } = wish;
process.stdout.write(`${zh} (${en}):
${[...files.keys()].map((path) => `  ${path}`).join('\n')}

现在它说的是样例的协议，一致性测试应当全部通过。下一步 / It speaks the example's protocol, and its conformance suite should pass. Next:
  npm test -- packages/sandbox/src/${id} packages/connectors/src/${id}
  npx weir sandbox
  docs/connectors.md        先换什么 / what to replace first
`);
