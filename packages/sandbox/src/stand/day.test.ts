/** The scripted day against a Weir that is only a mirror: what the script does, and that the comparison finds what is wrong. */
import { afterEach, expect, test } from 'vitest';
import { STATUS_OF, yuanOf } from '../market/compare.ts';
import { compareDay, liveDay, PHASES } from './day.ts';
import { openStand, type Stand } from './stand.ts';

const opened: Stand[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

async function day(): Promise<{ stand: Stand; said: string[] }> {
  let now = Date.parse('2026-11-11T00:00:00+08:00');
  const clock = { now: () => now, sleep: async (ms: number) => void (now += ms) };
  const stand = await openStand({ seed: 7, clock });
  opened.push(stand);
  const said: string[] = [];
  await liveDay(stand, { speed: 20, calmPerSecond: 0.4, seed: 1, say: (line) => void said.push(line), ...clock });
  return { stand, said };
}
/** Weir as it should be: whatever the platforms hold. */
const mirror =
  ({ booths }: Stand, wrong: (id: string) => object = () => ({})) =>
  async <T>(path: string): Promise<T | null> => {
    const id = new URL(path, 'http://x').searchParams.get('channelOrderId');
    if (id !== null) return { items: [{ orderKey: encodeURIComponent(id) }] } as T;
    const key = decodeURIComponent(path.slice('/v1/orders/'.length));
    const truth = booths.map(({ platform }) => platform.truth().get(key)).find((each) => each !== undefined);
    if (truth === undefined) return null;
    const lines = truth.lines.map(([lineId, quantity, shipped]) => ({ lineId, quantity, shipped }));
    const money = { payable: yuanOf(truth.payableFen), paid: yuanOf(truth.paidFen), refunded: yuanOf(truth.refundedFen) };
    return { status: STATUS_OF[truth.stage], ...money, lines, holds: [], ...wrong(key) } as T;
  };

test('every phase is lived through in turn, the peak is a hundred times the calm, and all faults are over at the end', async () => {
  const { stand, said } = await day();
  expect(said.length).toBe(PHASES.length);
  expect(Math.max(...PHASES.flatMap(({ load }) => load))).toBe(100);
  const orders = stand.booths.map(({ platform }) => platform.truth().size);
  expect(Math.min(...orders)).toBeGreaterThan(50);
  for (const { platform } of stand.booths) {
    expect(Object.values(platform.rates()).every((rate) => rate === 0)).toBe(true);
    expect(platform.shown(10_000).flatMap(({ afterSales }) => afterSales.filter(({ isOpen }) => isOpen))).toEqual([]);
  }
});

test('the comparison is content with what is right, and names what is missing or wrong', async () => {
  const { stand } = await day();
  expect(await compareDay(stand, mirror(stand))).toEqual([]);
  const [id = ''] = [...(stand.booths[0]?.platform.truth().keys() ?? [])];
  const wrong = await compareDay(
    stand,
    mirror(stand, (each) => (each === id ? { paid: '0.01' } : {})),
  );
  expect(wrong).toMatchObject([{ id, what: expect.stringContaining('paid 0.01 instead of') }]);
  expect(await compareDay(stand, mirror(stand), wrong)).toEqual([]);
  const nothing = await compareDay(stand, async () => null);
  expect(nothing.length).toBe(
    stand.booths.reduce((sum, { platform }) => sum + [...platform.truth().values()].filter((each) => each.isListed).length, 0),
  );
});
