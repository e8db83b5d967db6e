/** What a form to connect a shop is drawn from, without knowing any channel. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FAKE, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { type TestHouse, testHouse } from '../../../../tests/support/index.ts';

const replies = { taken: { status: 200, body: '' }, refused: { status: 403, body: '' }, later: { status: 503, body: '' } };
let real: TestHouse;
let fake: TestHouse;
const listed = async (house: TestHouse) => (await house.send('GET', '/v1/channels')).body.items;
beforeAll(async () => {
  real = await testHouse();
  fake = await testHouse({
    publicUrl: 'https://weir.example/',
    adapters: [
      fakeAdapter({
        settings: [
          { name: 'apiKey', isRequired: true, zh: '密钥', en: 'the key' },
          { name: 'privateKey', isRequired: false, zh: '私钥（PEM）', en: 'the private key (PEM)', form: 'lines' },
        ],
        consentCode: 'none',
        door: { replies, open: () => ({ kind: 'refused' }) },
      }),
    ],
  });
});
afterAll(async () => {
  await real.close();
  await fake.close();
});

test('a channel tells what its apps and shops need, in both languages, and where its pushes go', async () => {
  expect(await listed(fake)).toEqual([
    {
      channel: FAKE,
      settings: [
        { name: 'apiKey', isRequired: true, form: 'secret', zh: '密钥', en: 'the key' },
        { name: 'privateKey', isRequired: false, form: 'lines', zh: '私钥（PEM）', en: 'the private key (PEM)' },
      ],
      consentCode: 'none',
      pushPath: `/v1/intake/${FAKE}/{app}`,
      links: [],
      feeds: ['orders'],
      settleSeconds: 0,
      backfillDays: 90,
      canNoteOrderKey: false,
    },
  ]);
});

test('the form of the address is the one that an app of the channel gets', async () => {
  const { id, pushPath, pushUrl } = (
    await fake.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', settings: { apiKey: 'x' }, name: 'app' })
  ).body;
  expect((await listed(fake))[0].pushPath.replace('{app}', id)).toBe(pushPath);
  expect(pushUrl).toBe(`https://weir.example${pushPath}`);
});

test('every channel of the house is offered: some push, some hold a connection, some need the seller’s code', async () => {
  const items = await listed(real);
  const told = items.map(({ channel, consentCode, pushPath, links }: Record<string, unknown>) => [
    channel,
    consentCode,
    pushPath !== null,
    links,
  ]);
  expect(told).toEqual([
    ['taobao', 'needed', false, ['queue', 'socket']],
    ['pinduoduo', 'needed', false, ['socket']],
    ['douyin', 'optional', true, []],
    ['wechat', 'none', true, []],
  ]);
  const keys = items.find(({ channel }: { channel: string }) => channel === 'wechat').settings;
  expect(keys).toContainEqual(expect.objectContaining({ name: 'merchantKey', isRequired: true, form: 'lines' }));
});
