/** A receiver that moves keeps its place: what waited comes to the new address, in order, once. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { type BroadcastHouse, broadcastHouse, fresh, type Receiver } from './receiver.test-support.ts';

let house: BroadcastHouse;
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(() => house.clear());
afterAll(() => house.close());

const change = (id: string, body: object) => house.send('POST', `/v1/endpoints/${id}:change`, body);
/** A receiver to move to, and its address; no endpoint of its own tells it anything. */
async function elsewhere(): Promise<Receiver & { readonly url: string }> {
  const there = await house.receiver();
  const url = (await house.statusOf(there.id))['url'] as string;
  await house.send('POST', `/v1/endpoints/${there.id}:remove`, {});
  return { ...there, url };
}
const versionsOf = ({ taken }: Receiver, subject: string): number[] =>
  taken.filter((each) => each.subject === subject).map((each) => each.version);

test('what was parked is told at the new address at once, in order; what was told is not told again', async () => {
  let isBroken = false;
  const here = await house.receiver(() => (isBroken ? 500 : 200));
  const known = fresh();
  const told = await house.push(known, 1);
  await waitUntil('what happened so far is told', () => here.taken.length === 2);
  const last = Math.max(...versionsOf(here, told));
  isBroken = true;
  await house.push(known, 2);
  const other = await house.push(fresh(), 1);
  await waitUntil('both are parked', async () => (await house.statusOf(here.id))['parked'] === 2);
  await house.push(known, 3);

  const there = await elsewhere();
  expect(await change(here.id, { url: there.url })).toMatchObject({ status: 200, body: { id: here.id, done: 'change' } });
  await waitUntil('all of it is told there', () => there.taken.length === 4);
  expect([versionsOf(there, told), versionsOf(there, other)]).toEqual([
    [last + 1, last + 2],
    [1, 2],
  ]);
  await waitUntil('nothing waits', async () => (await house.statusOf(here.id))['parked'] === 0);
  expect(await house.statusOf(here.id)).toMatchObject({ url: there.url, state: 'active' });
  const tries = here.tries.length;
  await house.push(known, 4);
  await waitUntil('it goes on there', () => there.taken.length === 5);
  expect(here.tries).toHaveLength(tries);
});

test('an endpoint that had ended with 410 goes on at another address; one that is paused stays so', async () => {
  const gone = await house.receiver(() => 410);
  const subject = await house.push(fresh(), 1);
  await waitUntil('it is gone', async () => (await house.statusOf(gone.id))['state'] === 'gone');
  expect((await change(gone.id, { name: 'another name' })).status).toBe(200);
  expect(await house.statusOf(gone.id)).toMatchObject({ name: 'another name', state: 'gone' });
  const there = await elsewhere();
  await change(gone.id, { url: there.url });
  await waitUntil('it goes on', () => versionsOf(there, subject).length === 2);

  const paused = await house.receiver();
  await house.send('POST', `/v1/endpoints/${paused.id}:pause`, {});
  await change(paused.id, { url: (await elsewhere()).url });
  expect(await house.statusOf(paused.id)).toMatchObject({ state: 'paused' });
});

test('what may not be asked for changes nothing, and says where', async () => {
  const here = await house.receiver();
  const before = await house.statusOf(here.id);
  expect(await change(here.id, { url: 'http://169.254.169.254/latest' })).toMatchObject({
    status: 422,
    body: { code: 'endpoint.address_refused' },
  });
  expect(await change(here.id, { url: 'http://[::zz]/' })).toMatchObject({ status: 400, body: { problems: [{ pointer: '/url' }] } });
  expect((await change(here.id, {})).body.code).toBe('request.invalid');
  expect((await change(here.id, { name: '' })).body).toMatchObject({ code: 'request.invalid', problems: [{ pointer: '/name' }] });
  expect((await change(here.id, { fields: ['status'] })).body).toMatchObject({
    code: 'request.invalid',
    problems: [{ pointer: '/fields' }],
  });
  expect((await change('ep_unknown', { name: 'x' })).body.code).toBe('endpoint.not_found');
  expect(await house.statusOf(here.id)).toMatchObject({ name: before['name'], url: before['url'] });
});

test('the audit has both addresses, without what an address may hide in its query', async () => {
  const here = await house.receiver();
  const { url } = await elsewhere();
  await change(here.id, { name: 'moved', url: `${url}?token=secret` });
  const { items } = (await house.send('GET', `/v1/audit?what=endpoint.changed`)).body;
  expect(items[0]).toMatchObject({
    subject: here.id,
    detail: { before: { name: 'test' }, after: { name: 'moved', url: expect.stringMatching(/^http/) } },
  });
  expect(JSON.stringify(items)).not.toContain('secret');
});
