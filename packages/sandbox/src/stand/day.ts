/** A scripted day of sale (大促) on every platform of the stand, and afterwards the question whether Weir holds every order right. Time runs as fast as is asked for. */
import { NotPossible } from '../market/actions.ts';
import { type Held, whereItDiffers } from '../market/compare.ts';
import { type MarketMisbehaviour, WELL_BEHAVED_MARKET } from '../market/misbehaviour.ts';
import type { SimulatedPlatform } from '../market/platform.ts';
import { type Life, startLife } from './life.ts';
import type { Booth, Stand } from './stand.ts';

export interface DayOptions {
  /** How many times faster than written: at 20 the outage of 40 minutes lasts two. */
  readonly speed: number;
  /** Acts a second of all people together when it is calm; a hundred times as many at the peak. */
  readonly calmPerSecond: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly sleep: (ms: number) => Promise<void>;
  /** ms since 1970. */
  readonly now: () => number;
}
export interface Phase {
  /** Minutes since the day began, before it is made faster. */
  readonly from: number;
  readonly to: number;
  readonly zh: string;
  readonly en: string;
  /** Times the calm rate, at the beginning and at the end. */
  readonly load: readonly [from: number, to: number];
  readonly rates: Partial<MarketMisbehaviour>;
  /** The first platform is away: no call is answered, no message leaves. */
  readonly isOutage?: boolean;
}
const SALE = { duplicates: 0.3, lost: 0.05, reorder: 0.1 } as const;
export const PHASES: readonly Phase[] = [
  { from: 0, to: 10, zh: '平静', en: 'calm', load: [1, 1], rates: {} },
  { from: 10, to: 14, zh: '开场：几分钟内涨到 100 倍', en: 'it begins: to a hundred times within minutes', load: [1, 100], rates: SALE },
  { from: 14, to: 30, zh: '高峰：三成重复，百分之五丢失', en: 'the peak: 30% twice, 5% lost', load: [100, 100], rates: SALE },
  { from: 30, to: 70, zh: '一家平台中断 40 分钟', en: 'one platform is away for 40 minutes', load: [40, 20], rates: SALE, isOutage: true },
  {
    from: 70,
    to: 85,
    zh: '返场：限流、502、丢失的回答',
    en: 'encore: throttling, 502, lost answers',
    load: [60, 10],
    rates: { ...SALE, throttled: 0.05, serverErrors: 0.05, lostAnswers: 0.05 },
  },
  { from: 85, to: 90, zh: '收尾', en: 'the end', load: [5, 1], rates: {} },
];
/** All day, on the last platform: within what platforms take, and wrong all the same. */
const SKEW_MS = 240_000;
const STEP_MS = 250;

/** Lives the whole day; resolves when nothing more will happen at the platforms. */
export async function liveDay({ booths }: Stand, options: DayOptions): Promise<void> {
  const lives = booths.map(({ platform }, nth): Life => startLife(platform, { seed: options.seed + nth, ratePerSecond: 0 }));
  const startedAt = options.now();
  let spoken: Phase | undefined;
  let owed = 0;
  for (let minute = 0; minute < (PHASES.at(-1)?.to ?? 0); minute = ((options.now() - startedAt) / 60_000) * options.speed) {
    const phase = PHASES.find((each) => minute >= each.from && minute < each.to) as Phase;
    if (phase !== spoken) {
      begin(booths, phase);
      options.say(`${Math.floor(minute)} min  ${phase.zh} ${phase.en}`);
      spoken = phase;
    }
    const [from, to] = phase.load;
    const load = from + ((to - from) * (minute - phase.from)) / (phase.to - phase.from);
    owed += (options.calmPerSecond * load * STEP_MS) / 1_000;
    for (; owed >= 1; owed--) lives[Math.floor(owed) % lives.length]?.step();
    await options.sleep(STEP_MS);
  }
  for (const { platform } of booths) heal(platform);
}

function begin(booths: readonly Booth[], phase: Phase): void {
  for (const [nth, { platform }] of booths.entries()) {
    const isAway = phase.isOutage === true && nth === 0;
    const away = isAway ? { serverErrors: 1, lost: 1 } : {};
    const skew = nth === booths.length - 1 && booths.length > 1 ? { clockSkewMs: SKEW_MS } : {};
    platform.misbehave({ ...WELL_BEHAVED_MARKET, ...phase.rates, ...away, ...skew });
  }
}

/** Everybody goes home: no after-sale is left open for ever, every message that was not lost leaves. */
export function heal(platform: SimulatedPlatform): void {
  platform.misbehave(WELL_BEHAVED_MARKET);
  for (const { afterSales } of platform.shown(1_000_000))
    for (const each of afterSales.filter(({ isOpen }) => isOpen))
      try {
        if (platform.can('endCase')) platform.endCase(each.id, 'withdrawn');
        else platform.payBack(each.id);
      } catch (error) {
        if (!(error instanceof NotPossible)) throw error;
      }
  platform.mailbox.release();
}

/** Asks Weir's API. Null: it does not have it. */
export type Read = <T>(path: string) => Promise<T | null>;
export interface Difference {
  readonly channel: string;
  readonly id: string;
  readonly what: string;
}
const AT_ONCE = 8;

/** Every order of every platform against Weir; none when each of them is held once and right. */
export async function compareDay({ booths }: Stand, read: Read, among?: readonly Difference[]): Promise<Difference[]> {
  const wanted = booths.flatMap(({ known: { channel }, platform }) =>
    [...platform.truth()]
      .filter(([id, { isListed }]) => isListed && (among === undefined || among.some((each) => each.channel === channel && each.id === id)))
      .map(([id, truth]) => ({ channel, shop: platform.shop, id, truth })),
  );
  const found: Difference[] = [];
  const worker = async (): Promise<void> => {
    for (let next = wanted.pop(); next !== undefined; next = wanted.pop()) {
      const { channel, shop, id, truth } = next;
      const list = await read<{ items: { orderKey: string }[] }>(
        `/v1/orders?${new URLSearchParams({ channel, shop, channelOrderId: id })}`,
      );
      const [item] = list?.items ?? [];
      const held = item && (await read<Held>(`/v1/orders/${item.orderKey}`));
      const what = (list?.items.length ?? 0) > 1 ? 'held twice' : held ? whereItDiffers(held, truth) : 'not here';
      if (what !== '') found.push({ channel, id, what });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return found;
}
