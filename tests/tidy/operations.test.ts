/** What the guides and the files of deploy/ name is there: commands, settings, files, log events. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../apps/server/src/cli/index.ts';
import { PLATFORM_SETTINGS } from '../../apps/server/src/platform/index.ts';
import { filesOf, readHouse } from './house.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const GUIDES = [
  'docs/operations.md',
  'docs/upgrade.md',
  'README.md',
  'README.zh-CN.md',
  'SECURITY.md',
  ...readdirSync(join(ROOT, 'deploy')).map((file) => `deploy/${file}`),
];

const names = COMMANDS.map(({ name }) => name);
/** Every `npx weir …`, `weir.mjs …` and `weir …` in code; a group as in `weir person add | list` names each. */
export function unknownCommands(text: string): string[] {
  const named = [...text.matchAll(/(?:npx weir|weir\.mjs"?,?|`weir)\s+"?([a-z]+)"?(?:\s+([a-z]+(?:\s*\|\s*[a-z]+)*))?/g)];
  return named
    .filter(([, first = '', rest = '']) => {
      const seconds = rest.split('|').map((word) => word.trim());
      const isWhole = names.includes(first);
      return !isWhole && !seconds.every((second) => names.includes(`${first} ${second}`));
    })
    .map(([whole]) => whole);
}
/** Known to tests, tools and benches only. */
const ELSEWHERE = /^WEIR_(HOSTILE|TAMPERINGS|FUZZ_RUNS|SIM\w*|CHROMIUM|API|TEST_\w+|KAFKA_BROKERS|SMTP_URL)$/;
const settings: readonly string[] = Object.values(PLATFORM_SETTINGS).map(({ env }) => env);
const unknownSettings = (text: string): string[] =>
  [...text.matchAll(/\bWEIR_[A-Z_]+\b/g)].map(([name]) => name).filter((name) => !settings.includes(name) && !ELSEWHERE.test(name));
const unknownScripts = (text: string): string[] => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  return [...text.matchAll(/npm run ([a-z]+(?::[a-z]+)?)/g)].map((match) => match[1] as string).filter((name) => !(name in scripts));
};

describe('what a guide names is there', () => {
  test.each(GUIDES)('%s', (path) => {
    const text = read(path);
    expect({ commands: unknownCommands(text), settings: unknownSettings(text), scripts: unknownScripts(text) }).toEqual({
      commands: [],
      settings: [],
      scripts: [],
    });
  });
  test('and what is not there is noticed', () => {
    expect(unknownCommands('run `npx weir vanish` or node tools/weir.mjs token vanish or `weir person add | vanish`')).toHaveLength(3);
    expect(unknownCommands('`weir audit verify`, npx weir serve, ["node", "tools/weir.mjs", "serve"], npx weir person add | list')).toEqual(
      [],
    );
    expect(unknownSettings('WEIR_NO_SUCH_SETTING=1')).toEqual(['WEIR_NO_SUCH_SETTING']);
    expect(unknownScripts('npm run nothing, npm run new:nothing, npm run gen: it')).toEqual(['nothing', 'new:nothing']);
  });
});

test('the unit and the image start a file that exists, and copy what exists', () => {
  for (const path of ['deploy/weir.service', 'deploy/Dockerfile']) {
    const started = /node"?,? "?(tools\/[a-z]+\.mjs)/.exec(read(path))?.[1];
    expect(started && existsSync(join(ROOT, started)), path).toBe(true);
  }
  const copied = [...read('deploy/Dockerfile').matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap((match) => (match[1] as string).split(' '));
  expect(copied.length).toBeGreaterThan(4);
  expect(copied.filter((source) => !existsSync(join(ROOT, source)))).toEqual([]);
  expect(read('deploy/compose.yaml')).toContain('dockerfile: deploy/Dockerfile');
  expect(read('deploy/README.md')).toMatch(/not run[^]*not built[^]*没有构建和运行过/);
});

test('every event that the server logs stands in the guide, and the guide names no other', () => {
  const guide = read('docs/operations.md');
  const section = guide.slice(guide.indexOf('## Logs'), guide.indexOf('## Metrics'));
  const logged = filesOf(readHouse(ROOT), /^apps\/server\/src\/.*(?<!\.test|test-support)\.ts$/).flatMap(([, text]) =>
    [...text.matchAll(/(?:log\??\.(?:event|warn|error|debug)|\bnote)\(\s*'([a-z_]+\.[a-z_]+)'/g)].map((match) => match[1] as string),
  );
  const told = [...section.matchAll(/^\| (`[^|]+) \|/gm)].flatMap((match) =>
    [...(match[1] as string).matchAll(/`([a-z_]+\.[a-z_]+)`/g)].map((each) => each[1] as string),
  );
  expect(logged.length).toBeGreaterThan(30);
  expect([...new Set(logged)].filter((event) => !told.includes(event))).toEqual([]);
  expect(told.filter((event) => !logged.includes(event) && !event.startsWith('request.'))).toEqual([]);
});
