/** What a channel told us, however it came: into the inbox as it is, once for each order that it names. */
import type { Adapter, PushRouted } from '@weir/connectors/adapter';
import type { Subject } from '@weir/contract/subject';
import type { Keys } from '#access';
import type { Gather } from '#intake';
import type { Clock } from '#platform';
import { sayer } from './desk.ts';
import { type DirectoryKeeper, shopName } from './directory.ts';

interface Deps {
  readonly gather: Gather;
  readonly keys: Pick<Keys, 'fingerprint'>;
  readonly clock: Clock;
  readonly directory: DirectoryKeeper;
}
export interface Arrivals {
  /** Resolves when it is durable; rejects as `append` of the gather does, and then the same may be kept again. */
  keep(adapter: Adapter, bytes: Buffer): Promise<void>;
  /** Once more, only for orders of connected shops; false when some of it still names none. */
  again(adapter: Adapter, bytes: Buffer): Promise<boolean>;
}

export function createArrivals(deps: Deps): Arrivals {
  const store = async (channel: string, subjects: readonly Subject[], bytes: Buffer): Promise<void> => {
    const [by, receivedAt] = [sayer(channel), deps.clock.now()];
    await Promise.all(subjects.map((subject) => deps.gather.append({ kind: 'push', subject, bytes, by, receivedAt })));
  };
  return {
    async keep(adapter, bytes) {
      const { orders, unrouted } = await subjectsOf(deps, adapter, bytes);
      await store(adapter.channel, [...orders, ...unrouted], bytes);
    },
    async again(adapter, bytes) {
      const { orders, unrouted } = await subjectsOf(deps, adapter, bytes);
      await store(adapter.channel, orders, bytes);
      return unrouted.length === 0;
    },
  };
}

interface Subjects {
  readonly orders: readonly Subject[];
  readonly unrouted: readonly Subject[];
}
/** A message about a shop that nobody connected is kept under that shop's name; what names no order at all under none. */
async function subjectsOf({ directory, keys }: Deps, adapter: Adapter, body: Buffer): Promise<Subjects> {
  const routed = routeSafely(adapter, body);
  if (routed.kind === 'probe') return { orders: [], unrouted: [] };
  const { shops } = await directory.read();
  const isConnected = ({ channel, shop }: Subject): boolean => (shops.get(shopName(channel, shop))?.appId ?? null) !== null;
  const strange = new Set(routed.subjects.filter((subject) => !isConnected(subject)).map(({ shop }) => shop));
  const names = [...strange, ...(routed.hasUnroutable ? [''] : [])];
  return {
    orders: routed.subjects.filter(isConnected),
    unrouted: names.map((shop) => unroutedSubject(keys, adapter.channel, shop, body)),
  };
}

/** What a connector stumbles over is kept for a person, else it would come again for ever. */
function routeSafely(adapter: Adapter, body: Buffer): PushRouted {
  try {
    return adapter.routePush(body);
  } catch {
    return { kind: 'orders', subjects: [], hasUnroutable: true };
  }
}

/** A row of a list changes with its order, and each sweep tells it again: of one order it is always the same subject. */
export const unroutedRow = (keys: Pick<Keys, 'fingerprint'>, { channel, shop, id }: Subject): Subject => ({
  kind: 'unrouted',
  channel,
  shop,
  id: keys.fingerprint(`${shop}\n${id}`),
});
/** The same bytes again are the same subject. */
export const unroutedSubject = (keys: Pick<Keys, 'fingerprint'>, channel: string, shop: string, body: Buffer): Subject => ({
  kind: 'unrouted',
  channel,
  shop,
  id: keys.fingerprint(`${shop}\n${body.toString('latin1')}`),
});
