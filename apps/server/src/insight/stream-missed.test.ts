import { copyFileSync, mkdtempSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { ADMIN, neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

const BEAT_MS = 15_000;
const MANY = 400;
let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());
afterEach(() => vi.useRealTimers());

type App = TestHouse['house']['app'];
/** What a reader of the stream of this process has heard so far. */
async function listen(app: App): Promise<{ readonly text: () => string; readonly stop: () => void }> {
  if (app.server.address() === null) await app.listen({ port: 0, host: '127.0.0.1' });
  const end = new AbortController();
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/stream`;
  const response = await fetch(url, { headers: { authorization: `Bearer ${ADMIN}` }, signal: end.signal });
  let heard = '';
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) heard += decoder.decode(part, { stream: true });
  })();
  reading.catch(() => undefined);
  await waitUntil('the stream is open', () => heard !== '');
  return { text: () => heard, stop: () => end.abort() };
}

test('more changes at once than a reader is told of: it is told that it missed some', async () => {
  const { text, stop } = await listen(house.house.app);
  const lines = Array.from({ length: MANY }, (_, n) => JSON.stringify(neutralOrder({ channelOrderId: `many-${n}` })));
  await house.send('POST', '/v1/orders:import', lines.join('\n'), { headers: { 'content-type': 'application/x-ndjson' } }).catch(() => {});
  await waitUntil('it is told', () => text().includes('event: missed'));
  expect(text()).toContain('event: changes');
  const first = /event: changes\ndata: (.*)\n/.exec(text())?.[1] ?? '';
  expect(JSON.parse(first).items[0]).toMatchObject({ type: 'order.created', shop: neutralOrder().shop });
  stop();
});

test('a stream beats so that it can be heard, and a standby’s says that it hears of no changes', async () => {
  const home = mkdtempSync(join(house.home, 'standby-'));
  copyFileSync(join(house.home, 'root.key'), join(home, 'root.key'));
  const standby = await house.another({ home });
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const [working, idle] = [await listen(house.house.app), await listen(standby.app)];
  vi.advanceTimersByTime(BEAT_MS);
  await waitUntil('both beat', () => [working, idle].every(({ text }) => text().includes('event: beat')));
  expect(working.text()).toContain('data: {"works":true}');
  expect(idle.text()).toContain('data: {"works":false}');
  working.stop();
  idle.stop();
});
