/** What the hub holds of the channels' orders, against the platforms' own books. */
import { type Held, whereItDiffers, whereItDiffersButForParcels } from '@weir/sandbox/market';
import { PLATFORMS } from '@weir/sandbox/stand';
import type { Evidence } from './evidence.ts';
import type { Finding } from './judge.ts';
import { NOTE, sentElsewhere } from './platform-deeds.ts';
import { nameOf, type Shown } from './platforms.ts';

const CHANNELS: ReadonlySet<string> = new Set(PLATFORMS.map(({ channel }) => channel));

export function theyAgree({ platform, held, unshipped, readdressed }: Evidence): Finding[] {
  const ours = held.filter(({ item }) => CHANNELS.has(item.channel));
  const say = (what: string): Finding => ({ rule: 'the platform and the hub agree', what });
  const unknown = ours
    .filter(({ item }) => !platform.has(nameOf(item.channel, item.channelOrderId)))
    .map(({ item }) => say(`${item.channelOrderId} is not the platform's`));
  return [
    ...unknown,
    ...[...platform].flatMap(([name, truth]) => {
      const there = ours.filter(({ item }) => nameOf(item.channel, item.channelOrderId) === name);
      const [only] = there;
      if (only === undefined || there.length > 1) return [say(`${name} is held ${there.length} times`)];
      const compare = unshipped.has(name) ? whereItDiffersButForParcels : whereItDiffers;
      const seen = { ...(only.state as Held), personal: only.masked };
      const differs = compare(seen, readdressed.has(name) ? sentElsewhere(seen, truth) : truth);
      return differs === '' ? [] : [say(`${name}: ${differs}`)];
    }),
  ];
}

/**
 * What only a race can bring about: the order ended at the platform, or somebody shipped there, while we were shipping. And what a platform cannot do: Taobao
 * corrects by line, so not one of several parcels with pieces of the same; WeChat takes one correction.
 */
const MAY_BE_REFUSED: ReadonlySet<string> = new Set(['ended_there', 'shipped_otherwise', 'refused parcels ambiguous', 'corrections_used']);
interface Numbers {
  readonly carrier: string;
  readonly trackingNumber: string;
}
const numbersOf = (parcels: readonly Numbers[]): string[] => [...new Set(parcels.map((parcel) => parcel.trackingNumber))].toSorted();
/** What came into a parcel later may stand there as one of its own, under the same number: then with other lines. */
const isDoubled = (parcels: Shown['parcels']): boolean =>
  [...Map.groupBy(parcels, ({ trackingNumber }) => trackingNumber).values()].some((named) => {
    const lines = named.flatMap((each) => (each.lines.length === 0 ? ['any'] : each.lines.map(({ lineId }) => lineId)));
    return new Set(lines).size < lines.length;
  });
const isSame = (a: Numbers, b: Numbers): boolean => a.carrier === b.carrier && a.trackingNumber === b.trackingNumber;
const MARK = /【堰:([0-9A-Z]+)】/g;

/** Every parcel that we reported stands at the platform once, under its newest number and carrier; our key stands in a note at most once, and no word was lost. */
export function itIsToldOnce({ held, pages, unshipped }: Evidence): Finding[] {
  const say = (what: string): Finding => ({ rule: 'the platform is told once', what });
  const found = [...unshipped]
    .filter(([, cause]) => !MAY_BE_REFUSED.has(cause))
    .map(([name, cause]) => say(`${name} was refused: ${cause}`));
  for (const { channel, id, parcels, sellerWords } of pages) {
    const order = held.find(({ item }) => item.channel === channel && item.channelOrderId === id);
    if (order === undefined) continue; // another rule's affair
    const [there, here] = [numbersOf(parcels), numbersOf(order.state.shipments)];
    if (isDoubled(parcels)) found.push(say(`${id}: the platform holds a parcel twice: ${JSON.stringify(parcels)}`));
    if (JSON.stringify(there) !== JSON.stringify(here) && !unshipped.has(nameOf(channel, id)))
      found.push(say(`${id}: the platform holds ${there.join(' ')}, we hold ${here.join(' ')}`));
    const wrong = order.state.shipments.filter((ours) => ours.own && !parcels.some((theirs) => isSame(theirs, ours)));
    if (wrong.length > 0 && !unshipped.has(nameOf(channel, id)))
      found.push(
        say(`${id}: the platform does not hold ${wrong.map(({ carrier, trackingNumber }) => `${carrier} ${trackingNumber}`).join(', ')}`),
      );
    const keys = [...sellerWords.matchAll(MARK)].map((match) => match[1]);
    const words = sellerWords.replaceAll(MARK, '').trim();
    if (keys.length > 1 || keys.some((key) => key !== order.item.orderKey) || (words !== '' && words !== NOTE))
      found.push(say(`${id}: the note says ${sellerWords}`));
  }
  return found;
}
