import type { Answer } from '@weir/connectors/adapter';
import { expect, test } from 'vitest';
import { answer, failure, FAKE, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { type Db, manualClock } from '#platform';
import { createLines } from './lines.ts';
import type { AppRow, ShopRow } from './store.ts';

const APP = { id: 'app_1', channel: FAKE, appKey: 'k', baseUrl: null, wrappedSecret: Buffer.from('s'), wrappedSettings: null };
function aLine({ answers = [] as Answer[], beforeToken = (): void => {} } = {}) {
  const [clock, called, slept] = [manualClock(0), [] as string[], [] as number[]];
  const shop: { -readonly [K in 'consent']: string | null } = { consent: 'c1' };
  const row = () => ({ channel: FAKE, shop: '1', appId: 'app_1', ...shop }) as unknown as ShopRow;
  const stored: { token: Buffer | null } = { token: null };
  const db = {
    async query(text: string, values: unknown[]) {
      const isSaving = text.startsWith('update');
      const isStill = String(values[2]) === shop.consent;
      if (isSaving && text.includes('set token =') && isStill) stored.token = values[3] as Buffer;
      return { rows: [{ credentials: Buffer.from(shop.consent ?? ''), token: stored.token }], rowCount: isStill ? 1 : 0 };
    },
  } as unknown as Db;
  const sleep = async (ms: number): Promise<void> => {
    slept.push(ms);
    clock.advance(ms);
  };
  const adapter = fakeAdapter({
    token: { ...fakeAdapter().token, first: (_, code) => (beforeToken(), { method: 'token', params: { code } }) },
    createClient: () => ({
      async call({ method, params }) {
        called.push(method === 'token' ? `token for ${String(params['code'])}` : method);
        return method === 'token' ? answer({}) : (answers.shift() ?? answer({}));
      },
    }),
  });
  const unwrap = (bytes: Buffer): Buffer => {
    const text = bytes.toString();
    return /^c\d$/.test(text) ? Buffer.from(JSON.stringify({ code: text })) : bytes;
  };
  const lines = createLines({
    db,
    keys: { wrap: (bytes: Buffer) => bytes, unwrap },
    clock,
    steady: clock,
    sleep,
    send: () => Promise.reject(new Error('nobody calls')),
    adapters: new Map([[FAKE, adapter]]),
    directory: {
      read: async () => ({ apps: new Map([['app_1', APP as unknown as AppRow]]), shops: new Map([[`${FAKE}/1`, row()]]) }),
      forget: () => {},
    },
  });
  return { lines, called, slept, shop };
}
const LOOK = { method: 'look', params: {} };

test('a call that waited for its turn is asked once more whether it may leave, and one that may not is seen by nobody', async () => {
  const { lines, called, slept } = aLine({ answers: [{ ok: false, failure: failure({ class: 'throttled' }) }] });
  let isOurs = true;
  const line = await lines.of(FAKE, '1');
  const call = line?.callWhile(() => isOurs && !slept.some((ms) => ms > 100));
  expect(await call?.(LOOK)).toMatchObject({ failure: { class: 'throttled' } });
  expect(await call?.(LOOK)).toMatchObject({ failure: { code: 'lease', mayHaveHappened: false } });
  expect(Math.max(...slept), 'it waited').toBeGreaterThan(100);
  expect(called.filter((method) => method === 'look')).toHaveLength(1);
  isOurs = false;
  expect((await line?.call(LOOK))?.ok, 'what needs no lease leaves').toBe(true);
});

test('a consent that another process stored begins anew, and an answer to the older one is not kept', async () => {
  const world = aLine({ beforeToken: () => (world.shop.consent = 'c2') });
  const first = await world.lines.of(FAKE, '1');
  expect(await first?.call(LOOK)).toMatchObject({ failure: { message: 'the shop has other credentials by now' } });
  const second = await world.lines.of(FAKE, '1');
  expect(second).not.toBe(first);
  expect((await second?.call(LOOK))?.ok).toBe(true);
  expect(world.called).toEqual(['token for c1', 'token for c2', 'look']);
});
