/** Counts pushes with a wrong signature, per app. Written down at most once a second: whoever floods us must not make us write. */
import type { Clock, Db, Log } from '#platform';
import { noteWrongSignatures } from './store.ts';

export const ALARM_COUNT = 5;
export const ALARM_WITHIN_MS = 60_000;
const WRITE_EVERY_MS = 1_000;

export interface Strangers {
  knocked(appId: string): void;
  /** Writes down what was counted. */
  flush(): Promise<void>;
}
interface Knocks {
  /** The last ALARM_COUNT of them, oldest first. */
  recent: number[];
  unwritten: number;
  alarm: boolean;
}

export function createStrangers({ db, clock, log }: { readonly db: Db; readonly clock: Clock; readonly log: Log }): Strangers {
  const apps = new Map<string, Knocks>();
  let timer: NodeJS.Timeout | undefined;
  const write = async (): Promise<void> => {
    timer = undefined;
    for (const [id, knocks] of apps) {
      const { unwritten, alarm, recent } = knocks;
      if (unwritten === 0) continue;
      [knocks.unwritten, knocks.alarm] = [0, false];
      await noteWrongSignatures(db, id, unwritten, recent.at(-1) ?? clock.now(), alarm).catch((error: unknown) => {
        knocks.unwritten += unwritten;
        knocks.alarm ||= alarm;
        log.error('channel.signatures_not_counted', error, { app: id });
      });
    }
  };
  return {
    knocked(id) {
      const knocks = apps.get(id) ?? { recent: [], unwritten: 0, alarm: false };
      apps.set(id, knocks);
      const now = clock.now();
      knocks.recent = [...knocks.recent, now].slice(-ALARM_COUNT);
      knocks.unwritten += 1;
      if (knocks.recent.length === ALARM_COUNT && now - (knocks.recent[0] as number) <= ALARM_WITHIN_MS) {
        knocks.alarm = true;
        log.warn('channel.wrong_signatures', { app: id, count: ALARM_COUNT, withinMs: ALARM_WITHIN_MS });
        knocks.recent = [];
      }
      timer ??= setTimeout(() => void write(), WRITE_EVERY_MS).unref();
    },
    async flush() {
      clearTimeout(timer);
      await write();
    },
  };
}
