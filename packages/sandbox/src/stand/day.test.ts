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
/** Two platforms may have an order of the same id. */
const keyOf = (channel: string | null, id: string): string => encodeURIComponent(`${channel} ${id}`);
/** Weir as it should be: whatever the platforms hold. */
const mirror =
  ({ booths }: Stand, wrong: (key: string) => object = () => ({})) =>
  async <T>(path: string): Promise<T | null> => {
    const asked = new URL(path, 'http://x').searchParams;
    const id = asked.get('channelOrderId');
    if (id !== null) return { items: [{ orderKey: keyOf(asked.get('channel'), id) }] } as T;
    const key = path.slice('/v1/orders/'.length);
    const [channel, of = ''] = decodeURIComponent(key).split(' ');
    const truth = booths
      .find(({ known }) => known.channel === channel)
      ?.platform.truth()
      .get(of);
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
  const [first] = stand.booths;
  const [id = ''] = [...(first?.platform.truth().keys() ?? [])];
  const wrong = await compareDay(
    stand,
    mirror(stand, (key) => (key === keyOf(first?.known.channel ?? '', id) ? { paid: '0.01' } : {})),
  );
  expect(wrong).toMatchObject([{ id, what: expect.stringContaining('paid 0.01 instead of') }]);
  expect(await compareDay(stand, mirror(stand), wrong)).toEqual([]);
  const nothing = await compareDay(stand, async () => null);
  expect(nothing.length).toBe(
    stand.booths.reduce((sum, { platform }) => sum + [...platform.truth().values()].filter((each) => each.isListed).length, 0),
  );
});
