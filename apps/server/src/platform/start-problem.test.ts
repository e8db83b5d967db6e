import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DatabaseAnswer } from './db-faults.ts';
import { Fault } from './faults.ts';
import { startProblem } from './start-problem.ts';

const home = join(import.meta.dirname, 'no-such-home');
const own = { home, databaseUrl: null };
const errno = (code: string, more: Partial<NodeJS.ErrnoException> = {}): Error => Object.assign(new Error(code), { code, ...more });
const answer = (sqlstate: string): Fault =>
  new Fault('database.answer', {
    message: 'no room',
    retry: true,
    cause: new DatabaseAnswer({ message: 'no room' } as ConstructorParameters<typeof DatabaseAnswer>[0], sqlstate),
  });

describe('what a start meets on its way is one sentence in two languages', () => {
  test.each([
    ['a write that finds no room', errno('ENOSPC', { syscall: 'write' }), 'disk.full'],
    ['a quota that is used up', errno('EDQUOT', { syscall: 'write' }), 'disk.full'],
    ['a file in the data directory that may not be written', errno('EACCES', { path: join(home, 'admin.token') }), 'home.not_writable'],
    ['a disk that is mounted to be read', errno('EROFS', { path: home, syscall: 'mkdir' }), 'home.not_writable'],
    ['a migration that finds no room', answer('53100'), 'disk.full'],
  ])('%s', (_, error, code) => {
    const problem = startProblem(own, error);
    expect(problem).toMatchObject({ code, zh: expect.stringContaining(home) as string, en: expect.stringContaining(home) as string });
  });

  test('a full disk elsewhere names its own folder, a full database of others names no folder of ours', () => {
    expect(startProblem(own, errno('ENOSPC', { path: '/mnt/heads/audit.ndjson' }))?.en).toContain('/mnt/heads is full');
    const problem = startProblem({ home, databaseUrl: 'postgres://elsewhere' }, answer('53100'));
    expect(problem).toMatchObject({ code: 'disk.full', en: expect.not.stringContaining(home) as string });
    expect(problem?.zh).toContain('WEIR_DATABASE_URL');
  });
});

test.each([
  ['a port that may not be opened', errno('EACCES', { syscall: 'listen' })],
  ['a folder elsewhere that may not be written', errno('EACCES', { path: '/mnt/heads/audit.ndjson' })],
  ['a table that is not there', answer('42P01')],
  ['a fault of ours', new TypeError('x is not a function')],
  ['nothing at all', undefined],
])('%s keeps its stack', (_, error) => {
  expect(startProblem(own, error)).toBeNull();
});
