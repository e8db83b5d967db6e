/** Whose failure holds up whom on the line to one shop. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Answer } from '@weir/connectors/adapter';
import { answer, FAKE, failure, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { type TestHouse, testHouse } from '../../../../tests/support/index.ts';

let house: TestHouse;
let no: Answer;
beforeAll(async () => {
  const called = ({ method }: { readonly method: string }) => (method === 'refused' ? no : answer({}));
  house = await testHouse({ adapters: [fakeAdapter({}, called)] });
  const app = (await house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app' })).body.id;
  await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app });
});
afterAll(() => house.close());

test('a no about one order, be it for now, lets the other calls of its shop go on; "slower" does not', async () => {
  const line = await house.house.channels.clientOf(FAKE, '1');
  const passAfter = async (refusal: Answer): Promise<number> => {
    no = refusal;
    expect(await line?.call({ method: 'refused', params: {} })).toEqual(refusal);
    const before = performance.now();
    expect(await line?.call({ method: 'else', params: {} })).toMatchObject({ ok: true });
    return performance.now() - before;
  };
  expect(await passAfter({ ok: false, failure: failure({ retryAfterMs: 10_000, isAboutOne: true }) })).toBeLessThan(8_000);
  expect(await passAfter({ ok: false, failure: failure({ retryAfterMs: 2_000 }) })).toBeGreaterThan(1_500);
});
