/** What an app has beside key and secret: asked for by its channel, sealed, handed to the connector, never told. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '@weir/connectors/adapter';
import { FAKE, fakeAdapter } from '../../../../tests/support/fake-channel.ts';
import { type Answer, type TestHouse, testHouse } from '../../../../tests/support/index.ts';

const PEM = `-----BEGIN PRIVATE KEY-----\n${`${'Zk9'.repeat(21)}\n`.repeat(60)}-----END PRIVATE KEY-----\n`;
const seen: App[] = [];
let house: TestHouse;
beforeAll(async () => {
  const adapter = fakeAdapter({
    settings: [
      { name: 'apiKey', isRequired: true, zh: 'APIv3 密钥', en: 'the APIv3 key' },
      { name: 'privateKey', isRequired: false, zh: '商户私钥（PEM）', en: 'the merchant’s private key (PEM)' },
    ],
    door: {
      replies: { taken: { status: 200, body: '' }, refused: { status: 403, body: '' }, later: { status: 503, body: '' } },
      open(_knock, app) {
        seen.push(app);
        return { kind: 'answered', reply: { status: 200, body: '' } };
      },
    },
  });
  house = await testHouse({ adapters: [adapter] });
});
afterAll(() => house.close());

const register = (more: Record<string, unknown>): Promise<Answer> =>
  house.send('POST', '/v1/apps', { channel: FAKE, key: 'k', secret: 's', name: 'app', ...more });
const asSeen = async (pushPath: string): Promise<App | undefined> => {
  await house.send('GET', pushPath);
  return seen.at(-1);
};

test('what is missing and what is unknown is named in both languages with its place, never with its value', async () => {
  const refused = await register({ settings: { apikey: 'a-secret-value' } });
  expect(refused).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  expect(refused.body.problems).toEqual([
    expect.objectContaining({ code: 'field.unknown', pointer: '/settings/apikey' }),
    expect.objectContaining({
      code: 'field.missing',
      pointer: '/settings/apiKey',
      zh: expect.stringContaining('APIv3 密钥'),
      en: expect.stringContaining('the APIv3 key'),
    }),
  ]);
  expect(JSON.stringify(refused.body)).not.toContain('a-secret-value');
  const long = await register({ settings: { apiKey: 'x'.repeat(20_000) } });
  expect(long.body.problems).toEqual([expect.objectContaining({ code: 'field.too_long', pointer: '/settings/apiKey' })]);
  expect((await register({ settings: { apiKey: ['a-secret-value'] } })).status).toBe(400);
  expect((await register({ settings: { apiKey: '  ' } })).status).toBe(400);
  expect((await house.send('GET', '/v1/apps')).body.items).toEqual([]);
});

test('they reach the connector as they were given; others see only which are set, and nothing stores them in the clear', async () => {
  const first = await register({ settings: { apiKey: 'a-secret-value', privateKey: PEM } });
  expect(first).toMatchObject({ status: 201, body: { settings: ['apiKey', 'privateKey'] } });
  const { pushPath, id } = first.body;
  expect(await asSeen(pushPath)).toEqual({ key: 'k', secret: 's', settings: { apiKey: 'a-secret-value', privateKey: PEM } });

  const other = await register({ secret: 't', name: 'renamed' });
  expect(other.body).toMatchObject({ id, name: 'renamed', settings: ['apiKey', 'privateKey'] });
  expect(await asSeen(pushPath)).toEqual({ key: 'k', secret: 't', settings: { apiKey: 'a-secret-value', privateKey: PEM } });

  await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app: id });
  await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', app: id, credentials: { code: 'again' } });
  const consent = async () =>
    (await house.house.db.query<{ consent: string }>(`select md5(credentials) as consent, token, name from shops where shop = '1'`))
      .rows[0];
  await house.house.db.query(`update shops set token = 'a token' where shop = '1'`);
  const before = await consent();
  await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '改名', app: id });
  expect(await consent(), 'who names the app again and no credentials gives none up').toEqual({ ...before, name: '改名' });
  const homeless = await house.send('POST', '/v1/shops', { channel: FAKE, shop: '1', name: '店', credentials: { code: 'x' } });
  expect(homeless).toMatchObject({ status: 400, body: { problems: [{ pointer: '/app' }] } });
  const changed = await register({ secret: 't', settings: { privateKey: null, apiKey: 'another-value' } });
  expect(changed.body.settings).toEqual(['apiKey']);
  expect(await asSeen(pushPath)).toEqual({ key: 'k', secret: 't', settings: { apiKey: 'another-value' } });
  expect((await register({ settings: { apiKey: null } })).status).toBe(400);

  const { rows } = await house.house.db.query<{ all: string }>(
    `select (select string_agg(apps::text, '') from apps) || (select string_agg(audit::text, '') from audit) as all`,
  );
  const told = JSON.stringify([(await house.send('GET', '/v1/apps')).body, (await house.send('GET', '/v1/audit')).body, rows]);
  for (const secret of ['a-secret-value', 'another-value', 'Zk9Zk9']) {
    expect(told).not.toContain(secret);
    expect(told).not.toContain(Buffer.from(secret).toString('hex'));
  }
  expect(told).toContain('settingsChanged');
});
