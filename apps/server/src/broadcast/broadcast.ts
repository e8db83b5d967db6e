/** All endpoints: starts a relay for each active one, and follows what people change. */
import { randomBytes } from 'node:crypto';
import { type Clock, type Db, type Log, newId } from '#platform';
import { checkUrl } from './address.ts';
import { createCaller } from './attempt.ts';
import type { LogEvent } from './envelope.ts';
import { type Relay, startRelay, type Target } from './relay.ts';
import {
  type ConsumerStatus,
  type EndpointRow,
  insertEndpoint,
  readEndpoints,
  readStatus,
  removeEndpoint,
  setEndpointState,
} from './store.ts';

const FOLLOW_MS = 1_000;
const CONNECTIONS_PER_ENDPOINT = 64;
const SECRET_BYTES = 24;

export interface BroadcastDeps {
  readonly db: Db;
  readonly keys: { readonly installationId: string; wrap(secret: Buffer): Buffer; unwrap(wrapped: Buffer): Buffer };
  readonly clock: Clock;
  readonly log: Log;
  readonly allowPrivate: boolean;
  readonly project: (event: LogEvent, target: Target) => object | null;
  readonly reach: (point: string) => void;
  /** Told how each try ended, for whoever counts. */
  readonly attempted?: (endpointId: string, result: string) => void;
  /** Only the process that works also broadcasts: one relay per endpoint. */
  readonly mayRun: () => boolean;
}
export interface NewEndpoint {
  readonly name: string;
  readonly url: string;
  readonly eventTypes?: readonly string[];
  readonly shops?: readonly string[];
  readonly startAt?: 'earliest' | 'now';
}
export type EndpointStatus = Omit<EndpointRow, 'wrappedSecret'> & Omit<ConsumerStatus, 'id'>;
export interface Broadcast {
  start(): void;
  wake(): void;
  stop(): Promise<void>;
  /** Throws AddressRefused. The secret is told this once. */
  create(wanted: NewEndpoint): Promise<{ id: string; secret: string }>;
  /** For whoever is bound to some shops: only endpoints that hear of them, and of their shops only these. */
  list(mine?: ReadonlySet<string> | null): Promise<EndpointStatus[]>;
  setState(id: string, state: 'active' | 'paused'): Promise<boolean>;
  remove(id: string): Promise<boolean>;
}

function withinShops<T extends { readonly shops: readonly string[] | null }>(row: T, mine: ReadonlySet<string> | null): T[] {
  if (mine === null || row.shops === null) return [row];
  const shops = row.shops.filter((shop) => mine.has(shop));
  return shops.length === 0 ? [] : [{ ...row, shops }];
}

export function createBroadcast(deps: BroadcastDeps): Broadcast {
  const relays = new Map<string, Relay>();
  const caller = createCaller({ allowPrivate: deps.allowPrivate, connections: CONNECTIONS_PER_ENDPOINT });
  let timer: NodeJS.Timeout | undefined;
  let following: Promise<void> | undefined;

  const targetOf = (row: EndpointRow): Target => ({
    id: row.id,
    url: row.url,
    secret: deps.keys.unwrap(row.wrappedSecret).toString(),
    eventTypes: row.eventTypes,
    shops: row.shops,
  });
  const onGone = async (id: string): Promise<void> => {
    deps.log.warn('broadcast.endpoint_gone', { endpointId: id });
    await setEndpointState(deps.db, id, 'gone');
    relays.delete(id);
  };
  const followOnce = async (): Promise<void> => {
    const rows = deps.mayRun() ? await readEndpoints(deps.db) : [];
    const wanted = new Map(rows.filter((row) => row.state === 'active').map((row) => [row.id, row]));
    for (const [id, relay] of relays) {
      if (wanted.has(id)) continue;
      relays.delete(id);
      await relay.stop();
    }
    for (const row of wanted.values())
      if (!relays.has(row.id)) relays.set(row.id, startRelay({ ...deps, caller, source: deps.keys.installationId, onGone }, targetOf(row)));
  };
  const follow = (): Promise<void> =>
    (following ??= followOnce()
      .catch((error: unknown) => deps.log.error('broadcast.follow_failed', error, {}))
      .finally(() => (following = undefined)));

  return {
    start() {
      void follow();
      timer = setInterval(() => void follow(), FOLLOW_MS);
    },
    wake() {
      for (const relay of relays.values()) relay.wake();
    },
    async stop() {
      clearInterval(timer);
      await following;
      await Promise.all([...relays.values()].map((relay) => relay.stop()));
      await caller.close();
    },
    async create({ name, url, eventTypes, shops, startAt = 'now' }) {
      checkUrl(url, deps.allowPrivate);
      const secret = `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
      const id = newId('ep');
      const row = {
        id,
        name,
        url,
        eventTypes: eventTypes ?? null,
        shops: shops ?? null,
        wrappedSecret: deps.keys.wrap(Buffer.from(secret)),
      };
      await insertEndpoint(deps.db, row, startAt === 'earliest');
      await follow();
      return { id, secret };
    },
    async list(mine = null) {
      const status = new Map((await readStatus(deps.db)).map((row) => [row.id, row]));
      return (await readEndpoints(deps.db))
        .flatMap((row) => withinShops(row, mine))
        .map(({ wrappedSecret: _, ...row }) => {
          const { lag = 0, parked = 0, dead = 0, oldestParkedSince = null, lastError = null } = status.get(row.id) ?? {};
          const state = relays.get(row.id)?.state().breakerOpen ? 'broken' : row.state;
          return { ...row, state, lag, parked, dead, oldestParkedSince, lastError };
        });
    },
    async setState(id, state) {
      const done = await setEndpointState(deps.db, id, state);
      await follow();
      return done;
    },
    async remove(id) {
      const relay = relays.get(id);
      relays.delete(id);
      await relay?.stop();
      return removeEndpoint(deps.db, id);
    },
  };
}
