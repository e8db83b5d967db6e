import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifySpi } from './spi.ts';

const app = { secret: 'helloworld' };
const NOW = Date.parse('2026-02-22T09:30:00+08:00');
const md5 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').toUpperCase();
};
const BODY = Buffer.from('{"tid":"3724561098877120118","memo":"加急"}');
const QUERY = { app_key: '12345678', timestamp: '2026-02-22 09:30:00', v: '2.0' };
const HEADERS = { 'content-type': 'application/json;charset=utf-8', 'top-sign-list': 'X-Trace,app-id', 'x-trace': 't1', 'app-id': '77' };
/** By hand: names in byte order, values behind them, the body last, the secret at both ends. */
const RIGHT = md5('helloworld', 'X-Tracet1app-id77app_key12345678timestamp2026-02-22 09:30:00v2.0', BODY, 'helloworld');

const call = (more: { query?: object; headers?: object; body?: Uint8Array; now?: number } = {}) =>
  verifySpi(
    {
      headers: { ...HEADERS, ...more.headers },
      query: { ...QUERY, sign: RIGHT, ...more.query },
      body: more.body ?? BODY,
    },
    app,
    more.now ?? NOW,
  );

describe('a call of the platform to us is believed', () => {
  test('when query, named headers and body are signed with our secret', () => {
    expect(RIGHT).toBe('6837C0548AE0C1576991EDA0B2D78B3D');
    expect(call()).toBe(true);
  });
  test.each([
    ['another body', { body: Buffer.concat([BODY, Buffer.from(' ')]) }],
    ['another header', { headers: { 'x-trace': 't2' } }],
    ['a header that is named and not there', { headers: { 'x-trace': undefined } }],
    ['a header that is there twice', { headers: { 'x-trace': ['t1', 't1'] } }],
    ['one more parameter', { query: { more: '1' } }],
    ['lower case', { query: { sign: RIGHT.toLowerCase() } }],
    ['no sign', { query: { sign: undefined } }],
    ['two signs', { query: { sign: [RIGHT, RIGHT] } }],
  ])('never with %s', (_, more) => {
    expect(call(more)).toBe(false);
  });
  test('for ten minutes, by the clock that it names', () => {
    expect(call({ now: NOW + 10 * 60_000 })).toBe(true);
    expect(call({ now: NOW + 10 * 60_000 + 1 })).toBe(false);
    expect(call({ now: NOW - 10 * 60_000 - 1 })).toBe(false);
    expect(call({ query: { timestamp: 'now' } })).toBe(false);
  });
  test('as a form: its fields are parameters like those of the query', () => {
    const sign = md5('helloworld', 'app_key12345678memo加急timestamp2026-02-22 09:30:00v2.0', 'helloworld');
    const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8', 'top-sign-list': undefined };
    const body = Buffer.from(new URLSearchParams({ memo: '加急' }).toString());
    expect(call({ headers, body, query: { sign } })).toBe(true);
    expect(call({ headers, body: Buffer.from('memo=x'), query: { sign } })).toBe(false);
  });
  test('in the charset it came in: a body in GBK is signed byte for byte', () => {
    const body = Buffer.from('ce4eb1', 'hex');
    const sign = md5('helloworld', 'app_key12345678timestamp2026-02-22 09:30:00v2.0', body, 'helloworld');
    expect(call({ headers: { 'top-sign-list': undefined }, body, query: { sign } })).toBe(true);
  });
});
