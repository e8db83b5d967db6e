/** All endpoints: starts a relay for each active one, and follows what people change. */
import { randomBytes } from 'node:crypto';
import { type Clock, type Db, type Log, newId, type Sql } from '#platform';
import { checkReachable, type Resolve } from './address.ts';
import { allowedOf } from './allowed.ts';
import { createCaller } from './attempt.ts';
import type { Target } from './desk.ts';
import { PARKED_AT_ONCE, SUBJECTS_AT_ONCE } from './lanes.ts';
import { createLogReader, type Told } from './read-log.ts';
import { type Relay, startRelay } from './relay.ts';
import { createSecrets, type Secret, type Secrets } from './secrets.ts';
import { withoutQuery } from './without-query.ts';
import { readRunning } from './replays-store.ts';
import type { Projection } from './send.ts';
import {
  changeEndpoint,
  type Changeable,
  type ConsumerStatus,
  type EndpointRow,
  insertEndpoint,
  readEndpoints,
  readStatus,
  rotateSecret,
  removeEndpoint,
  reviveParked,
  setEndpointState,
} from './store.ts';

const FOLLOW_MS = 1_000;
const SECRET_BYTES = 24;
const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

export interface BroadcastDeps {
  readonly db: Db;
  readonly keys: {
    readonly installationId: string;
    wrap(secret: Buffer): Buffer;
    unwrap(wrapped: Buffer): Buffer;
    readonly box: { seal(plain: Buffer, place: string): Buffer };
  };
  readonly clock: Clock;
  readonly log: Log;
  /** For pauses. */
  readonly steady: Clock;
  /** Beside public addresses: inner ones, or these networks. */
  readonly allowPrivate: boolean | readonly string[];
  /** How names are looked up; the system's way unless said. */
  readonly resolve?: Resolve;
  readonly projection: Projection;
  readonly reach: (point: string) => void;
  /** Told how each try ended, for whoever counts. */
  readonly attempted?: (endpointId: string, result: string) => void;
  /** Only the process that works also broadcasts, one relay per endpoint: the epoch of its lease, or null while it stands by. */
  readonly epoch: () => number | null;
}
export interface NewEndpoint {
  readonly name: string;
  readonly url: string;
  readonly eventTypes?: readonly string[];
  readonly shops?: readonly string[];
  readonly startAt?: 'earliest' | 'now';
  readonly fields?: readonly string[];
  readonly personalFields?: readonly string[];
}
export type EndpointStatus = Omit<EndpointRow, 'wrappedSecret' | 'wrappedOldSecrets' | 'oldSecretsUntil'> &
  Omit<ConsumerStatus, 'id'> & {
    /** Until then deliveries carry the signature of a secret before as well. */
    readonly oldSecretUntil: string | null;
    /** So many secrets sign now. */
    readonly liveSecrets: number;
  };
/** Who looks. */
export interface Viewer {
  readonly role: string;
  readonly shops: ReadonlySet<string> | null;
}
export interface Rotated {
  readonly secret: string;
  readonly oldSecretUntil: number;
  readonly liveSecrets: number;
}
/** One transaction around a change of the endpoint `id`, for whoever has to store more with it; what it throws takes the change back. */
export type Within = <T>(id: string, change: (tx: Sql) => Promise<T>) => Promise<T>;
export interface Broadcast {
  start(): void;
  /** What this process has just committed; the relays need not read it back. */
  tell(told: Told): void;
  stop(): Promise<void>;
  /** Throws AddressRefused. The secret is told this once. */
  create(wanted: NewEndpoint, within?: Within): Promise<{ id: string; secret: string }>;
  /** For whoever is bound to some shops: only endpoints that hear of them, of their shops and counts only these. The query of an address is an administrator's to see. */
  list(viewer?: Viewer): Promise<EndpointStatus[]>;
  /** `active`: all that is parked there is due now. Answers the state before; null: there is no such endpoint. */
  setState(id: string, state: 'active' | 'paused', within?: Within): Promise<string | null>;
  /** Throws AddressRefused. What is parked is due now where the address is another one. Answers what was; null: there is no such endpoint. */
  change(id: string, wanted: Partial<Changeable>, within?: Within): Promise<Changeable | null>;
  /** As `setState`. */
  remove(id: string, within?: Within): Promise<string | null>;
  /** Looks now at what people have changed, instead of within a second. */
  follow(): Promise<void>;
  /** A new secret, told this once; the one before signs as well for `keepOldMs`, and each one before that for its own time. With 0 all of them end. Null: there is no such endpoint. */
  rotate(id: string, keepOldMs: number, within?: Within): Promise<Rotated | null>;
}

function withinShops<T extends { readonly shops: readonly string[] | null }>(row: T, mine: ReadonlySet<string> | null): T[] {
  if (mine === null || row.shops === null) return [row];
  const shops = row.shops.filter((shop) => mine.has(shop));
  return shops.length === 0 ? [] : [{ ...row, shops }];
}

function secretsOf(keys: BroadcastDeps['keys'], row: EndpointRow): Secret[] {
  const opened = (wrapped: Buffer, until: number | null): Secret => ({ text: keys.unwrap(wrapped).toString(), until });
  return [
    opened(row.wrappedSecret, null),
    ...row.wrappedOldSecrets.map((wrapped, place) => opened(wrapped, row.oldSecretsUntil[place] as number)),
  ];
}

export function createBroadcast(deps: BroadcastDeps): Broadcast {
  const relays = new Map<string, Relay>();
  const signing = new Map<string, Secrets>();
  /** With what each relay began: it keeps its address, and what is parked, in memory. */
  const begun = new Map<string, Pick<EndpointRow, 'url' | 'revivedAt'>>();
  const allowed = allowedOf(deps.allowPrivate);
  const reader = createLogReader(deps.db, deps.steady);
  const alone: Within = (_, change) => deps.db.transaction(change);
  let timer: NodeJS.Timeout | undefined;
  let following: Promise<void> | undefined;

  const onGone = async (id: string): Promise<void> => {
    deps.log.warn('broadcast.endpoint_gone', { endpointId: id });
    await setEndpointState(deps.db, id, 'gone');
  };
  const start = (row: EndpointRow, epoch: number): void => {
    const { clock, steady, resolve } = deps;
    const connections = SUBJECTS_AT_ONCE + PARKED_AT_ONCE;
    const caller = createCaller({ url: row.url, allowed, connections, clock, steady, ...(resolve ? { resolve } : {}) });
    const secrets = createSecrets(secretsOf(deps.keys, row));
    signing.set(row.id, secrets);
    const target: Target = { ...row, secrets };
    begun.set(row.id, row);
    const shared = { ...deps, caller, reader, source: deps.keys.installationId, seal: deps.keys.box.seal, onGone };
    const relay = startRelay(shared, target, epoch);
    relays.set(row.id, relay);
    void relay.ended.then(() => drop(row.id, relay));
  };
  const drop = (id: string, relay: Relay | undefined): void => {
    if (relays.get(id) === relay) relays.delete(id);
  };
  const stop = async (id: string): Promise<void> => {
    const relay = relays.get(id);
    await relay?.stop();
    drop(id, relay);
  };
  const followOnce = async (): Promise<void> => {
    const epoch = deps.epoch();
    const rows = epoch === null ? [] : (await readEndpoints(deps.db)).filter((row) => row.state === 'active');
    const wanted = new Map(rows.map((row) => [row.id, row]));
    const isAsBegun = (id: string): boolean => {
      const [was, is] = [begun.get(id), wanted.get(id)];
      return is !== undefined && was?.url === is.url && was.revivedAt === is.revivedAt;
    };
    const unwanted = [...relays].filter(([id, relay]) => relay.epoch !== epoch || !isAsBegun(id));
    await Promise.all(unwanted.map(([id]) => stop(id)));
    for (const row of rows) {
      if (relays.has(row.id)) signing.get(row.id)?.replace(secretsOf(deps.keys, row));
      else start(row, epoch as number);
    }
    if (relays.size === 0) return;
    const running = Map.groupBy(await readRunning(deps.db), ({ consumer }) => consumer);
    for (const [id, relay] of relays) relay.replay(running.get(id) ?? []);
  };
  /** One after the other: a relay has stopped before the next one of its endpoint starts. */
  const follow = (): Promise<void> => {
    const turn = (following ?? Promise.resolve())
      .then(followOnce)
      .catch((error: unknown) => deps.log.error('broadcast.follow_failed', error, {}));
    following = turn;
    return turn;
  };

  return {
    start() {
      void follow();
      timer = setInterval(() => void follow(), FOLLOW_MS);
    },
    tell(told) {
      if (relays.size === 0) return reader.skip(); // nobody listens: no memory for it
      reader.tell(told);
      for (const relay of relays.values()) relay.wake();
    },
    async stop() {
      clearInterval(timer);
      await following;
      await Promise.all([...relays.keys()].map(stop));
    },
    async create({ name, url, eventTypes, shops, fields, personalFields = [], startAt = 'now' }, within = alone) {
      await checkReachable(url, allowed, deps.resolve);
      const secret = newSecret();
      const id = newId('ep');
      const row = {
        id,
        name,
        url,
        eventTypes: eventTypes ?? null,
        shops: shops ?? null,
        fields: fields ?? null,
        personalFields,
        wrappedSecret: deps.keys.wrap(Buffer.from(secret)),
      };
      await within(id, (tx) => insertEndpoint(tx, row, startAt === 'earliest'));
      await follow();
      return { id, secret };
    },
    async list(viewer) {
      const mine = viewer?.shops ?? null;
      const seesQuery = viewer === undefined || viewer.role === 'admin';
      const now = deps.clock.now();
      const status = new Map((await readStatus(deps.db, mine && [...mine])).map((row) => [row.id, row]));
      return (await readEndpoints(deps.db))
        .flatMap((row) => withinShops(row, mine))
        .map(({ wrappedSecret: _, wrappedOldSecrets: __, oldSecretsUntil, ...row }) => {
          const { lag = 0, parked = 0, dead = 0, mismatches = 0, oldestParkedSince = null, lastError = null } = status.get(row.id) ?? {};
          const { breakerOpen = false, full = false } = relays.get(row.id)?.state() ?? {};
          const state = breakerOpen ? 'broken' : full ? 'full' : row.state;
          const live = oldSecretsUntil.filter((until) => until > now);
          const secrets = {
            oldSecretUntil: live.length === 0 ? null : new Date(Math.max(...live)).toISOString(),
            liveSecrets: 1 + live.length,
          };
          return {
            ...row,
            url: seesQuery ? row.url : withoutQuery(row.url),
            state,
            ...secrets,
            lag,
            parked,
            dead,
            mismatches,
            oldestParkedSince,
            lastError,
          };
        });
    },
    follow,
    async rotate(id, keepOldMs, within = alone) {
      const [secret, now] = [newSecret(), deps.clock.now()];
      const oldUntil = keepOldMs === 0 ? null : now + keepOldMs;
      const liveSecrets = await within(id, (tx) => rotateSecret(tx, id, deps.keys.wrap(Buffer.from(secret)), { now, oldUntil }));
      if (liveSecrets === null) return null;
      await follow();
      return { secret, oldSecretUntil: now + keepOldMs, liveSecrets };
    },
    async setState(id, state, within = alone) {
      const done = await within(id, async (tx) => {
        if (state === 'active') await reviveParked(tx, id, deps.clock.now());
        return setEndpointState(tx, id, state);
      });
      await follow();
      return done;
    },
    async change(id, wanted, within = alone) {
      if (wanted.url !== undefined) await checkReachable(wanted.url, allowed, deps.resolve);
      const was = await within(id, async (tx) => {
        const before = await changeEndpoint(tx, id, wanted);
        if (before !== null && wanted.url !== undefined && wanted.url !== before.url) await reviveParked(tx, id, deps.clock.now());
        return before;
      });
      await follow();
      return was;
    },
    async remove(id, within = alone) {
      const done = await within(id, (tx) => removeEndpoint(tx, id)); // first: from now on its relay can store nothing
      await follow();
      return done;
    },
  };
}
