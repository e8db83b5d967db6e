import { expect, test } from 'vitest';
import { createLog, Fault, manualClock, newId, type Log, type LogOptions } from './index.ts';

function captured(options: LogOptions = {}): { readonly log: Log; readonly lines: string[]; entries(): Record<string, unknown>[] } {
  const lines: string[] = [];
  const log = createLog({ write: (line) => lines.push(line), clock: manualClock(0), ...options });
  return { log, lines, entries: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** As the sealed values of a later room: what it hides is a private field, what it shows is its mask. */
class Hidden {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): string {
    return '***';
  }
}

test('one event is one JSON line with time, level, name and fields', () => {
  const { log, lines } = captured();
  log.event('delivery.attempted', { attempt: 2, ok: true, keys: ['a', 'b'], absent: undefined });
  expect(lines).toEqual([
    '{"time":"1970-01-01T00:00:00.000Z","level":"info","event":"delivery.attempted","attempt":2,"ok":true,"keys":["a","b"]}\n',
  ]);
});

test('a hiding value prints its mask wherever it stands', () => {
  const { log, lines, entries } = captured();
  log.event('x', { a: new Hidden('13800138000'), b: [new Hidden('13800138000')], c: { d: { e: new Hidden('13800138000') } } });
  expect(entries()[0]).toMatchObject({ a: '***', b: ['***'], c: { d: { e: '***' } } });
  expect(lines.join()).not.toContain('13800138000');
});

test('objects of other classes, bytes and functions print what they are, not what they hold', () => {
  class Opaque {
    readonly secret = 'inside';
  }
  const { log, entries } = captured();
  log.event('x', { a: new Opaque(), b: Buffer.from('inside'), c: () => 'inside', d: new Map([['inside', 1]]), e: 10n, f: new Date(0) });
  expect(entries()[0]).toMatchObject({
    a: '[Opaque]',
    b: '[6 bytes]',
    c: '[function]',
    d: '[Map]',
    e: '10',
    f: '1970-01-01T00:00:00.000Z',
  });
});

test('an error prints name, code, message, place and cause, and nothing that hangs on it', () => {
  const { log, lines, entries } = captured();
  const cause = Object.assign(new Error('below'), { parameters: ['13800138000'], detail: '13800138000' });
  log.error('work.failed', new Fault('some.code', { message: 'above', retry: true, cause }), { attempt: 1 });
  expect(entries()[0]).toMatchObject({
    level: 'error',
    attempt: 1,
    error: { name: 'Fault', code: 'some.code', message: 'above', retry: true, cause: { name: 'Error', message: 'below' } },
  });
  expect(lines.join()).not.toContain('13800138000');
});

test('a thrown value that is no error is not printed', () => {
  const { log, lines } = captured();
  log.error('work.failed', '13800138000');
  expect(lines.join()).not.toContain('13800138000');
});

test('long and endless values are cut', () => {
  const endless: Record<string, unknown> = {};
  endless['self'] = endless;
  const { log, lines } = captured();
  log.event('x', { text: 'a'.repeat(1e6), list: Array.from({ length: 1e5 }, () => 1), endless });
  expect(lines[0]?.length).toBeLessThan(5_000);
});

test('a level below the wanted one is not written', () => {
  const { log, entries } = captured({ level: 'warn' });
  log.debug('a');
  log.event('b');
  log.warn('c');
  log.error('d', new Error('e'));
  expect(entries().map(({ event }) => event)).toEqual(['c', 'd']);
});

test('fields given once are on every later line, and cannot pose as time, level or event', () => {
  const { log, entries } = captured();
  log.with({ worker: 3 }).event('x', { event: 'y', level: 'z' });
  expect(entries()[0]).toMatchObject({ worker: 3, event: 'x', level: 'info', event_: 'y', level_: 'z' });
});

test('at a terminal a line is for people', () => {
  const { log, lines } = captured({ pretty: true });
  log.event('order.stored', { count: 3 });
  log.error('work.failed', new Error('no space', { cause: new Error('disk') }));
  expect(lines[0]).toContain('00:00:00');
  expect(lines[0]).toContain('order.stored');
  expect(lines[1]).toMatch(/Error: no space[^]*cause:[^]*Error: disk/);
});

test('ids sort by their time and do not repeat', () => {
  const ids = [1, 2, 31, 32, 1e12, 1e12 + 1, 2 ** 45].map((nowMs) => newId('ep', nowMs));
  expect(ids.toSorted()).toEqual(ids);
  expect(ids.every((id) => /^ep_[0-9a-z]{26}$/.test(id))).toBe(true);
  expect(new Set(Array.from({ length: 1_000 }, () => newId('ep', 5))).size).toBe(1_000);
});
