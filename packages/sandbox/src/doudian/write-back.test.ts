import type { Answer, Call, WriteBack } from '@weir/connectors/adapter';
import { correctTracking, createClient, doudianAdapter } from '@weir/connectors/doudian';
import { afterEach, expect, test } from 'vitest';
import { APP, createSeller, handClock, SHOP } from './seller.test-support.ts';
import { createDouyin, type Douyin } from './server.ts';

const { tellShipped, writeOrderKey } = doudianAdapter.writeBack as Required<WriteBack>;
const orderOf = (id: string) => ({ kind: 'order', channel: 'douyin', shop: '1', id }) as const;
const NOW = 0;
const KEY = 'DY2026022200872A';
const opened: Douyin[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function world(seed: number) {
  const clock = handClock();
  const douyin = await createDouyin({ app: APP, shop: SHOP, seed, clock });
  opened.push(douyin);
  const seller = createSeller(douyin.url, clock);
  const client = createClient({ app: APP, send: fetch, now: () => clock.now(), baseUrl: douyin.url });
  /** One try with the token of now, as the server's own. */
  const ask = async (call: Call): Promise<Answer> => client.call(call, await seller.token());
  const id = douyin.place({ lines: 2 });
  clock.move(1_000);
  douyin.pay(id);
  clock.move(1_000);
  return { clock, douyin, ask, id, lines: douyin.truth().get(id)?.lines ?? [] };
}
type World = Awaited<ReturnType<typeof world>>;
const parcel = ({ lines }: World, trackingNumber: string, more: object = {}) => ({
  id: 'p1',
  carrier: 'shunfeng',
  trackingNumber,
  former: [],
  lines: lines.map(([lineId, quantity]) => ({ lineId, quantity })),
  requestId: `r-${trackingNumber}`,
  ...more,
});
const parcelsOf = ({ douyin, id }: World) => douyin.shown(9).find((order) => order.id === id)?.parcels ?? [];
const numbers = (here: World): string[] => parcelsOf(here).map((each) => each.trackingNumber);
const shippedCalls = ({ douyin }: World): number => douyin.calls().filter(({ method }) => method.startsWith('order.logistics')).length;

test('lines leave in several parcels, each once, however often they are told', async () => {
  const here = await world(1);
  const [first, second] = here.lines;
  const parcels = [
    parcel(here, 'SF1', { lines: [{ lineId: first?.[0], quantity: 1 }] }),
    parcel(here, 'SF2', { id: 'p2', lines: [{ lineId: second?.[0], quantity: 1 }] }),
  ];
  const told = await tellShipped(here.ask, orderOf(here.id), parcels, NOW);
  expect(told).toMatchObject({ done: true, packIds: { p1: expect.any(String), p2: expect.any(String) } });
  expect(await tellShipped(here.ask, orderOf(here.id), parcels, NOW)).toMatchObject({ done: true });
  expect(numbers(here)).toEqual(['SF1', 'SF2']);
  expect(shippedCalls(here)).toBe(2);
});

test('what somebody told the channel already is not told again, also with another spelling', async () => {
  const here = await world(2);
  here.douyin.ship(here.id, { carrier: 'shunfeng', trackingNumber: 'SF1' });
  expect(await tellShipped(here.ask, orderOf(here.id), [parcel(here, 'sf1')], NOW)).toMatchObject({ done: true });
  expect(shippedCalls(here)).toBe(0);
});

test('what came into a parcel after it was told is told under its number, once, and the whole of it can be corrected', async () => {
  const here = await world(2);
  const [first] = parcel(here, 'SF1').lines;
  const part = parcel(here, 'SF1', { lines: [{ ...first, quantity: 1 }] });
  const { packIds } = await tellShipped(here.ask, orderOf(here.id), [part], NOW);
  const whole = parcel(here, 'SF1', { packId: packIds['p1'] });
  for (let again = 0; again < 2; again++)
    expect(await tellShipped(here.ask, orderOf(here.id), [whole], NOW)).toEqual({ done: true, packIds: {} });
  expect(here.douyin.truth().get(here.id)?.stage).toBe('shipped');
  expect(shippedCalls(here)).toBe(2);
  const corrected = { ...whole, trackingNumber: 'SF2', former: ['SF1'] };
  expect(await tellShipped(here.ask, orderOf(here.id), [corrected], NOW)).toMatchObject({ done: true });
  expect(numbers(here)).toEqual(['SF2', 'SF2']);
});

test('shipped by somebody else under other numbers is no success: a person compares', async () => {
  const here = await world(3);
  here.douyin.ship(here.id, { carrier: 'shunfeng', trackingNumber: 'THEIRS' });
  expect(await tellShipped(here.ask, orderOf(here.id), [parcel(here, 'OURS')], NOW)).toMatchObject({
    done: false,
    cause: 'shipped_otherwise',
    next: 'person',
  });
});

test('a corrected number replaces the old one at the channel, of several parcels the right one', async () => {
  const here = await world(4);
  const [first, second] = here.lines;
  const one = parcel(here, 'SF1', { lines: [{ lineId: first?.[0], quantity: 1 }] });
  const two = parcel(here, 'SF2', { id: 'p2', lines: [{ lineId: second?.[0], quantity: 1 }] });
  const told = await tellShipped(here.ask, orderOf(here.id), [one, two], NOW);
  const packId = told.packIds['p2'];
  const right = { ...two, trackingNumber: 'SF9', former: ['SF2'], requestId: 'r-SF9', ...(packId === undefined ? {} : { packId }) };
  expect(await tellShipped(here.ask, orderOf(here.id), [one, right], NOW)).toMatchObject({ done: true });
  expect(numbers(here)).toEqual(['SF1', 'SF9']);
});

test('a corrected carrier under the same number replaces the old one, once', async () => {
  const here = await world(10);
  await tellShipped(here.ask, orderOf(here.id), [parcel(here, 'SF1')], NOW);
  const right = parcel(here, 'SF1', { carrier: 'yuantong', requestId: 'r-2' });
  for (let again = 0; again < 2; again++) expect(await tellShipped(here.ask, orderOf(here.id), [right], NOW)).toMatchObject({ done: true });
  expect(parcelsOf(here)).toMatchObject([{ carrier: 'yuantong', trackingNumber: 'SF1' }]);
  expect(shippedCalls(here)).toBe(2);
});

test.each(['顺丰', '12', ''])(
  'a carrier that the platform tells otherwise than by its code, as %j, is no other carrier',
  async (company) => {
    const here = await world(14);
    await tellShipped(here.ask, orderOf(here.id), [parcel(here, 'SF1')], NOW);
    const told: typeof here.ask = async (call) => {
      const answer = await here.ask(call);
      if (!answer.ok) return answer;
      const text = JSON.stringify(answer.data).replaceAll('"company":"shunfeng"', `"company":"${company}"`);
      return { ...answer, data: JSON.parse(text) as typeof answer.data };
    };
    expect(await tellShipped(told, orderOf(here.id), [parcel(here, 'SF1', { carrier: 'yuantong' })], NOW)).toMatchObject({ done: true });
    expect(shippedCalls(here)).toBe(1);
  },
);

test('what was told in packs is corrected by pack, also of an order in one parcel whose number there we never heard', async () => {
  const here = await world(9);
  expect(await tellShipped(here.ask, orderOf(here.id), [parcel(here, 'SF1')], NOW)).toMatchObject({ done: true });
  const right = parcel(here, 'SF2', { former: ['SF1'] });
  expect(await tellShipped(here.ask, orderOf(here.id), [right], NOW)).toMatchObject({ done: true });
  expect(numbers(here)).toEqual(['SF2']);
  const { trackingNumber, carrier } = right;
  expect(await here.ask(correctTracking(here.id, { trackingNumber, carrier }))).toMatchObject({
    ok: false,
    failure: { subCode: 'isv.business-failed:70011' },
  });
});

test('every no of the platform is a cause in words, and says whether time alone may settle it', async () => {
  const here = await world(5);
  here.douyin.askRefund(here.id);
  expect(await tellShipped(here.ask, orderOf(here.id), [parcel(here, 'SF1')], NOW)).toMatchObject({
    cause: 'after_sale_open',
    next: 'later',
  });
  const unpaid = here.douyin.place({ lines: 2 });
  expect(await tellShipped(here.ask, orderOf(unpaid), [parcel(here, 'SF1')], NOW)).toMatchObject({ cause: 'unpaid_there', next: 'person' });
  here.clock.move(1_000);
  here.douyin.cancel(unpaid);
  expect(await tellShipped(here.ask, orderOf(unpaid), [parcel(here, 'SF1')], NOW)).toMatchObject({ cause: 'ended_there', next: 'person' });
});

test('the order key joins the note of the seller once, and nobody’s words are lost', async () => {
  const here = await world(6);
  here.douyin.writeNote(here.id, '加急，  老客户');
  expect(await writeOrderKey(here.ask, orderOf(here.id), KEY)).toMatchObject({ done: true });
  expect(await writeOrderKey(here.ask, orderOf(here.id), KEY)).toMatchObject({ done: true });
  expect(here.douyin.noteOf(here.id)).toBe(`加急，  老客户 【堰:${KEY}】`);
  expect(here.douyin.calls().filter(({ method }) => method === 'order.addOrderRemark')).toHaveLength(1);
});

test.each([11, 12, 13])(
  'seed %i: through throttling, gateway errors and lost answers, tried until done, each parcel is there once',
  async (seed) => {
    const here = await world(seed);
    const [first, second] = here.lines;
    here.douyin.writeNote(here.id, '易碎');
    await here.ask({ method: 'warm.up', params: {} });
    here.douyin.misbehave({ throttled: 0.2, serverErrors: 0.2, lostAnswers: 0.3 });
    const parcels = [
      parcel(here, 'SF1', { lines: [{ lineId: first?.[0], quantity: 1 }] }),
      parcel(here, 'SF2', { id: 'p2', lines: [{ lineId: second?.[0], quantity: 1 }] }),
    ];
    const untilDone = async (run: () => ReturnType<typeof writeOrderKey>): Promise<void> => {
      for (let tried = 0; tried < 200; tried++) {
        const told = await run();
        if (told.done) return;
        expect(told).toMatchObject({ next: 'later' });
      }
      throw new Error('never done');
    };
    await untilDone(() => tellShipped(here.ask, orderOf(here.id), parcels, NOW));
    await untilDone(() => writeOrderKey(here.ask, orderOf(here.id), KEY));
    here.douyin.misbehave({ throttled: 0, serverErrors: 0, lostAnswers: 0 });
    await untilDone(() =>
      tellShipped(
        here.ask,
        orderOf(here.id),
        [parcels[0], { ...parcels[1], trackingNumber: 'SF3', former: ['SF2'] }] as typeof parcels,
        NOW,
      ),
    );
    expect(numbers(here)).toEqual(['SF1', 'SF3']);
    expect(here.douyin.noteOf(here.id)).toBe(`易碎 【堰:${KEY}】`);
  },
);

test('a parcel that leaves in the same breath does not hide which one is corrected', async () => {
  const here = await world(8);
  const [first, second] = here.lines;
  const one = parcel(here, 'SF1', { lines: [{ lineId: first?.[0], quantity: 1 }] });
  expect(await tellShipped(here.ask, orderOf(here.id), [one], NOW)).toMatchObject({ done: true });
  const two = parcel(here, 'SF2', { id: 'p2', lines: [{ lineId: second?.[0], quantity: 1 }] });
  const right = { ...one, trackingNumber: 'SF3', former: ['SF1'], requestId: 'r-SF3' };
  expect(await tellShipped(here.ask, orderOf(here.id), [two, right], NOW)).toMatchObject({ done: true });
  expect(numbers(here).toSorted()).toEqual(['SF2', 'SF3']);
});
