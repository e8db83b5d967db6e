/** One server of the hub, behind its own wire to the database. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Send } from '@weir/connectors/adapter';
import { hasty } from '../support/platforms.ts';
import { ADAPTERS, type House, openHouse } from '../../apps/server/src/main.ts';
import type { Clock, Log } from '../../apps/server/src/platform/index.ts';
import { POISON } from './telling.ts';
import { layWire, type Wire } from './wire.ts';

export const ADMIN = 'weir_simulation_admin';
export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly token?: string;
}
export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}
export interface SimHouse {
  readonly home: string;
  readonly house: House;
  readonly wire: Wire;
  state: 'alive' | 'frozen' | 'dead';
  /** Settled when it can no longer answer. */
  lost: PromiseWithResolvers<void>;
  /** Named points that it still passes before it dies; infinite unless a fault says so. */
  pointsLeft: number;
}
export interface HouseSettings {
  readonly url: string;
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
  /** How platforms are called. */
  readonly send: Send;
}

const OPEN_TRIES = 30;
const RETRY_MS = 100;
/** Longer than any statement may run: the database gives up first, and that is an answer. */
const ANSWER_LIMIT_MS = 45_000;

/** Starts until it stands, as whoever watches over a server would: the database may be cutting connections just then. */
export async function openSimHouse(settings: HouseSettings, kill: (dying: SimHouse) => void): Promise<SimHouse> {
  for (let tried = 1; ; tried++) {
    const { hostname, port } = new URL(settings.url);
    const wire = await layWire({ host: hostname, port: Number(port) });
    try {
      return await openBehind(wire, settings, kill);
    } catch (error) {
      await wire.close();
      if (tried >= OPEN_TRIES) throw error;
      await pause(RETRY_MS);
    }
  }
}

async function openBehind(wire: Wire, { url, home, clock, log, send }: HouseSettings, kill: (dying: SimHouse) => void): Promise<SimHouse> {
  const databaseUrl = new URL(url);
  databaseUrl.host = `127.0.0.1:${wire.port}`;
  const door: { opened?: SimHouse } = {};
  const reach = (): void => {
    if (door.opened !== undefined && --door.opened.pointsLeft === 0) kill(door.opened);
  };
  const options = {
    databaseUrl: databaseUrl.href,
    home,
    adminToken: ADMIN,
    clock,
    log,
    allowPrivateEndpoints: true,
    reach,
    send,
    adapters: ADAPTERS.map(hasty),
  };
  const house = await openHouse(options);
  poison(house);
  door.opened = { home, house, wire, state: 'alive', lost: Promise.withResolvers(), pointsLeft: Number.POSITIVE_INFINITY };
  return door.opened;
}

/** A mistake of our own that one message brings out: the fold throws on it, and on nothing else. */
function poison({ keys }: House): void {
  const mutable = keys as { fingerprint: (text: string) => string };
  const { fingerprint } = keys;
  mutable.fingerprint = (text) => {
    if (text === JSON.stringify(POISON)) throw new Error(`cannot work on ${text}`);
    return fingerprint(text);
  };
}

/** The answer, or null when the connection was lost before it came. */
export async function askHouse(asked: SimHouse, request: Asked): Promise<Answer | null> {
  const limit = new AbortController();
  const late = pause(ANSWER_LIMIT_MS, undefined, { signal: limit.signal }).then(
    () => {
      throw new Error(`no answer to ${request.method} ${request.path} within ${ANSWER_LIMIT_MS} ms`);
    },
    () => null,
  );
  const gone = asked.lost.promise.then(() => null);
  return Promise.race([answerOf(asked.house, request), gone, late]).finally(() => limit.abort());
}

const answerOf = ({ app }: House, { method, path, body, headers = {}, token = ADMIN }: Asked): Promise<Answer | null> =>
  app
    .inject({
      method,
      url: path,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), authorization: `Bearer ${token}`, ...headers },
      ...(body === undefined ? {} : { payload: body }),
    })
    .then(
      (response) => ({ status: response.statusCode, text: response.body, headers: response.headers }),
      () => null, // a stream that broke off
    );
