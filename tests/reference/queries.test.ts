/** Every parameter of every list, with values that nobody should send: a 400 that names it, never a fault. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse } from '../support/index.ts';

let house: TestHouse;
let [orderKey, endpointId, runId] = ['', '', ''];
beforeAll(async () => {
  house = await testHouse({ allowPrivateEndpoints: true });
  orderKey = (await house.send('POST', '/v1/orders', neutralOrder())).body.orderKey;
  await house.send('POST', '/v1/orders', neutralOrder({ channelOrderId: 'wrong', payable: '1.00', paid: '1.00', payments: undefined }));
  runId = (await house.send('POST', '/v1/review-runs', { decision: 'reject', where: { channel: 'own' }, startAfterSeconds: 600 })).body.id;
  const [{ id }] = (await house.send('GET', '/v1/reviews')).body.items;
  await house.send('POST', `/v1/reviews/${encodeURIComponent(id)}:release`, {});
  endpointId = (await house.send('POST', '/v1/endpoints', { name: 'x', url: 'http://127.0.0.1:9/' })).body.id;
});
afterAll(() => house.close());

const ODD = [
  '0',
  '-1',
  'x',
  '',
  '9'.repeat(30),
  '2026-02-31T00:00:00Z',
  '2026-02-20',
  '0000-01-01T00:00:00Z',
  'infinity',
  '%00',
  "'",
  '[]',
  '2026-02-31T00:00:00Z|OW20260220000000AA',
  '9999-99-99T00:00:00Z|OW20260220000000AA.x',
];
/** Where any text is a text; an empty one asks for nothing. */
const TEXT = ODD.filter((value) => value !== '');
const MEANT: Readonly<Record<string, readonly string[]>> = {
  channel: TEXT,
  shop: TEXT,
  channelOrderId: TEXT,
  reason: TEXT,
  trackingNumber: TEXT,
  who: TEXT,
  what: TEXT,
  subject: TEXT,
  orderKey: TEXT,
};

test('odd values of declared parameters are refused with their name, and never end in a fault', async () => {
  const lists = house.house.app.declared.filter(({ query }) => query !== undefined);
  expect(lists.map(({ id }) => id).toSorted()).toEqual([
    'countOrders',
    'listAudit',
    'listDeadLetters',
    'listDeliveries',
    'listMismatches',
    'listOrders',
    'listParked',
    'listReplays',
    'listReviewRunResults',
    'listReviewRuns',
    'listReviews',
    'readTimeline',
  ]);
  for (const { path, query } of lists)
    for (const name of Object.keys(query?.properties ?? {}))
      for (const value of ODD) {
        const { status, body } = await house.send(
          'GET',
          `${path.replace('{key}', orderKey).replace('{id}', path.includes('review-runs') ? runId : endpointId)}?${name}=${encodeURIComponent(value)}`,
        );
        const meant = MEANT[name]?.includes(value) || (name === 'cursor' && path.endsWith('/events') && value === '0');
        expect([status, status === 400 ? body.problems[0].pointer : ''], `${path} ${name}=${value}`).toEqual(
          meant ? [200, ''] : [400, `/${name}`],
        );
      }
});

test('an unknown and a doubled parameter are refused, and what was typed is not repeated', async () => {
  for (const query of ['phone=13912345678', 'limit=5&limit=6', 'status=13912345678']) {
    const { status, body } = await house.send('GET', `/v1/orders?${query}`);
    expect(status).toBe(400);
    expect(JSON.stringify(body)).not.toContain('13912345678');
  }
});

test('pages of cases that were opened in the same millisecond lose none and repeat none', async () => {
  const wrong = (i: number) =>
    JSON.stringify(neutralOrder({ channelOrderId: `w${i}`, payable: '1.00', paid: '1.00', payments: undefined }));
  const payload = Array.from({ length: 60 }, (_, i) => wrong(i)).join('\n');
  await house.send('POST', '/v1/orders:import', payload, { headers: { 'content-type': 'application/x-ndjson' } }).catch(() => {});
  await house.house.db.query("update review_cases set opened_at = '2026-02-20T12:00:00.123Z'");
  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body }: { body: { items: { id: string }[]; nextCursor: string | null } } = await house.send(
      'GET',
      `/v1/reviews?limit=7${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    seen.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  expect(seen).toHaveLength(60);
  expect(new Set(seen).size).toBe(60);
});
