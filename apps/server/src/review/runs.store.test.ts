import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { neutralOrder, type TestHouse, testHouse, waitUntil } from '../../../../tests/support/index.ts';

let house: TestHouse;
beforeAll(async () => {
  house = await testHouse();
});
afterAll(() => house.close());

let shop = '';
let shops = 0;
let serial = 0;
beforeEach(() => void (shop = `s${++shops}`)); // every test has its own shop

// oxlint-disable-next-line no-explicit-any -- bodies of every shape
type Body = any;
const ask = async (body: object, token?: string) =>
  house.send('POST', '/v1/review-runs', { startAfterSeconds: 0, ...body }, token === undefined ? {} : { token });
const ended = async (id: string): Promise<Body> => {
  const read = async () => (await house.send('GET', `/v1/review-runs/${id}`)).body;
  await waitUntil('the run ends', async () => (await read()).finishedAt !== null, 60_000);
  return read();
};
const run = async (body: object): Promise<Body> => ended((await ask(body)).body.id);
const openOf = async (of: string) => (await house.send('GET', `/v1/reviews?shop=${of}&limit=200`)).body.items;
const place = async (more: Record<string, unknown>): Promise<string> =>
  (await house.send('POST', '/v1/orders', neutralOrder({ shop, channelOrderId: `b${++serial}`, ...more }))).body.orderKey;
const many = async (n: number, more: Record<string, unknown>): Promise<string[]> =>
  Promise.all(Array.from({ length: n }, () => place(more)));
const WRONG_SUM = { payable: '100.00', paid: '100.00', payments: undefined };
const ONE_DIGIT = { shippingFee: '4' };
const statusOf = async (key: string) => (await house.send('GET', `/v1/orders/${key}`)).body;
const waitsFor = async (key: string): Promise<string[]> => (await statusOf(key)).holds.map((hold: Body) => hold.kind);

describe('what waits is shown by cause', () => {
  test('with how many there are, of how many shops, and what can be decided', async () => {
    await many(3, WRONG_SUM);
    await place({ ...ONE_DIGIT });
    const { items } = (await house.send('GET', '/v1/review-groups')).body;
    const sum = items.find((each: Body) => each.reason === 'sum.payable /payable');
    expect(sum).toMatchObject({ channel: 'own', decisions: ['release', 'fix', 'reject'], problems: [{ code: 'sum.payable' }] });
    expect(sum.cases).toBeGreaterThanOrEqual(3);
    const unreadable = items.find((each: Body) => each.reason === 'amount.not_decimal /shippingFee');
    expect(unreadable).toMatchObject({ decisions: ['fix', 'reject'] }); // nobody may let through what cannot be read
    const listed = (await house.send('GET', `/v1/reviews?shop=${shop}&reason=${encodeURIComponent('sum.payable /payable')}`)).body.items;
    expect(listed).toHaveLength(3);
  });
});

describe('a bulk decision', () => {
  test('releases all cases of a cause in one shop and no other, and says what became of each', async () => {
    const keys = await many(120, WRONG_SUM);
    const other = await place(ONE_DIGIT);
    const where = { reason: 'sum.payable /payable', shop };
    expect((await ask({ decision: 'release', where, dryRun: true })).body).toMatchObject({ cases: 120, checked: 120, passing: 120 });
    expect(await run({ decision: 'release', where })).toMatchObject({ state: 'done', cases: 120, accepted: 120, refused: 0 });
    for (const key of [keys[0], keys.at(-1)] as string[]) expect(await statusOf(key)).toMatchObject({ status: 'paid', holds: [] });
    expect((await openOf(shop)).map((each: Body) => each.orderKey)).toEqual([other]);
  });

  test('fixes with recipes: the preview shows before and after, and what would still be wrong', async () => {
    const keys = await many(5, ONE_DIGIT);
    const hopeless = await place({ ...ONE_DIGIT, payable: '999.00', paid: '999.00', payments: undefined });
    const body = { decision: 'fix', where: { shop }, recipes: [{ pointer: '/shippingFee', do: 'two_digits' }] };
    const { body: preview } = await ask({ ...body, dryRun: true });
    expect(preview).toMatchObject({ cases: 6, checked: 6, passing: 5 });
    expect(preview.examples[0]).toMatchObject({ passes: false, code: 'review.still_wrong', problems: [{ code: 'sum.payable' }] });
    expect(preview.examples[1]).toMatchObject({ passes: true, changes: [{ pointer: '/shippingFee', before: '4', after: '4.00' }] });
    expect(await openOf(shop)).toHaveLength(6); // a preview decides nothing
    const done = await run(body);
    expect(done).toMatchObject({ accepted: 5, refused: 1 });
    const refused = (await house.send('GET', `/v1/review-runs/${done.id}/results?result=refused`)).body.items;
    expect(refused).toMatchObject([{ code: 'review.still_wrong' }]);
    expect(refused[0].id).toContain(hopeless);
    for (const key of keys) expect(await statusOf(key)).toMatchObject({ status: 'paid', shippingFee: '4.00', holds: [] });
  });

  test('may take what the sums should have been', async () => {
    const [key] = await many(3, WRONG_SUM);
    const recipes = [
      { pointer: '/payable', do: 'expected' },
      { pointer: '/paid', do: 'set', value: '114.00' },
    ];
    expect(await run({ decision: 'fix', where: { shop }, recipes })).toMatchObject({ accepted: 3 });
    expect((await statusOf(key as string)).payable).toBe('114.00');
  });

  test('until it begins, cancelling leaves no trace', async () => {
    const [key] = await many(3, WRONG_SUM);
    const { body: asked } = await ask({ decision: 'reject', where: { shop }, startAfterSeconds: 600 });
    expect(asked).toMatchObject({ state: 'open', cases: 3, accepted: 0 });
    expect((await house.send('POST', `/v1/review-runs/${asked.id}:cancel`, {})).body).toMatchObject({ state: 'cancelled', accepted: 0 });
    expect(await house.send('POST', `/v1/review-runs/${asked.id}:cancel`, {})).toMatchObject({
      status: 409,
      body: { code: 'review_run.finished' },
    });
    expect(await openOf(shop)).toHaveLength(3);
    expect(await waitsFor(key as string)).toContain('review');
  });

  test('a rejection is undone whole, once; what was released is not', async () => {
    const keys = await many(4, WRONG_SUM);
    const rejected = await run({ decision: 'reject', where: { shop } });
    expect(await openOf(shop)).toEqual([]);
    const { status, body: undo } = await house.send('POST', `/v1/review-runs/${rejected.id}:undo`, {});
    expect(status).toBe(202);
    expect(await ended(undo.id)).toMatchObject({ decision: 'reopen', undoes: rejected.id, cases: 4, accepted: 4 });
    expect(await openOf(shop)).toHaveLength(4);
    expect(await waitsFor(keys[0] as string)).toContain('review');
    expect(await house.send('POST', `/v1/review-runs/${rejected.id}:undo`, {})).toMatchObject({
      status: 409,
      body: { code: 'review_run.not_undoable' },
    });
    const released = await run({ decision: 'release', where: { shop } });
    expect(released).toMatchObject({ accepted: 4 });
    expect((await statusOf(keys[0] as string)).status).toBe('paid');
    expect(await house.send('POST', `/v1/review-runs/${released.id}:undo`, {})).toMatchObject({ status: 409 });
  });

  test('of chosen cases: what somebody else decided meanwhile is counted as refused, not decided twice', async () => {
    const [first] = await many(3, WRONG_SUM);
    const ids = (await openOf(shop)).map((each: Body) => each.id);
    const { body: asked } = await ask({ decision: 'reject', ids, startAfterSeconds: 5 });
    const mine = ids.find((id: string) => id.startsWith(first as string));
    expect((await house.send('POST', `/v1/reviews/${mine}:release`, {})).body.result).toBe('changed');
    expect(await ended(asked.id)).toMatchObject({ cases: 3, accepted: 2, refused: 1 });
    expect((await statusOf(first as string)).status).toBe('paid');
  });

  test('two of the same at once decide each case once', async () => {
    await many(60, WRONG_SUM);
    const asked = await Promise.all([ask({ decision: 'release', where: { shop } }), ask({ decision: 'release', where: { shop } })]);
    const [a, b] = await Promise.all(asked.map(({ body }) => ended(body.id)));
    expect(a.accepted + b.accepted).toBe(60);
    expect(a.refused + b.refused).toBe(60);
  });

  test('is not for those who may not write, and touches only the shops of whoever asks', async () => {
    await many(2, WRONG_SUM);
    const foreign = (await house.send('POST', '/v1/tokens', { name: 'f', role: 'operations', shops: ['own/elsewhere'] })).body.token;
    const finance = (await house.send('POST', '/v1/tokens', { name: 'g', role: 'finance' })).body.token;
    expect(await ask({ decision: 'reject', where: { shop } }, foreign)).toMatchObject({
      status: 409,
      body: { code: 'review_run.nothing_chosen' },
    });
    expect((await ask({ decision: 'reject', where: { shop }, dryRun: true }, foreign)).body).toMatchObject({ cases: 0, examples: [] });
    expect(await ask({ decision: 'reject', where: { shop } }, finance)).toMatchObject({ status: 403 });
    const { body: asked } = await ask({ decision: 'reject', where: { shop }, startAfterSeconds: 600 });
    for (const path of [`/v1/review-runs/${asked.id}`, `/v1/review-runs/${asked.id}/results`])
      expect(await house.send('GET', path, undefined, { token: foreign })).toMatchObject({ status: 404 });
    expect((await house.send('GET', '/v1/review-runs', undefined, { token: foreign })).body.items).toEqual([]);
    expect(await house.send('POST', `/v1/review-runs/${asked.id}:cancel`, {}, { token: foreign })).toMatchObject({ status: 404 });
    await house.send('POST', `/v1/review-runs/${asked.id}:cancel`, {});
  });

  test.each([
    ['neither cases nor a choice', { decision: 'release' }, '/where'],
    ['a fix without recipes', { decision: 'fix', where: { channel: 'own' } }, '/recipes'],
    ['recipes without a fix', { decision: 'reject', where: { channel: 'own' }, recipes: [{ pointer: '/paid', do: 'remove' }] }, '/recipes'],
    [
      'a personal value for all',
      { decision: 'fix', where: { channel: 'own' }, recipes: [{ pointer: '/remark', do: 'set', value: '王小明' }] },
      '/recipes/0/pointer',
    ],
  ])('is refused by its place: %s', async (_, body, pointer) => {
    const answer = await ask(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'request.invalid', problems: [{ pointer }] } });
    expect(JSON.stringify(answer.body)).not.toContain('王小明');
  });
});

test('a server that died between deciding and writing that down counts each case as what it was, and decides none twice', async () => {
  const keys = await many(30, WRONG_SUM);
  const rejected = await run({ decision: 'reject', where: { shop } });
  expect(rejected).toMatchObject({ accepted: 30, refused: 0 });
  const { db } = house.house;
  await db.query('update review_run_cases set result = null where run_id = $1', [rejected.id]);
  await db.query(`update review_runs set state = 'open', finished_at = null, accepted = 0 where id = $1`, [rejected.id]);
  expect(await ended(rejected.id)).toMatchObject({ state: 'done', accepted: 30, refused: 0 });
  const { body: undo } = await house.send('POST', `/v1/review-runs/${rejected.id}:undo`, {});
  expect(await ended(undo.id)).toMatchObject({ accepted: 30 });
  const released = await run({ decision: 'release', where: { shop } });
  const events = async () => (await house.send('GET', `/v1/orders/${keys[0]}/events`)).body.items.map((each: Body) => each.type);
  const before = await events();
  await db.query('update review_run_cases set result = null where run_id = $1', [released.id]);
  await db.query(`update review_runs set state = 'open', finished_at = null, accepted = 0 where id = $1`, [released.id]);
  expect(await ended(released.id)).toMatchObject({ accepted: 30, refused: 0 });
  for (const key of keys) expect((await statusOf(key)).status).toBe('paid');
  expect(await events()).toEqual(before);
});

test('one rejection is taken back by itself; a released case is not, nor one that a newer message overtook', async () => {
  const key = await place(WRONG_SUM);
  const [{ id }] = await openOf(shop);
  expect((await house.send('POST', `/v1/reviews/${id}:reopen`, {})).body.result).toBe('unchanged');
  await house.send('POST', `/v1/reviews/${id}:reject`, {});
  expect((await house.send('POST', `/v1/reviews/${id}:reopen`, {})).body.result).toBe('changed');
  expect(await waitsFor(key)).toContain('review');
  await house.send('POST', `/v1/reviews/${id}:reject`, {});
  expect((await house.send('POST', `/v1/reviews/${id}:reopen`, {})).body.result).toBe('changed'); // and again
  await house.send('POST', `/v1/reviews/${id}:reject`, {});
  const { channelOrderId } = await statusOf(key);
  await house.send('POST', '/v1/orders', neutralOrder({ shop, channelOrderId, modifiedAt: '2026-02-20T23:00:00+08:00' }));
  expect(await house.send('POST', `/v1/reviews/${id}:reopen`, {})).toMatchObject({ status: 409, body: { code: 'review.not_reopenable' } });
  const other = await place(WRONG_SUM);
  const released = (await openOf(shop)).find((each: Body) => each.orderKey === other).id;
  await house.send('POST', `/v1/reviews/${released}:release`, {});
  expect(await house.send('POST', `/v1/reviews/${released}:reopen`, {})).toMatchObject({
    status: 409,
    body: { params: { state: 'released' } },
  });
});

describe('what a person has seen is what is decided', () => {
  test('when more fits by now than was previewed, nothing is decided; what was previewed and less is', async () => {
    await many(2, WRONG_SUM);
    const wish = { decision: 'reject', where: { reason: 'sum.payable /payable', shop } };
    const { cases, newest } = (await ask({ ...wish, dryRun: true })).body;
    const expected = { cases, newest };
    await place(WRONG_SUM);
    expect(await ask({ ...wish, expected })).toMatchObject({
      status: 409,
      body: { code: 'review_run.more_fits', params: { cases: 3, expected: 2 } },
    });
    const gone = (await openOf(shop)).at(-1).id;
    await house.send('POST', `/v1/reviews/${gone}:reject`, {});
    expect(await ask({ ...wish, expected })).toMatchObject({ status: 409 }); // as many as then, and not the same
    expect(await openOf(shop)).toHaveLength(2);
    const again = (await ask({ ...wish, dryRun: true })).body;
    const { id } = (await ask({ ...wish, expected: { cases: again.cases, newest: again.newest } })).body;
    expect(await ended(id)).toMatchObject({ cases: 2, accepted: 2 });
  });
});

describe('a run that is cancelled while cases of it are under way', () => {
  const begin = async (run: string, key: string): Promise<void> =>
    void (await house.house.db.query('update review_run_cases set begun = true where run_id = $1 and order_key = $2', [run, key]));
  const results = async (run: string): Promise<string[]> =>
    (await house.send('GET', `/v1/review-runs/${run}/results`)).body.items.map((each: Body) => each.result).toSorted();

  test('is owed how these end, also by whoever goes on after a crash; all of them can be taken back, whenever they ended', async () => {
    const [first, second] = (await many(3, WRONG_SUM)) as [string, string, string];
    const wish = { decision: 'reject', where: { reason: 'sum.payable /payable', shop } };
    const { id } = (await ask({ ...wish, startAfterSeconds: 600 })).body;
    await begin(id, first);
    await house.send('POST', `/v1/review-runs/${id}:cancel`, {});
    await waitUntil('the one that was begun has ended', async () => (await results(id))[0] === 'accepted');
    expect(await results(id)).toEqual(['accepted', 'waiting', 'waiting']);
    expect(await openOf(shop)).toHaveLength(2);
    const undo = async () => house.send('POST', `/v1/review-runs/${id}:undo`, {});
    const undone = await undo();
    expect(undone).toMatchObject({ status: 202, body: { cases: 1 } });
    await ended(undone.body.id);
    expect(await undo()).toMatchObject({ status: 409, body: { code: 'review_run.not_undoable' } });
    await begin(id, second); // and this one's end came late
    await waitUntil('it has ended too', async () => (await results(id))[1] === 'accepted');
    const later = await undo();
    expect(later).toMatchObject({ status: 202, body: { cases: 1 } });
    await ended(later.body.id);
    expect(await openOf(shop)).toHaveLength(3);
    expect((await house.send('GET', `/v1/review-runs/${id}`)).body).toMatchObject({ state: 'cancelled', accepted: 2 });
  });
});
