/**
 * What nobody should send, sent to a real process while an honest customer orders. Each attack ends with a clear refusal, the memory stays
 * within a named limit, and the customer is served. WEIR_HOSTILE=1 sends the whole amounts; without it a slice of the largest.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ERRORS, type ErrorCode } from '@weir/contract';
import { neutralOrder, waitUntil } from '../support/index.ts';
import { openScene, type Scene, type Seen } from './scene.ts';
import { body, head, idle, type Said, talk } from './sockets.ts';

const WHOLE = process.env['WEIR_HOSTILE'] === '1';
/** Of one process, whatever is sent to it. */
const MEMORY_LIMIT_BYTES = 700 * 1024 * 1024;
/** What a refused giant body may have got rid of before it heard the no: buffers of the kernel on both sides. */
const EARLY_BYTES = 32 * 1024 * 1024;
const GIGABYTE = 1024 ** 3;
const GUESSES = WHOLE ? 100_000 : 4_000;
const IDLE = WHOLE ? 9_000 : 1_500;

let scene: Scene;
const table: string[] = [];
beforeAll(async () => {
  scene = await openScene();
});
afterAll(async () => {
  process.stdout.write(`${table.join('\n')}\n`);
  await scene.close();
});

const MB = (bytes: number): string => `${Math.round(bytes / 1024 / 1024)} MB`;
/** The customer was served, and memory stayed within its limit. */
function stoodIt(name: string, seen: Seen): void {
  table.push(`${name}: ${seen.orders} orders meanwhile, p50 ${seen.p50Ms} ms, worst ${seen.worstMs} ms, memory ${MB(seen.peakBytes)}`);
  expect(seen.failures).toEqual([]);
  expect(seen.orders).toBeGreaterThan(0);
  expect(seen.peakBytes).toBeLessThan(MEMORY_LIMIT_BYTES);
}
function isRefusal(said: Said, code: ErrorCode): void {
  expect({ status: said.status, code: said.code }).toEqual({ status: ERRORS[code].status, code });
  expect(said.zh).toBeTruthy();
  expect(said.text).toContain('application/problem+json');
}
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${scene.token}` });
const JSON_TYPE = { 'content-type': 'application/json' } as const;
async function post(path: string, payload: string | Buffer, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${scene.url}${path}`, {
    method: 'POST',
    headers: { ...JSON_TYPE, ...bearer(), ...headers },
    body: payload as string,
    redirect: 'manual',
  });
  const text = await response.text();
  return { status: response.status, text, ...(text.startsWith('{') ? (JSON.parse(text) as { code?: string; result?: string }) : {}) };
}

describe('bodies of a gigabyte', () => {
  const fill = Buffer.alloc(256 * 1024, 'a');
  test.each([
    ['announced', false, true],
    ['announced, from a stranger', false, false],
    ['in chunks that never end', true, true],
    ['in chunks that never end, from a stranger', true, false],
  ])('%s: refused early', async (name, isChunked, isKnown) => {
    let said: Said | undefined;
    const size = isChunked ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(GIGABYTE) };
    const seen = await scene.during(async () => {
      const opening = head('POST', '/v1/orders', { ...JSON_TYPE, ...(isKnown ? bearer() : {}), ...size });
      said = await talk(scene.port, [opening, ...body(EARLY_BYTES * 2, fill, isChunked)]);
    });
    isRefusal(said as Said, isKnown ? 'request.too_large' : 'request.unauthenticated');
    expect(said?.sentBytes).toBeLessThan(EARLY_BYTES);
    stoodIt(`1 GB ${name}`, seen);
  });

  test('an import of one line without an end: a refused line and an end, never the whole in memory', async () => {
    let said: Said | undefined;
    const bytes = WHOLE ? GIGABYTE : GIGABYTE / 8;
    const seen = await scene.during(async () => {
      const headers = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked', ...bearer() };
      said = await talkToEnd([head('POST', '/v1/orders:import', headers), ...body(bytes, fill, true), '0\r\n\r\n']);
    });
    expect(said?.status).toBe(200);
    expect(said?.text).toMatch(/"refused"|request\.too_large|import\./);
    stoodIt(`import of one line of ${MB(bytes)}`, seen);
  });

  test('an import from a stranger is refused before it is read', async () => {
    let said: Said | undefined;
    const seen = await scene.during(async () => {
      const headers = { 'content-type': 'application/x-ndjson', 'transfer-encoding': 'chunked' };
      said = await talk(scene.port, [head('POST', '/v1/orders:import', headers), ...body(EARLY_BYTES * 2, fill, true)]);
    });
    isRefusal(said as Said, 'request.unauthenticated');
    expect(said?.sentBytes).toBeLessThan(EARLY_BYTES);
    stoodIt('import from a stranger', seen);
  });
});

/** Goes on sending although the answer has begun, as an import does. */
async function talkToEnd(parts: Iterable<Buffer | string>): Promise<Said> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const asked = request({
      port: scene.port,
      host: '127.0.0.1',
      method: 'POST',
      path: '/v1/orders:import',
      headers: { 'content-type': 'application/x-ndjson', ...bearer() },
    });
    let text = '';
    const end = (status: number | null): void => resolve({ text, status, code: null, zh: null, sentBytes: 0, isClosed: true });
    asked.on('response', (response) => {
      response.on('data', (part: Buffer) => (text.length < 100_000 ? (text += part.toString()) : undefined));
      response.on('close', () => end(response.statusCode ?? null));
    });
    asked.on('error', (error) => (text === '' ? reject(error) : end(200)));
    void (async () => {
      let isFirst = true;
      for (const part of parts) {
        if (isFirst) {
          isFirst = false;
          continue; // the head is made by the client
        }
        if (asked.destroyed || typeof part === 'string') break;
        const raw = part.subarray(part.indexOf('\n') + 1, -2);
        if (!asked.write(raw))
          await Promise.race([new Promise((go) => asked.once('drain', go)), new Promise((go) => asked.once('close', go))]);
      }
      asked.end();
    })();
  });
}

describe('JSON that nobody needs', () => {
  const order = JSON.stringify(neutralOrder({ channelOrderId: 'hostile' }));
  const withMore = (more: string): string => order.replace('"schema":1', `"schema":1,${more}`);
  const million = Array.from({ length: 1_000_000 }, (_, i) => `"${i}":0`).join(',');
  const REFUSED: readonly (readonly [string, string | Buffer, ErrorCode])[] = [
    ['a hundred thousand levels of lists', '['.repeat(100_000) + ']'.repeat(100_000), 'request.too_deep'],
    ['a hundred thousand levels of objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000), 'request.too_deep'],
    ['levels that never end', '['.repeat(2_000_000), 'request.too_deep'],
    ['a million keys', `{${million}}`, 'request.too_large'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]), 'request.not_json'],
    ['UTF-16', Buffer.from(order, 'utf16le'), 'request.not_json'],
    ['a NUL behind the end', `${order}\0`, 'request.not_json'],
    ['an overlong slash', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'request.not_json'],
    ['half a surrogate in bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'request.not_json'],
    ['NaN', order.replace('"quantity":2', '"quantity":NaN'), 'request.not_json'],
    ['a comment', `/* hello */${order}`, 'request.not_json'],
    ['two values', `${order}${order}`, 'request.not_json'],
  ];
  test.each(REFUSED)('%s is refused', async (name, payload, code) => {
    let answer: Awaited<ReturnType<typeof post>> | undefined;
    const seen = await scene.during(async () => {
      answer = await post('/v1/orders', payload);
    });
    expect(answer).toMatchObject({ status: ERRORS[code].status, code });
    stoodIt(name, seen);
  });

  const held = (name: string, more: string): readonly [string, string] => [
    name,
    withMore(more).replace('"hostile"', `"hostile ${name.length}"`),
  ];
  test.each([
    held('as many keys as fit', Array.from({ length: 150_000 }, (_, i) => `"${i}":0`).join(',')),
    held('__proto__', '"__proto__":{"role":"admin","shops":null}'),
    held('constructor and prototype', '"constructor":{"prototype":{"role":"admin"}}'),
    held('a number of a hundred thousand digits', `"x":${'9'.repeat(100_000)}`),
    held('1e999', '"x":1e999'),
    held('-0 and tiny numbers', '"x":-0.0e-999'),
    held('a lone surrogate as a name', '"\\udc00":1'),
    held('a thousand megabyte-long escapes', `"x":"${'\\u0000'.repeat(100_000)}"`),
  ])('%s waits for a person, and nothing else happens', async (name, payload) => {
    let answer: Awaited<ReturnType<typeof post>> | undefined;
    const seen = await scene.during(async () => {
      answer = await post('/v1/orders', payload);
    });
    expect(answer).toMatchObject({ status: 200, result: 'needs_review' });
    stoodIt(name, seen);
  });

  test.each([
    ['quantity', 'lone surrogate in a title', '"title":"龙井 250g"', '"title":"\\ud800 tea"'],
    ['quantity', 'NUL in a title', '"title":"龙井 250g"', '"title":"a\\u0000b"'],
    ['quantity', 'a huge quantity', '"quantity":2', '"quantity":1e308'],
    ['quantity', 'a quantity beyond 2^53', '"quantity":2', '"quantity":9007199254740993'],
    ['amount', 'a huge amount', '"payable":"114.00"', `"payable":"${'9'.repeat(5_000)}.00"`],
  ])('%s: %s ends in an answer, never in a fault', async (_, name, from, to) => {
    const answer = await post('/v1/orders', order.replace('"hostile"', `"h ${name}"`).replace(from, to));
    expect(answer.status).toBeLessThan(500);
    expect(answer.code ?? answer.result).not.toBe('server.fault');
  });

  test('a key that comes twice: the last one counts, for who may write and for what is stored alike', async () => {
    const { token } = JSON.parse(
      (await post('/v1/tokens', JSON.stringify({ name: 'bound', role: 'integration', shops: ['own/mine'] }))).text,
    ) as { token: string };
    for (const shop of ['mine', 'yours']) await post('/v1/shops', JSON.stringify({ channel: 'own', shop, name: shop }));
    const twice = (first: string, second: string, id: string): string =>
      JSON.stringify(neutralOrder({ channelOrderId: id })).replace('"shop":"s1"', `"shop":"${first}","shop":"${second}"`);
    expect(await post('/v1/orders', twice('mine', 'yours', 'twice-1'), { authorization: `Bearer ${token}` })).toMatchObject({
      status: 403,
    });
    expect(await post('/v1/orders', twice('yours', 'mine', 'twice-2'), { authorization: `Bearer ${token}` })).toMatchObject({
      status: 201,
    });
    const found = async (shop: string) =>
      JSON.parse(await (await fetch(`${scene.url}/v1/orders?channel=own&shop=${shop}`, { headers: bearer() })).text()).items.length;
    expect([await found('mine'), await found('yours')]).toEqual([1, 0]);
  });

  test('a role that stands twice, and one behind __proto__, make no administrator', async () => {
    expect(await post('/v1/tokens', '{"name":"x","role":"owner","__proto__":{"role":"admin"}}')).toMatchObject({ code: 'request.invalid' });
    expect(await post('/v1/tokens', '{"name":"x","constructor":{"role":"admin"},"role":"owner"}')).toMatchObject({
      code: 'request.invalid',
    });
  });

  test('compressed bodies are refused unread, so nothing can burst', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, '['));
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x-gzip'])
      expect(await post('/v1/orders', bomb, { 'content-encoding': encoding })).toMatchObject({ status: 415, code: 'request.encoded' });
    const seen = await scene.during(async () => {
      await Promise.all(Array.from({ length: 20 }, () => post('/v1/orders', bomb, { 'content-encoding': 'gzip' })));
    });
    stoodIt('twenty gzip bombs', seen);
  });
});

describe('connections that only hold', () => {
  function* drops(opening: string, drop: string): Generator<string> {
    yield opening;
    for (;;) yield drop;
  }
  // A body has 30 s: only the whole suite waits for that; web/body-clock.test.ts tries it with less.
  test('headers that come in drops, and a body that comes in drops, are cut off with a word', async () => {
    let said: readonly Said[] = [];
    const seen = await scene.during(async () => {
      const slow = (parts: Iterable<string>): Promise<Said> => talk(scene.port, parts, { pauseMs: 200 });
      // of somebody known: a stranger's body is not waited for
      const opening = head('POST', '/v1/orders', { ...bearer(), ...JSON_TYPE, 'content-length': '100000' });
      said = await Promise.all([
        ...Array.from({ length: 200 }, () => slow(drops('GET /v1/me HTTP/1.1\r\nhost: x\r\n', 'x-drop: 1\r\n'))),
        ...Array.from({ length: WHOLE ? 200 : 0 }, () => slow(drops(opening, ' '))),
      ]);
    });
    expect(new Set(said.map(({ code }) => code))).toEqual(new Set(['request.timeout']));
    expect(said.every(({ isClosed }) => isClosed)).toBe(true);
    stoodIt(`${said.length} slow connections`, seen);
  });

  test(`${IDLE} connections that say nothing`, async () => {
    let open: Awaited<ReturnType<typeof idle>>['open'] = [];
    const seen = await scene.during(async () => {
      const made = await idle(scene.port, IDLE);
      open = made.open;
      expect(made.refused).toBe(0);
      await waitUntil('the silent are shown out', () => open.every((socket) => socket.destroyed || socket.readyState !== 'open'), 120_000);
    });
    for (const socket of open) socket.destroy();
    stoodIt(`${IDLE} idle connections`, seen);
  });
});

describe('headers and requests that are none', () => {
  const raw = (text: string): Promise<Said> => talk(scene.port, [text]);
  test.each([
    ['one header of a megabyte', `GET /v1/me HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(1_000_000)}\r\n\r\n`],
    ['ten thousand headers', `GET /v1/me HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 10_000 }, (_, i) => `x${i}: 1\r\n`).join('')}\r\n`],
    ['an address of a megabyte', `GET /${'a'.repeat(1_000_000)} HTTP/1.1\r\nhost: x\r\n\r\n`],
    ['a cookie of a megabyte', `GET /v1/me HTTP/1.1\r\nhost: x\r\ncookie: weir_session=${'a'.repeat(1_000_000)}\r\n\r\n`],
  ])('%s', async (name, text) => {
    let said: Said | undefined;
    const seen = await scene.during(async () => {
      said = await raw(text);
    });
    isRefusal(said as Said, 'request.headers_too_large');
    expect(said?.isClosed).toBe(true);
    stoodIt(name, seen);
  });

  const smuggled = 'GET /v1/tokens HTTP/1.1\r\nhost: x\r\n\r\n';
  test.each([
    [
      'a length and chunks',
      `POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
    ],
    ['two lengths', `POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 6\r\ncontent-length: 5\r\n\r\n123456${smuggled}`],
    ['a length with a sign', `POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: +6\r\n\r\n123456${smuggled}`],
    ['a length in hex', `POST /v1/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 0x6\r\n\r\n123456${smuggled}`],
    ['a blank before the colon', `POST /v1/orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['chunked that is not last', `POST /v1/orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, identity\r\n\r\n0\r\n\r\n${smuggled}`],
    ['an unknown encoding', `POST /v1/orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`],
    ['a chunk size that is none', `POST /v1/orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n\r\n${smuggled}`],
    [
      'a chunk size beyond all numbers',
      `POST /v1/orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\n${smuggled}`,
    ],
    ['a folded header', `GET /v1/me HTTP/1.1\r\nhost: x\r\n y: chunked\r\nx: 1\r\n z\r\n\r\n`],
    ['a NUL in a header', 'GET /v1/me HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n'],
    ['a bare carriage return', 'GET /v1/me HTTP/1.1\r\nhost: x\rx: y\r\n\r\n'],
    ['no host', 'GET /v1/me HTTP/1.1\r\nconnection: close\r\n\r\n'],
    ['another protocol', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
    ['HTTP/2 at once', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['words', 'hello, is anybody there?\r\n\r\n'],
  ])('%s: one refusal, and nothing that hid behind it is answered', async (_, text) => {
    const said = await raw(text);
    expect(said.status).toBe(400);
    expect(said.code).toMatch(/^request\.(not_http|invalid)$/);
    expect(said.isClosed).toBe(true);
    expect(said.text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(said.text).not.toContain('"items"');
  });

  test.each([
    '/v1/../../etc/passwd',
    '/..%2f..%2f..%2fetc%2fpasswd',
    '/assets/..%5c..%5cpackage.json',
    '/%2e%2e/%2e%2e/package.json',
    '//v1/tokens',
    '/v1//tokens',
    '/v1/tokens/',
    '/V1/tokens',
    '/v1/tokens%00',
    '/v1/tokens;a=b',
    '/v1/%74okens%2f..',
    '/v1/orders/%2e%2e%2ftokens',
    'http://elsewhere.test/v1/tokens',
    '/%',
    '/%ff%fe',
    '/%c0%ae%c0%ae/',
  ])('a path that would go elsewhere: %s', async (path) => {
    const said = await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
    expect([400, 401, 404]).toContain(said.status);
    expect(said.code).toMatch(/^request\.(not_found|not_http|invalid|unauthenticated)$/);
    expect(said.text).not.toMatch(/root:|"dependencies"/);
  });

  test.each(['TRACE', 'CONNECT', 'PUT', 'DELETE', 'PROPFIND', 'PATCH'])('%s is not for us', async (method) => {
    const said = await raw(`${method} /v1/tokens HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
    expect(said.status === null || (said.status >= 400 && said.status < 500)).toBe(true);
    expect(said.text).not.toContain('"items"');
  });
});

test(`${GUESSES} tokens and as many cookies guessed: refused without asking the database, and who is known goes on`, async () => {
  const count = new Map<string, number>();
  const guess = async (n: number): Promise<void> => {
    const headers = n % 2 === 0 ? { authorization: `Bearer weir_${n}` } : { cookie: `weir_session=guess-${n}` };
    const response = await fetch(`${scene.url}/v1/me`, { headers: headers as Record<string, string> });
    const { code } = (await response.json()) as { code: string };
    count.set(code, (count.get(code) ?? 0) + 1);
  };
  const AT_ONCE = 50;
  const seen = await scene.during(async () => {
    for (let n = 0; n < 2 * GUESSES; n += AT_ONCE) await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => guess(n + i)));
  });
  expect([...count.keys()].toSorted()).toEqual(['request.too_many', 'request.unauthenticated']);
  expect(count.get('request.too_many')).toBeGreaterThan(2 * GUESSES * 0.8);
  stoodIt(`${2 * GUESSES} guesses`, seen);
});
