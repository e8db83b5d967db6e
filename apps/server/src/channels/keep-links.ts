/** Keeps one worker for each app's queue or socket, in the process that holds the lease. A session that ends is begun again by itself, after a growing pause. */
import type { Adapter, App, Failure } from '@weir/connectors/adapter';
import type { Keys } from '#access';
import type { Db } from '#platform';
import type { DirectoryKeeper } from './directory.ts';
import { type Link, LinkBroken, type LinkDeps } from './link.ts';
import { forgetOthers, LINK_KINDS, type LinkKind, noteBegun, noteDown, noteHeard, noteUp } from './link-store.ts';
import { type Lines, secretOf, stampOf } from './lines.ts';
import { serveQueue } from './serve-queue.ts';
import { serveSocket } from './serve-socket.ts';
import type { AppRow } from './store.ts';

const LOOK_EVERY_MS = 500;
const FIRST_PAUSE_MS = 500;
const MOST_PAUSE_MS = 60_000;
const MOST_FAILURES = 10;
/** A session that stood for so long, or brought messages, was a good one: the next pause is short again. */
const GOOD_AFTER_MS = 30_000;
/** When messages last came is written down at most so often. */
const NOTE_EVERY_MS = 5_000;

interface Deps extends LinkDeps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'unwrap'>;
  readonly adapters: ReadonlyMap<string, Adapter>;
  readonly directory: DirectoryKeeper;
  readonly lines: Pick<Lines, 'askOf'>;
  readonly epoch: () => number | null;
  /** From 0 to 1. */
  readonly dice: () => number;
}

/** Resolves after the house began to stop. */
export async function keepLinks(deps: Deps): Promise<void> {
  const busy = new Map<string, Promise<void>>();
  /** What each app was when we last looked. */
  let stamps = new Map<string, string>();
  const isStopping = (): boolean => deps.stopping.aborted;
  const forget = othersForgotten(deps);
  while (!isStopping()) {
    const { apps } = await deps.directory.read().catch(() => ({ apps: new Map<string, AppRow>() }));
    if (apps.size > 0) stamps = new Map([...apps.values()].map((app) => [app.id, stampOf(app)]));
    const epoch = deps.epoch();
    if (epoch !== null) {
      await forget(apps, epoch);
      for (const [app, kind, adapter] of linksOf(deps, apps)) {
        const name = `${app.id} ${kind}`;
        const stamp = stampOf(app);
        const mayWork = (): boolean => !isStopping() && deps.epoch() === epoch && stamps.get(app.id) === stamp;
        if (!busy.has(name))
          busy.set(
            name,
            keepLink(deps, { app, kind, adapter, epoch, mayWork }).finally(() => busy.delete(name)),
          );
      }
    }
    await deps.sleep(LOOK_EVERY_MS).catch(() => {});
  }
  await Promise.allSettled(busy.values());
}

/** Once for each app as it is; again when it was changed, or the lease. */
function othersForgotten({ db, adapters, keys, log }: Deps): (apps: ReadonlyMap<string, AppRow>, epoch: number) => Promise<void> {
  const done = new Map<string, string>();
  return async (apps, epoch) => {
    for (const app of apps.values()) {
      const stamp = `${epoch} ${stampOf(app)}`;
      if (done.get(app.id) === stamp) continue;
      try {
        await forgetOthers(db, app.id, kindsOf(adapters.get(app.channel), secretOf(keys, app)), epoch);
        done.set(app.id, stamp);
      } catch (error) {
        log.error('link.not_noted', error, { app: app.id, channel: app.channel });
      }
    }
  };
}

const linksOf = ({ adapters, keys }: Deps, apps: ReadonlyMap<string, AppRow>): [AppRow, LinkKind, Adapter][] =>
  [...apps.values()].flatMap((app) => {
    const adapter = adapters.get(app.channel);
    return adapter === undefined
      ? []
      : kindsOf(adapter, secretOf(keys, app)).map((kind): [AppRow, LinkKind, Adapter] => [app, kind, adapter]);
  });
/** What this app's messages come by: both where the channel has both and leaves no choice. */
export const kindsOf = (adapter: Adapter | undefined, app: App): readonly LinkKind[] => {
  const chosen = adapter?.transport?.(app);
  return LINK_KINDS.filter((kind) => adapter?.[kind] !== undefined && (chosen === undefined || chosen === kind));
};

interface Keeping {
  readonly app: AppRow;
  readonly kind: LinkKind;
  readonly adapter: Adapter;
  readonly epoch: number;
  readonly mayWork: () => boolean;
}

async function keepLink(deps: Deps, { app, kind, adapter, epoch, mayWork }: Keeping): Promise<void> {
  const { steady, log, clock } = deps;
  const named = { app: app.id, channel: app.channel, kind };
  const name = [app.id, kind] as const;
  /** One after the other: what is written last must be what is. */
  let noted: Promise<unknown> = Promise.resolve();
  const note = (write: (now: number) => Promise<void>): void => {
    const now = clock.now();
    noted = noted.then(() => write(now)).catch((error: unknown) => log.error('link.not_noted', error, named));
  };
  note((now) => noteBegun(deps.db, name, epoch, now));
  for (let failures = 0; mayWork(); ) {
    const begunAt = steady.now();
    let [isUp, isGood, notedAt] = [false, false, Number.NEGATIVE_INFINITY];
    const link: Link = {
      appId: app.id,
      kind,
      adapter,
      app: secretOf(deps.keys, app),
      baseUrl: app.baseUrl,
      ask: deps.lines.askOf(app, adapter),
      mayWork,
      up() {
        if (isUp) return;
        isUp = true;
        log.event('link.up', { ...named, failures });
        note((now) => noteUp(deps.db, name, epoch, now));
      },
      heard() {
        isGood = true;
        if (steady.now() - notedAt < NOTE_EVERY_MS) return;
        notedAt = steady.now();
        note((now) => noteHeard(deps.db, name, epoch, now));
      },
    };
    const ended = await session(deps, link);
    failures = isGood || (isUp && steady.now() - begunAt >= GOOD_AFTER_MS) ? 1 : Math.min(failures + 1, MOST_FAILURES);
    note((now) => noteDown(deps.db, name, epoch, now, ended?.text ?? null));
    await noted;
    if (ended === null) return;
    log.warn('link.down', { ...named, code: ended.code, failures });
    await deps.sleep(pauseOf(failures, deps.dice, ended.failure)).catch(() => {});
  }
}

/** Null when it ended because this process may no longer work. */
async function session(deps: Deps, link: Link): Promise<LinkBroken | null> {
  const { queue, socket } = link.adapter;
  try {
    if (link.kind === 'queue' && queue !== undefined) await serveQueue(deps, link, queue);
    if (link.kind === 'socket' && socket !== undefined) await serveSocket(deps, link, socket);
    return null;
  } catch (error) {
    if (!link.mayWork()) return null;
    if (error instanceof LinkBroken) return error;
    deps.log.error('link.failed', error, { app: link.appId, kind: link.kind });
    return new LinkBroken('fault', 'fault');
  }
}

/** Between half and all of a pause that doubles, so that the sockets of many houses do not come back together. */
export function pauseOf(failures: number, dice: () => number, failure: Failure | null): number {
  const pause = Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failures - 1));
  return Math.max(Math.min(failure?.retryAfterMs ?? 0, MOST_PAUSE_MS), Math.round(pause * (0.5 + 0.5 * dice())));
}
