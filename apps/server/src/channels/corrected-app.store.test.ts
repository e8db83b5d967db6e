/** An app whose settings were wrong: what was refused because of them is tried again as soon as they are right. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClientOptions } from '@weir/connectors/adapter';
import { answer, FAKE, failure, fakeAdapter, telling } from '../../../../tests/support/fake-channel.ts';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  const adapter = fakeAdapter({
    settings: [{ name: 'apiKey', isRequired: false, zh: '密钥', en: 'key' }],
    createClient: ({ app }: ClientOptions) => ({
      call: async ({ method }) =>
        method === 'token' || app.settings?.['apiKey'] === 'right'
          ? answer({})
          : { ok: false, failure: failure({ class: 'do_not', code: 'key' }) },
    }),
    fetchDetail: async (ask, { shop, id }) => {
      const answered = await ask({ method: 'detail', params: {} });
      return answered.ok ? { ok: true, value: telling(shop, [id]) } : answered;
    },
    read: (kind, _bytes, { channel, shop, id: channelOrderId }) => ({
      messages: kind === 'detail' ? [neutralOrder({ channel, shop, channelOrderId }) as never] : [],
      wants: kind === 'detail' ? [] : ['detail'],
      problems: [],
    }),
  });
  house = await testHouse({ adapters: [adapter] });
});
afterAll(() => house.close());

const register = (apiKey: string) =>
  house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app', settings: { apiKey } });
const fetches = async () => (await house.house.db.query<{ dead: boolean }>('select dead from fetches')).rows;

test('an order that was refused for good is fetched when the app has other settings', async () => {
  const { body } = await register('wrong');
  await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app: body.id });
  const subject = { kind: 'order', channel: FAKE, shop: '1', id: 'o1' } as const;
  await house.house.channels.desk.tell({ kind: 'push', subject, bytes: Buffer.from('o1') });
  await waitUntil('our tries have ended', async () => (await fetches())[0]?.dead === true);
  await register('right');
  const orders = async () => (await house.send('GET', `/v1/orders?channel=${FAKE}&channelOrderId=o1`)).body.items;
  await waitUntil('it is here', async () => (await orders()).length === 1);
  await waitUntil('and nothing waits', async () => (await fetches()).length === 0);
  expect(await orders()).toMatchObject([{ status: 'paid' }]);
});
