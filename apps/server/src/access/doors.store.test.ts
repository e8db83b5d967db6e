import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLog, manualClock } from '#platform';
import { type TestHouse, testHouse } from '../../../../tests/support/index.ts';

const clock = manualClock(Date.UTC(2026, 1, 20, 12));
const lines: string[] = [];
const PASSWORD = 'correct horse';
let house: TestHouse;
beforeAll(async () => {
  const log = createLog({ write: (line) => void lines.push(line), pretty: false, level: 'warn' });
  house = await testHouse({ clock, log, doors: { trustedProxies: ['10.0.0.0/8'], connectionsPerAddress: 100 } });
  for (const login of ['anna', 'ben']) await house.send('POST', '/v1/people', { login, role: 'operations', password: PASSWORD });
});
afterAll(() => house.close());

async function logIn(login: string, password: string, from: { readonly remoteAddress: string; readonly client?: string }) {
  const { statusCode, body } = await house.house.app.inject({
    method: 'POST',
    url: '/v1/login',
    remoteAddress: from.remoteAddress,
    headers: { 'content-type': 'application/json', ...(from.client === undefined ? {} : { 'x-forwarded-for': from.client }) },
    payload: JSON.stringify({ login, password }),
  });
  return { status: statusCode, code: (JSON.parse(body) as { code?: string }).code };
}
const said = (event: string): { client: string; times: number }[] =>
  lines.map((line) => JSON.parse(line)).filter((line) => line.event === event);

test('behind a trusted proxy the audit has the client, and nobody else may say who he is', async () => {
  expect(await logIn('anna', PASSWORD, { remoteAddress: '10.0.0.1', client: '203.0.113.9, 198.51.100.7' })).toMatchObject({ status: 200 });
  expect(await logIn('anna', PASSWORD, { remoteAddress: '192.0.2.1', client: '203.0.113.9' })).toMatchObject({ status: 200 });
  const { items } = (await house.send('GET', '/v1/audit?what=login')).body;
  expect(JSON.stringify(items)).toContain('198.51.100.7');
  expect(JSON.stringify(items)).toContain('192.0.2.1');
  expect(JSON.stringify(items)).not.toContain('203.0.113.9');
  expect(await logIn('anna', PASSWORD, { remoteAddress: '10.0.0.1', client: 'nonsense' })).toMatchObject({ code: 'request.not_http' });
});

test('whoever guesses at a login closes it to strangers, not to the person where he has logged in before; one line tells of it, without what was typed', async () => {
  const home = { remoteAddress: '10.0.0.1', client: '198.51.100.7' };
  await logIn('anna', PASSWORD, home);
  for (let i = 0; i < 12; i++) await logIn('anna', `a guess ${i}`, { remoteAddress: '10.0.0.1', client: '203.0.113.66' });
  expect(await logIn('anna', PASSWORD, { remoteAddress: '10.0.0.1', client: '203.0.113.77' })).toMatchObject({ status: 429 });
  expect(await logIn('anna', PASSWORD, home)).toMatchObject({ status: 200 });
  expect(said('login.refused').filter(({ client }) => client === '203.0.113.66')).toHaveLength(1);
  expect(lines.join()).not.toMatch(/anna|a guess/);
});

test('guessing of tokens is told once, with the network it comes from', async () => {
  for (let i = 0; i < 120; i++)
    await house.house.app.inject({
      url: '/v1/me',
      remoteAddress: `2001:db8:1:2::${i.toString(16)}`,
      headers: { authorization: `Bearer weir_${i}` },
    });
  expect(said('request.guessing')).toMatchObject([{ client: '2001:db8:1:2::/64' }]);
});
