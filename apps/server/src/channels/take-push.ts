/** The push door: whose message it is, into the inbox as it came, and only then the answer that the platform wants. */
import type { Adapter, Knock, Reply } from '@weir/connectors/adapter';
import type { Subject } from '@weir/contract/subject';
import type { Keys } from '#access';
import { type Gather, IntakeFull, NotStored, Stopping } from '#intake';
import type { Clock } from '#platform';
import { sayer } from './desk.ts';
import { type DirectoryKeeper, shopName } from './directory.ts';
import { secretOf } from './lines.ts';
import type { Strangers } from './strangers.ts';

interface Deps {
  readonly gather: Gather;
  readonly keys: Pick<Keys, 'unwrap' | 'fingerprint'>;
  readonly clock: Clock;
  readonly directory: DirectoryKeeper;
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly strangers: Strangers;
}
export interface PushDoor {
  /** What the platform is to hear; null when there is no such address. */
  take(channel: string, appId: string, knock: Knock): Promise<Reply | null>;
  /** Once more, for bytes that were verified when they came; false when some of them still name no order of a connected shop. */
  again(channel: string, body: Buffer): Promise<boolean>;
}

export function createPushDoor(deps: Deps): PushDoor {
  const store = async (channel: string, subjects: readonly Subject[], bytes: Buffer): Promise<void> => {
    const [by, receivedAt] = [sayer(channel), deps.clock.now()];
    await Promise.all(subjects.map((subject) => deps.gather.append({ kind: 'push', subject, bytes, by, receivedAt })));
  };
  return {
    async take(channel, appId, knock) {
      const { apps } = await deps.directory.read();
      const [app, adapter] = [apps.get(appId), deps.adapters.get(channel)];
      if (app === undefined || adapter?.door === undefined || app.channel !== channel) return null;
      const { open, replies } = adapter.door;
      const opened = open(knock, secretOf(deps.keys, app), deps.clock.now());
      if (opened.kind === 'answered') return opened.reply;
      if (opened.kind === 'refused') {
        deps.strangers.knocked(app.id);
        return replies.refused;
      }
      const body = Buffer.from(opened.bytes);
      try {
        const { orders, unrouted } = await subjectsOf(deps, adapter, body);
        await store(channel, [...orders, ...unrouted], body);
        return replies.taken;
      } catch (error) {
        if (error instanceof IntakeFull || error instanceof NotStored || error instanceof Stopping) return replies.later;
        throw error;
      }
    },
    async again(channel, body) {
      const adapter = deps.adapters.get(channel);
      if (adapter === undefined) return false;
      const { orders, unrouted } = await subjectsOf(deps, adapter, body);
      await store(channel, orders, body);
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
  const routed = adapter.routePush(body);
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

/** The same bytes again are the same subject. */
export const unroutedSubject = (keys: Pick<Keys, 'fingerprint'>, channel: string, shop: string, body: Buffer): Subject => ({
  kind: 'unrouted',
  channel,
  shop,
  id: keys.fingerprint(`${shop}\n${body.toString('latin1')}`),
});
