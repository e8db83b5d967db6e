/** What the suite for all channels does not ask of Taobao: parts of lines, shipping once more, the flag beside the memo, opening a receiver, weeks of a life with the seller shipping. */
import type { LeftParcel } from '@weir/connectors/adapter';
import { taobaoAdapter } from '@weir/connectors/taobao';
import { afterEach, describe, expect, test } from 'vitest';
import { differences, HOUR, openWorld, SECOND, type World } from '../conformance/world.test-support.ts';
import { NotPossible } from '../market/index.ts';
import { createDice } from '../random.ts';
import { createTaobao, taobaoApp } from './index.ts';

const SHOP = '2200000000001';
const candidate = (messages: 'queue' | 'socket') => ({
  adapter: taobaoAdapter,
  app: taobaoApp(1, messages),
  shop: SHOP,
  carrier: 'SF',
  open: createTaobao,
});
const open: World[] = [];
async function world(seed: number, messages: 'queue' | 'socket' = 'queue'): Promise<World> {
  const made = await openWorld(candidate(messages), seed);
  open.push(made);
  return made;
}
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

const tell = ({ seller, clock }: World, id: string, parcels: readonly LeftParcel[]) => {
  const told = taobaoAdapter.writeBack?.tellShipped(seller.ask, seller.subjectOf(id), parcels, clock.now());
  if (told === undefined) throw new Error('no write-back');
  return told;
};
const parcel = (trackingNumber: string, lines: LeftParcel['lines'], former: readonly string[] = []): LeftParcel => ({
  id: trackingNumber,
  carrier: 'SF',
  trackingNumber,
  former,
  lines,
  requestId: `r-${trackingNumber}`,
});
const numbers = ({ platform }: World, id: string): string[] =>
  (platform.shown(1_000).find((order) => order.id === id)?.parcels ?? []).map((each) => each.trackingNumber);
/** Paid, with a line of three pieces and at least another line. */
function bigOrder({ platform }: World): { readonly id: string; readonly lines: readonly (readonly [string, number, number])[] } {
  for (;;) {
    const id = platform.place({ lines: 2 });
    const lines = platform.truth().get(id)?.lines ?? [];
    if (!lines.some(([, quantity]) => quantity === 3)) continue;
    platform.pay(id);
    return { id, lines: lines.toSorted((a, b) => b[1] - a[1]) };
  }
}

describe('telling Taobao what left', () => {
  test('pieces of a line in two parcels, then the rest: however often it is told, it is there once and the trade is complete', async () => {
    const here = await world(1);
    const { id, lines } = bigOrder(here);
    const [[big], [small, few]] = lines as [readonly [string, number, number], readonly [string, number, number]];
    const parcels = [
      parcel('SF1', [{ lineId: big, quantity: 1 }]),
      parcel('SF2', [{ lineId: big, quantity: 2 }]),
      parcel('SF3', [{ lineId: small, quantity: few }]),
    ];
    expect(await tell(here, id, parcels.slice(0, 1))).toMatchObject({ done: true });
    expect(here.platform.truth().get(id)?.stage).toBe('partly_shipped');
    expect(await tell(here, id, parcels.slice(0, 2))).toMatchObject({ done: true });
    expect(await tell(here, id, parcels)).toMatchObject({ done: true });
    expect(await tell(here, id, parcels)).toMatchObject({ done: true });
    expect(numbers(here, id)).toEqual(['SF1', 'SF2', 'SF3']);
    expect(here.platform.truth().get(id)?.stage).toBe('shipped');
  });
  test('a part of a line whose answer was lost is not told twice', async () => {
    const here = await world(15);
    const { id, lines } = bigOrder(here);
    const first = parcel('SF1', [{ lineId: lines[0]?.[0] ?? '', quantity: 1 }]);
    await tell(here, id, [first]);
    expect(await tell(here, id, [first])).toMatchObject({ done: true });
    expect(numbers(here, id)).toEqual(['SF1']);
  });
  test('the first of several parcels gets another number before the others have left', async () => {
    const here = await world(16);
    const { id, lines } = bigOrder(here);
    const first = parcel('SF1', [{ lineId: lines[0]?.[0] ?? '', quantity: lines[0]?.[1] ?? 0 }]);
    await tell(here, id, [first]);
    expect(await tell(here, id, [{ ...first, trackingNumber: 'SF9', former: ['SF1'] }])).toMatchObject({ done: true });
    expect(numbers(here, id)).toEqual(['SF9']);
  });
  test('one parcel of several gets another number', async () => {
    const here = await world(2);
    const { id, lines } = bigOrder(here);
    const parcels = lines.map(([lineId, quantity], i) => parcel(`SF${i + 1}`, [{ lineId, quantity }]));
    await tell(here, id, parcels);
    const [first, second] = parcels as [LeftParcel, LeftParcel];
    expect(await tell(here, id, [first, { ...second, trackingNumber: 'SF9', former: ['SF2'] }])).toMatchObject({ done: true });
    expect(numbers(here, id)).toEqual(['SF1', 'SF9']);
  });
  test('a parcel that gets more lines under its number: the trade is complete there, and it is told once', async () => {
    const here = await world(7);
    const { id, lines } = bigOrder(here);
    const pieces = lines.map(([lineId, quantity]) => ({ lineId, quantity }));
    expect(await tell(here, id, [parcel('SF1', pieces.slice(0, 1))])).toMatchObject({ done: true });
    expect(here.platform.truth().get(id)?.stage).toBe('partly_shipped');
    expect(await tell(here, id, [parcel('SF1', pieces)])).toMatchObject({ done: true });
    expect(here.platform.truth().get(id)?.stage).toBe('shipped');
    const before = numbers(here, id);
    expect(await tell(here, id, [parcel('SF1', pieces)])).toMatchObject({ done: true });
    expect(numbers(here, id)).toEqual(before);
  });
  test('another carrier under the same number: it stands there, and telling it again changes nothing', async () => {
    const here = await world(10);
    const { id, lines } = bigOrder(here);
    const whole = (carrier: string) => ({
      ...parcel(
        'SF1',
        lines.map(([lineId, quantity]) => ({ lineId, quantity })),
      ),
      carrier,
    });
    const carriers = () =>
      here.platform
        .shown(1_000)
        .find((order) => order.id === id)
        ?.parcels.map(({ carrier }) => carrier);
    await tell(here, id, [whole('ZTO')]);
    expect(await tell(here, id, [whole('SF')])).toMatchObject({ done: true });
    expect(carriers()).toEqual(['SF']);
    const before = here.platform.truth().get(id)?.updatedAt;
    expect(await tell(here, id, [whole('SF')])).toMatchObject({ done: true });
    expect(here.platform.truth().get(id)?.updatedAt).toBe(before);
  });
  test('somebody shipped a line of our parcel on the platform’s pages: the others follow', async () => {
    const here = await world(8);
    const { id, lines } = bigOrder(here);
    const pieces = lines.map(([lineId, quantity]) => ({ lineId, quantity }));
    here.platform.ship(id, { carrier: 'SF', trackingNumber: 'SF1', lines: pieces.slice(0, 1) });
    expect(await tell(here, id, [parcel('SF1', pieces)])).toMatchObject({ done: true });
    expect(here.platform.truth().get(id)?.stage).toBe('shipped');
  });
  test('a parcel told in part that then holds the whole line: a person completes it there', async () => {
    const here = await world(9);
    const { id, lines } = bigOrder(here);
    const [[big]] = lines as [readonly [string, number, number]];
    expect(await tell(here, id, [parcel('SF1', [{ lineId: big, quantity: 1 }])])).toMatchObject({ done: true });
    expect(await tell(here, id, [parcel('SF1', [{ lineId: big, quantity: 3 }])])).toMatchObject({ done: false, next: 'person' });
  });
  test('sent once more: beside the parcel that stands there', async () => {
    const here = await world(3);
    const { id, lines } = bigOrder(here);
    const all = parcel(
      'SF1',
      lines.map(([lineId, quantity]) => ({ lineId, quantity })),
    );
    await tell(here, id, [all]);
    const again = [all, parcel('SF2', [{ lineId: lines[0]?.[0] ?? '', quantity: 1 }])];
    expect(await tell(here, id, again)).toMatchObject({ done: true });
    expect(await tell(here, id, again)).toMatchObject({ done: true });
    expect(numbers(here, id)).toEqual(['SF1', 'SF2']);
  });
  test('a carrier that the platform does not know, and a number of another trade', async () => {
    const here = await world(4);
    const [one, two] = [bigOrder(here), bigOrder(here)];
    const whole = (number: string, { lines }: typeof one) =>
      parcel(
        number,
        lines.map(([lineId, quantity]) => ({ lineId, quantity })),
      );
    expect(await tell(here, one.id, [{ ...whole('SF1', one), carrier: 'nobody' }])).toMatchObject({
      cause: 'carrier_wrong',
      next: 'person',
    });
    await tell(here, one.id, [whole('SF1', one)]);
    expect(await tell(here, two.id, [whole('SF1', two)])).toMatchObject({ cause: 'number_used', next: 'person' });
  });
});

test('a difference in price goes back before the goods leave: the line waits only until then, and is told', async () => {
  const here = await world(13);
  const { id, lines } = bigOrder(here);
  const asked = here.platform.askRefund(id, { lineId: lines[0]?.[0] ?? '', fen: 100 });
  const all = parcel(
    'SF1',
    lines.map(([lineId, quantity]) => ({ lineId, quantity })),
  );
  const signs = async () => (await here.seller.fetch(id)).messages[0]?.doNotShip?.length;
  expect([await signs(), await tell(here, id, [all])]).toMatchObject([1, { cause: 'after_sale_open', next: 'later' }]);
  here.platform.payBack(asked);
  expect([await signs(), await tell(here, id, [all])]).toMatchObject([0, { done: true }]);
});
test('all of a line’s price goes back before it leaves: it is not told', async () => {
  const here = await world(14);
  const { id, lines } = bigOrder(here);
  here.platform.payBack(here.platform.askRefund(id, { lineId: lines[0]?.[0] ?? '' }));
  const all = parcel(
    'SF1',
    lines.map(([lineId, quantity]) => ({ lineId, quantity })),
  );
  expect(await tell(here, id, [all])).toMatchObject({ cause: 'ended_there', next: 'person' });
});

test('a receiver is opened for the token that the order has now, and for no other', async () => {
  const here = await world(5);
  const { id } = bigOrder(here);
  const tokenOf = async () => (await here.seller.fetch(id)).messages[0]?.receiver?.token ?? '';
  const before = await tokenOf();
  const ask = (token: string) => taobaoAdapter.openReceiver?.(here.seller.ask, here.seller.subjectOf(id), token);
  expect(await ask(before)).toMatchObject({ ok: true, value: { phone: expect.stringMatching(/^1540000\d{4}$/) } });
  here.clock.move(SECOND);
  here.platform.changeAddress(id);
  expect(await tokenOf()).not.toBe(before);
  expect(await ask(before)).toMatchObject({ ok: false, failure: { subCode: 'not_matched' } });
});

test('an app whose clock or secret is wrong is let in by no socket', async () => {
  const here = await world(6, 'socket');
  const talk = taobaoAdapter.socket?.open({ ...here.platform.app, secret: 'another' });
  const connection = new WebSocket(taobaoAdapter.socket?.address(here.platform.app, here.clock.now(), here.platform.url) ?? '');
  connection.binaryType = 'arraybuffer';
  const broken = new Promise<string | undefined>((resolve) => {
    connection.addEventListener('message', ({ data }) => resolve(talk?.hear(new Uint8Array(data as ArrayBuffer), here.clock.now()).broken));
  });
  connection.addEventListener('open', () => {
    for (const frame of talk?.begin(here.clock.now()) ?? []) connection.send(new Uint8Array(frame as Uint8Array));
  });
  expect(await broken).toContain('401');
  connection.close();
});

test('a line that the seller closes before payment: the others are paid for, sent and finished', async () => {
  const made = await world(12);
  const id = made.platform.place({ lines: 3, promotion: 'told' });
  const [[lineId] = [''], ...others] = made.platform.truth().get(id)?.lines ?? [];
  made.platform.closeLine(id, lineId);
  await made.bring();
  await made.seller.follow();
  expect(differences(made)).toEqual([]);
  made.platform.pay(id);
  made.clock.move(SECOND);
  await made.seller.sweep(made.everything());
  expect(differences(made)).toEqual([]);
  const all = parcel(
    'SF1',
    others.map(([each, quantity]) => ({ lineId: each, quantity })),
  );
  expect(() => made.platform.ship(id, { ...all, lines: [{ lineId, quantity: 1 }] })).toThrow(NotPossible);
  expect(() => made.platform.askRefund(id, { lineId, fen: 1 })).toThrow(NotPossible);
  expect(await tell(made, id, [all])).toMatchObject({ done: true });
  expect(made.platform.truth().get(id)?.stage).toBe('shipped');
});

/** One thing that somebody does; what is not possible just now is left. */
async function live(here: World, dice: ReturnType<typeof createDice>, ids: string[], cases: string[], nth: number): Promise<void> {
  const { platform } = here;
  const id = dice.pick(ids);
  const [lineId, quantity] = dice.pick(platform.truth().get(id)?.lines ?? []);
  const acts: readonly (() => unknown)[] = [
    () => ids.push(platform.place({ isPresale: dice.chance(0.3) })),
    () => ids.push(platform.place({ promotion: dice.pick(['none', 'told', 'untold'] as const) })),
    () => platform.payDeposit(id),
    () => platform.pay(id, { underCheck: dice.chance(0.2) }),
    () => platform.release(id),
    () => platform.changeAddress(id),
    () => dice.chance(0.2) && platform.cancel(id),
    () => cases.push(platform.askRefund(id, { lineId })),
    () => cases.length > 0 && platform.agree(dice.pick(cases)),
    () => cases.length > 0 && dice.chance(0.4) && platform.payBack(dice.pick(cases)),
    () => cases.length > 0 && platform.endCase(dice.pick(cases), dice.pick(['withdrawn', 'refused'] as const)),
    () => platform.finish(id),
    () => tell(here, id, [parcel(`SF${nth}`, [{ lineId, quantity }])]),
  ];
  try {
    await dice.pick(acts)();
  } catch (error) {
    if (!(error instanceof NotPossible)) throw error;
  }
}
test.each([
  [1, 'queue'],
  [2, 'socket'],
  [3, 'queue'],
] as const)('seed %i, by %s: weeks with deposits, refunds and parcels end with every trade right', async (seed, messages) => {
  const here = await world(seed, messages);
  const dice = createDice(seed + 500);
  const [ids, cases]: [string[], string[]] = [[here.platform.place()], []];
  here.platform.misbehave({
    duplicates: 0.2,
    reorder: 0.2,
    delayMs: HOUR,
    lost: 0.2,
    throttled: 0.05,
    lostAnswers: 0.05,
    pagingDrift: 0.1,
  });
  for (let step = 0; step < 300; step++) {
    await live(here, dice, ids, cases, step);
    here.clock.move(dice.between(1, 600) * SECOND);
    if (step % 20 === 0) await here.bring();
  }
  here.platform.misbehave({ duplicates: 0, reorder: 0, delayMs: 0, lost: 0, throttled: 0, lostAnswers: 0, pagingDrift: 0 });
  here.clock.move(HOUR);
  here.platform.mailbox.release();
  await here.bring();
  await here.seller.follow();
  await here.seller.sweep(here.everything());
  expect(differences(here)).toEqual([]);
  expect(new Set([...here.platform.truth().values()].map(({ stage }) => stage)).size).toBeGreaterThan(4);
});

test.each([1, 2])('an order of which %i lines were closed is cancelled before payment', async (closed) => {
  const made = await world(12);
  const id = made.platform.place({ lines: 3, promotion: 'told' });
  for (const [lineId] of (made.platform.truth().get(id)?.lines ?? []).slice(0, closed)) made.platform.closeLine(id, lineId);
  await made.bring();
  await made.seller.follow();
  expect(differences(made)).toEqual([]);
  made.platform.cancel(id);
  await made.bring();
  await made.seller.follow();
  expect(differences(made)).toEqual([]);
});

test('a line comes into a parcel that left, and the parcel is corrected: both lines stand under the new number', async () => {
  const made = await world(12);
  const id = made.platform.place({ lines: 2 });
  made.platform.pay(id);
  await made.bring();
  await made.seller.follow();
  const [[first, one] = ['', 0], [second, two] = ['', 0]] = made.platform.truth().get(id)?.lines ?? [];
  const lines = [
    { lineId: first, quantity: one },
    { lineId: second, quantity: two },
  ];
  expect(await tell(made, id, [parcel('SF1', lines.slice(0, 1))])).toMatchObject({ done: true });
  expect(await tell(made, id, [parcel('SF1', lines)])).toMatchObject({ done: true });
  expect(await tell(made, id, [{ ...parcel('SF2', lines, ['SF1']), id: 'SF1' }])).toMatchObject({ done: true });
  const [order] = made.platform.shown(1);
  expect(order).toMatchObject({ stage: 'shipped', parcels: [{ trackingNumber: 'SF2' }, { trackingNumber: 'SF2' }] });
});

test('a line comes into one parcel and its other pieces into another: it is complete there when both are told, in either order', async () => {
  for (const inOrder of [true, false]) {
    const made = await world(12);
    const id = made.platform.place({ lines: 3 });
    made.platform.pay(id);
    await made.bring();
    await made.seller.follow();
    const [more, ...others] = (made.platform.truth().get(id)?.lines ?? []).toSorted((a, b) => b[1] - a[1]);
    const [lineId = '', quantity = 0] = more ?? [];
    expect(quantity).toBeGreaterThan(1);
    const rest = others.map(([each, pieces]) => ({ lineId: each, quantity: pieces }));
    expect(await tell(made, id, [parcel('SF1', rest)])).toMatchObject({ done: true });
    const parcels = [parcel('SF1', [...rest, { lineId, quantity: 1 }]), parcel('SF2', [{ lineId, quantity: quantity - 1 }])];
    expect(await tell(made, id, inOrder ? parcels : parcels.toReversed())).toMatchObject({ done: true });
    expect(made.platform.truth().get(id)?.stage).toBe('shipped');
  }
});

test('a price that the seller changes before payment: what is paid, asked back and closed counts by the new one', async () => {
  const made = await world(12);
  const id = made.platform.place({ lines: 3, promotion: 'told' });
  const [[first] = [''], [second] = ['']] = made.platform.truth().get(id)?.lines ?? [];
  const follow = async (): Promise<void> => {
    await made.bring();
    await made.seller.follow();
    expect(differences(made)).toEqual([]);
  };
  const before = made.platform.truth().get(id)?.payableFen ?? 0;
  made.platform.changePrice(id, { lineId: first, fen: 333 });
  await follow();
  made.platform.changePrice(id, { lineId: first, fen: 500 });
  await follow();
  expect(made.platform.truth().get(id)?.payableFen).toBe(before - 500);
  made.platform.closeLine(id, second);
  await follow();
  made.platform.pay(id);
  await follow();
  made.platform.payBack(made.platform.askRefund(id, { lineId: first }));
  await follow();
});
