import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { generatedPages, withSettings } from '../../tools/gen/pages.ts';
import { filesOf, readHouse } from './house.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

describe('what is made from code is fresh (if not: npm run gen)', () => {
  test.each([...generatedPages()])('%s', (path, text) => {
    expect(read(path)).toBe(text);
  });

  test.each([
    ['README.md', 'en'],
    ['README.zh-CN.md', 'zh'],
  ] as const)('the settings in %s', (path, language) => {
    expect(withSettings(read(path), language)).toBe(read(path));
  });
});

test('a README whose settings differ is noticed, and one that lost its marks', () => {
  const old = 'a\n<!-- settings -->\n| WEIR_GONE |\n<!-- /settings -->\nb';
  expect(withSettings(old, 'en')).toContain('`WEIR_HOME`');
  expect(withSettings(old, 'en')).not.toContain('WEIR_GONE');
  expect(() => withSettings('no marks', 'en')).toThrow('marks');
});

/** Each code that is written in the server's sources, and the two that embedded-problems.ts hands on. */
const START_PROBLEM = /(?:new StartProblem|failed)\([^;]*?'([a-z_]+\.[a-z_]+)'/g;

test('the operations guide says what to do on every problem that stops a start', () => {
  const sources = filesOf(readHouse(join(ROOT, 'apps', 'server', 'src')), /\.ts$/).filter(([path]) => !path.includes('.test'));
  const codes = new Set(sources.flatMap(([, text]) => [...text.matchAll(START_PROBLEM)].map((match) => match[1] ?? '')));
  expect(codes.size).toBeGreaterThan(20);
  const guide = read('docs/operations.md');
  expect([...codes].filter((code) => !guide.includes(`\`${code}\``))).toEqual([]);
});
