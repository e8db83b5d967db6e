/** Each delivery is a tiny reconciliation: what a receiver says that it holds is compared at once. */
import { createSubscriber, type Subscriber } from '@weir/sandbox';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { waitUntil } from '../../../../tests/support/index.ts';
import { compare } from './compare.ts';
import { type BroadcastHouse, broadcastHouse, fresh } from './receiver.test-support.ts';

let house: BroadcastHouse;
const subscribers: Subscriber[] = [];
beforeAll(async () => {
  house = await broadcastHouse();
});
afterEach(async () => {
  for (const subscriber of subscribers.splice(0)) await subscriber.close();
});
afterAll(() => house.close());

async function subscriber(more: object = {}): Promise<Subscriber & { readonly id: string }> {
  const made = await createSubscriber({ secret: 'whsec_' });
  subscribers.push(made);
  const { body } = await house.send('POST', '/v1/endpoints', { name: 'digests', url: made.url, ...more });
  made.trust(body.secret);
  return { ...made, id: body.id };
}
const mismatches = async (id: string) => (await house.send('GET', `/v1/endpoints/${id}/mismatches`)).body.items;

test('a receiver that holds what it was told is never listed, whichever fields it is told', async () => {
  const all = await subscriber();
  const some = await subscriber({ fields: ['status', 'paid', 'lines'] });
  await house.push(fresh(), 1);
  await waitUntil('both have it', () => all.received().length >= 2 && some.received().length >= 2);
  expect([await mismatches(all.id), await mismatches(some.id)]).toEqual([[], []]);
  expect(await house.statusOf(all.id)).toMatchObject({ mismatches: 0 });
});

test('one that holds something else is listed with both digests and seen at the order, until it agrees again', async () => {
  const { id, behave } = await subscriber();
  behave({ digest: 'wrong' });
  const order = fresh();
  const key = await house.push(order, 1);
  await waitUntil('it is noticed', async () => (await mismatches(id)).some((row: { version: number }) => row.version === 2));
  const [row] = await mismatches(id);
  expect(row).toMatchObject({ subjectKey: key, version: 2, theirs: `2:${'0'.repeat(32)}` });
  expect(row.ours).toMatch(/^2:[0-9a-f]{32}$/);
  const known = async () =>
    (await house.send('GET', `/v1/orders/${key}/knowledge`)).body.items.find((item: { endpoint: string }) => item.endpoint === id);
  await waitUntil('the cursor is saved', async () => (await known()).version === 2);
  expect(await known()).toMatchObject({ differs: true, parked: false });
  expect(await house.statusOf(id)).toMatchObject({ mismatches: 1 });
  behave({ digest: 'right' });
  await house.push(order, 30);
  await waitUntil('it agrees', async () => (await mismatches(id)).length === 0);
  expect(await known()).toMatchObject({ differs: false });
});

test('what a receiver says is read strictly, and one that knows more is not blamed', () => {
  const ours = 'a'.repeat(32);
  const of = (theirs: string) => compare(theirs, 7, () => ours);
  expect([of(`7:${ours}`), of(`7:${'b'.repeat(32)}`), of(`6:${ours}`), of(`8:${'b'.repeat(32)}`)]).toEqual([
    'agrees',
    'differs',
    'behind',
    'says nothing',
  ]);
  for (const text of ['', 'x', ours, `7:${ours}0`, `7:${'A'.repeat(32)}`, `-7:${ours}`, `7 :${ours}`])
    expect(of(text), text).toBe('unreadable');
});
