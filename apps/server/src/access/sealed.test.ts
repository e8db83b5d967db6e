import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { createLog } from '#platform';
import { openSealed, Sealed } from './sealed.ts';

const TEXT = '张三丰 13800138000';
const sealed = new Sealed(() => ({ receiver: { name: TEXT } }));

test.each<readonly [string, (value: object) => string]>([
  ['JSON', (value) => JSON.stringify({ value, list: [value] })],
  ['a template', (value) => `${value as unknown as string}`],
  ['util.inspect', (value) => inspect({ value }, { showHidden: true, depth: 9, getters: true })],
  ['a copy', (value) => JSON.stringify({ ...value }) + inspect(Object.assign({}, value), { depth: 9 })],
  ['the text of an error', (value) => inspect(new Error(`cannot work on ${value as unknown as string}`, { cause: value }), { depth: 9 })],
])('in %s a sealed value shows nothing of what it seals', (_, print) => {
  expect(print(sealed)).not.toMatch(/张|138/);
});

test('in the log it is its mask, wherever it stands, and nothing when it hangs on an error', () => {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), level: 'debug' });
  log.event('x', { sealed, list: [sealed], deep: { sealed } });
  log.error('y', Object.assign(new Error('failed', { cause: sealed }), { sealed }), { sealed });
  expect(JSON.parse(lines[0] as string)).toMatchObject({ sealed: '***', list: ['***'], deep: { sealed: '***' } });
  expect(lines.join('')).not.toMatch(/张|138/);
});

test('only who opens it reads it', () => {
  expect(openSealed(sealed)).toEqual({ receiver: { name: TEXT } });
});
