/** The push door: whose message it is, into the inbox as it came, and only then the answer that the platform wants. */
import type { Adapter, Knock, Reply } from '@weir/connectors/adapter';
import type { Keys } from '#access';
import { IntakeFull, NotStored, Stopping } from '#intake';
import type { Clock } from '#platform';
import type { Arrivals } from './arrivals.ts';
import type { DirectoryKeeper } from './directory.ts';
import { secretOf } from './lines.ts';
import type { Strangers } from './strangers.ts';

interface Deps {
  readonly arrivals: Arrivals;
  readonly keys: Pick<Keys, 'unwrap'>;
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
      try {
        await deps.arrivals.keep(adapter, Buffer.from(opened.bytes));
        return replies.taken;
      } catch (error) {
        if (isNotNow(error)) return replies.later;
        throw error;
      }
    },
    async again(channel, body) {
      const adapter = deps.adapters.get(channel);
      return adapter !== undefined && deps.arrivals.again(adapter, body);
    },
  };
}

/** The house cannot take it now; the same may come again. */
export const isNotNow = (error: unknown): boolean => error instanceof IntakeFull || error instanceof NotStored || error instanceof Stopping;
