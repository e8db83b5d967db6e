/** Replacing a secret loses no delivery: for a while the receiver may check with either. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { waitUntil } from '../../../../tests/support/index.ts';
import { createSigner } from './envelope.ts';
import { type Arrival, type BroadcastHouse, broadcastHouse, fresh } from './receiver.test-support.ts';
import { createSecrets } from './secrets.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

const checks = (secret: string, { body, headers }: Arrival): boolean => {
  try {
    return new Webhook(secret).verify(body, headers) !== undefined;
  } catch {
    return false;
  }
};
const rotate = (id: string, body: object = {}) => house.send('POST', `/v1/endpoints/${id}:rotateSecret`, body);

test('asked again and again, because the answer was lost, it cuts nobody off: every secret checks until its time', async () => {
  const { id, secret: first, taken } = await house.receiver();
  const told = async (): Promise<Arrival> => {
    const before = taken.length;
    await house.push(fresh(), 1);
    await waitUntil('it is told', () => taken.length > before);
    return taken.at(-1) as Arrival;
  };
  expect(checks(first, await told())).toBe(true);

  const { status, body } = await rotate(id);
  expect([status, body.liveSecrets]).toEqual([200, 2]);
  expect(Date.parse(body.oldSecretUntil) - Date.now()).toBeGreaterThan(23 * 3_600_000);
  expect(await house.statusOf(id)).toMatchObject({ oldSecretUntil: body.oldSecretUntil, liveSecrets: 2 });
  const both = await told();
  expect([checks(first, both), checks(body.secret, both)]).toEqual([true, true]);

  const secrets = [first, body.secret];
  for (let n = 0; n < 2; n++) secrets.push((await rotate(id)).body.secret);
  const last = await told();
  expect(secrets.map((secret) => checks(secret, last))).toEqual([true, true, true, true]);
  expect((await house.statusOf(id))['liveSecrets']).toBe(4);

  // However often it is asked, the newest two and the oldest ones stay.
  for (let n = 0; n < 3; n++) secrets.push((await rotate(id)).body.secret);
  const later = await told();
  expect(secrets.map((secret) => checks(secret, later))).toEqual([true, true, true, false, false, true, true]);
});

test('a leaked secret can end at once', async () => {
  const { id, secret: old, taken } = await house.receiver();
  const { body } = await rotate(id, { keepOldHours: 0 });
  await house.push(fresh(), 1);
  await waitUntil('it is told', () => taken.length > 0);
  expect([checks(old, taken[0] as Arrival), checks(body.secret, taken[0] as Arrival)]).toEqual([false, true]);
  expect(await house.statusOf(id)).toMatchObject({ oldSecretUntil: null });
});

test('only an administrator rotates, what is written down holds no secret, and what is no endpoint is not found', async () => {
  const { id } = await house.receiver();
  const { body: token } = await house.send('POST', '/v1/tokens', { name: 'ops', role: 'operations' });
  expect(await house.send('POST', `/v1/endpoints/${id}:rotateSecret`, {}, { token: token.token })).toMatchObject({ status: 403 });
  expect(await rotate('ep_none')).toMatchObject({ status: 404, body: { code: 'endpoint.not_found' } });
  expect(await rotate(id, { keepOldHours: 1_000 })).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
  const { secret } = (await rotate(id)).body;
  const { rows } = await house.house.db.query<{ text: string }>('select a::text as text from audit a where subject = $1', [id]);
  expect(rows.some(({ text }) => text.includes('endpoint.secret_rotated'))).toBe(true);
  expect(rows.some(({ text }) => text.includes(secret.slice('whsec_'.length)))).toBe(false);
});

test('a secret signs until its time and not beyond', () => {
  const secrets = createSecrets([
    { text: `whsec_${Buffer.alloc(24, 1).toString('base64')}`, until: null },
    { text: `whsec_${Buffer.alloc(24, 2).toString('base64')}`, until: 1_000 },
  ]);
  const signatures = (at: number): number => createSigner(secrets).headersFor('id', at, Buffer.from('{}')).at(-1)?.split(' ').length ?? 0;
  expect([signatures(999), signatures(1_000)]).toEqual([2, 1]);
});
