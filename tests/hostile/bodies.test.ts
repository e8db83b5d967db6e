/** Bodies that cost more than they are large, sent to a real process. */
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../support/index.ts';
import { openScene, type Scene } from './scene.ts';
import { head, type Said, talk } from './sockets.ts';

/** Of one process, whatever is sent to it. */
const MEMORY_LIMIT_BYTES = 700 * 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' } as const;

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
const bearer = (): Record<string, string> => ({ authorization: `Bearer ${scene.token}` });

describe('bodies in crumbs', () => {
  const crumbs = Buffer.from('1\r\na\r\n'.repeat(10_000));
  test.each([
    ['from a stranger', '/v1/orders', false, 'request.unauthenticated'],
    ['to the login', '/v1/login', false, 'request.too_large'],
    ['from somebody known', '/v1/orders', true, 'request.too_large'],
  ] as const)('two megabytes of them %s are refused early', async (name, path, isKnown, code) => {
    let said: readonly Said[] = [];
    const seen = await scene.during(async () => {
      const opening = head('POST', path, { ...JSON_TYPE, ...(isKnown ? bearer() : {}), 'transfer-encoding': 'chunked' });
      said = await Promise.all(
        Array.from({ length: 20 }, () => talk(scene.port, [opening, ...Array.from({ length: 200 }, () => crumbs), '0\r\n\r\n'])),
      );
    });
    for (const each of said) expect({ code: each.code, zh: each.zh }).toEqual({ code, zh: expect.any(String) });
    expect(seen.failures).toEqual([]);
    expect(seen.peakBytes).toBeLessThan(MEMORY_LIMIT_BYTES);
    table.push(`crumbs ${name}: worst ${seen.worstMs} ms, memory ${MB(seen.peakBytes)}`);
  });

  test('bodies that are half there hold a known part of the memory, however many they are', async () => {
    const half = Buffer.alloc(1024 * 1024, ' ');
    const opening = head('POST', '/v1/orders', { ...JSON_TYPE, ...bearer(), 'content-length': String(2 * half.length) });
    const sockets = Array.from({ length: 600 }, () => connect(scene.port, '127.0.0.1').on('error', () => {}));
    const from = scene.rss();
    const refused = { count: 0 };
    let peak = from;
    const watch = setInterval(() => (peak = Math.max(peak, scene.rss())), 50);
    for (const socket of sockets) {
      socket.on('data', (part) => (refused.count += part.toString().startsWith('HTTP/1.1 503') ? 1 : 0));
      socket.write(opening);
      socket.write(half);
    }
    await waitUntil('most are asked to come again', () => refused.count > 400, 120_000);
    clearInterval(watch);
    for (const socket of sockets) socket.destroy();
    table.push(`600 half bodies: memory from ${MB(from)} to ${MB(peak)}, ${refused.count} asked to come again`);
    expect(peak).toBeLessThan(MEMORY_LIMIT_BYTES);
  });
});
