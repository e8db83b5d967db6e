/** Puts the house together: only this file knows every room. */
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Adapter, Send } from '@weir/connectors/adapter';
import { doudianAdapter } from '@weir/connectors/doudian';
import { pinduoduoAdapter } from '@weir/connectors/pinduoduo';
import { taobaoAdapter } from '@weir/connectors/taobao';
import { wechatAdapter } from '@weir/connectors/wechat';
import { EVENT_TYPES, OrderState, type Permissions } from '@weir/contract';
import type { SubjectKind } from '@weir/contract/subject';
import { isOrderKey, partitionOfKey } from '@weir/core';
import type { FastifyInstance } from 'fastify';
import {
  accessRoutes,
  audit,
  audited,
  type AuditKeeper,
  auditRoutes,
  authenticate,
  authenticateSession,
  createAuditKeeper,
  ensureAdminToken,
  grant,
  type Keys,
  loginRoutes,
  openAuditKey,
  openKeys,
  peopleRoutes,
  readTimeline,
  REVEAL_FIELDS,
  sealAuditWith,
} from '#access';
import {
  createGather,
  createOutcomes,
  createSubmit,
  createTally,
  createWorker,
  type Gather,
  type Handed,
  idempotencyKeyOf,
  importRoutes,
  intakeRoutes,
  type Kind,
  kindsBySubject,
  makeParts,
  type Submit,
  type Worked,
  type Worker,
  workAgain,
} from '#intake';
import { ALWAYS_TOLD, appendEvents, chooseOrders, orderKind, orderOf, orderRoutes, orderProjection, ReplayQuery } from '#orders';
import { createBroadcast, endpointRoutes, readKnowledge } from '#broadcast';
import {
  type Channels,
  channelRoutes,
  createAskedKeeper,
  createChannels,
  pullRoutes,
  pushRoutes,
  readAway,
  readLinks,
  readLinksDown,
  readPullAlarms,
  wakeFetch,
} from '#channels';
import { createMeasures, healthRoutes, insightRoutes, metricsRoutes, streamRoutes } from '#insight';
import { type BackupState, ERASURES_FILE, KEEP_DEFAULTS, type KeepDays, refuseHalfLoaded, retentionRoutes } from '#keep';
import { checkDatabase, type Clock, type Db, freeBytesOf, type Log, migrate, openDb, steadyClock } from '#platform';
import { createReviewRuns, reviewRoutes, unroutedKind } from '#review';
import { createWriteBack, deadLetterRoutes } from '#write-back';
import { type Authenticate, connectionsOf, createHttp, createNoteClient, referenceRoutes, servePages } from '#web';
import { startUpkeep } from './upkeep.ts';

const CONSOLE = fileURLToPath(new URL('../../console/dist', import.meta.url));
export const MIGRATIONS = fileURLToPath(new URL('../../../database/migrations', import.meta.url));
export const VERSION = (JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as { version: string }).version;
const POOL = 16;
/** The channels that we have connectors for. */
export const ADAPTERS: readonly Adapter[] = [taobaoAdapter, pinduoduoAdapter, doudianAdapter, wechatAdapter];
/** How long requests that are under way may go on once the house is asked to stop. */
const DRAIN_MS = 10_000;
const DAY_MS = 86_400_000;

export interface HouseOptions {
  readonly databaseUrl: string;
  /** Where root.key and the home id lie. */
  readonly home: string;
  readonly adminToken?: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly allowPrivateEndpoints?: boolean | readonly string[];
  /** Where others reach this server. */
  readonly publicUrl?: string | null;
  /** Outside channels; the ones we have connectors for unless a test says otherwise. */
  readonly adapters?: readonly Adapter[];
  /** The list of erasures; in the data directory unless said. */
  readonly erasures?: string;
  /** How long what is kept; the defaults unless said. */
  readonly keepDays?: KeepDays;
  /** When the last backup was made, where the house makes its own. */
  readonly backup?: () => BackupState | null;
  /** The matrix of the contract, unless a test spoils it to see itself fail. */
  readonly permissions?: Permissions;
  /** Where signed heads of the audit are sent. */
  readonly auditHeads?: { readonly file?: string | null; readonly url?: string | null };
  /** Where the built pages of the console lie. */
  readonly pages?: string;
  /** Who stands before the house, and how many connections one client may have. */
  readonly doors?: { readonly trustedProxies: readonly string[]; readonly connectionsPerAddress: number };
  /** How calls to channels go out. */
  readonly send?: Send;
  /** From 0 to 1, for pauses that must not all end at once. */
  readonly dice?: () => number;
  /** Told at named points, so that a test can stop the process just there. */
  readonly reach?: (point: string) => void;
}
export interface House {
  readonly app: FastifyInstance;
  readonly db: Db;
  readonly keys: Keys;
  readonly worker: Worker;
  readonly gather: Gather;
  readonly submit: Submit;
  readonly channels: Channels;
  readonly auditKeeper: AuditKeeper;
  /** Writes down which orders were told since the last hour. */
  noteTold(): Promise<void>;
  /** Told after each batch; for rooms that wake up on new events. */
  onWorked(listener: (worked: Worked) => void): void;
  stop(): Promise<void>;
}

/** An id that stays with the data directory, so that a restarted server takes its dead predecessor's lease at once. */
function homeId(home: string): string {
  const file = join(home, 'home.id');
  if (!existsSync(file)) writeFileSync(file, randomUUID(), { mode: 0o600 });
  return readFileSync(file, 'utf8').trim();
}

export async function openHouse(options: HouseOptions): Promise<House> {
  const { clock, log, home, reach = () => {}, keepDays: days = KEEP_DEFAULTS } = options;
  mkdirSync(home, { recursive: true, mode: 0o755 });
  // In a container every process is number 1: the rest tells a new one from the one whose half-sent statements must be ended.
  const holder = `${homeId(home)} ${process.pid}-${randomUUID().slice(0, 8)}`;
  const db = openDb({
    url: options.databaseUrl,
    max: POOL,
    name: `weir ${holder}`,
    onLost: (fault) => log.warn('database.connection_lost', { code: fault.code }),
  });
  await checkDatabase(db);
  await migrate(db, MIGRATIONS);
  await refuseHalfLoaded(db);
  await makeParts(db, clock.now());
  const keys = await openKeys(db, home, clock.now());
  const auditKey = await openAuditKey(db, keys);
  sealAuditWith(db, auditKey.seal);
  await ensureAdminToken(db, options.adminToken, clock.now());

  const { adapters = ADAPTERS } = options;
  const readers = new Map(adapters.map((adapter) => [adapter.channel, adapter]));
  const asked = createAskedKeeper();
  const kinds = new Map<SubjectKind, Kind>([
    ['order', orderKind(keys, { readers, saveAsked: asked.save })],
    ['unrouted', unroutedKind(keys, readers)],
  ]);
  const measures = createMeasures();
  const outcomes = createOutcomes(db);
  const listeners: ((worked: Worked) => void)[] = [];
  const worker = createWorker({
    db,
    keys,
    clock,
    log,
    outcomes,
    kind: kindsBySubject(kinds),
    appendEvents,
    reach,
    holder,
    onWorked: (worked, ms) => {
      measures.worked(worked.outcomes, worked.events.length, ms);
      for (const listener of listeners) listener(worked);
    },
  });
  const handOver = (handed: Handed): void => {
    measures.segment(handed.entries.length);
    worker.handOver(handed);
  };
  const gather = createGather({ db, keys, clock, reach, handOver });
  const submit = createSubmit({ gather, outcomes, clock });
  const { auditHeads = {} } = options;
  const auditKeeper = createAuditKeeper({
    db,
    clock,
    log,
    key: auditKey,
    installation: keys.installationId,
    timeline: await readTimeline(db),
    holds: () => worker.state().holds,
    file: auditHeads.file ?? null,
    url: auditHeads.url ?? null,
  });
  const epoch = (): number | null => (worker.state().holds ? worker.state().epoch : null);
  const channels = createChannels({
    db,
    keys,
    clock,
    steady: steadyClock,
    log,
    gather,
    outcomes,
    adapters,
    epoch,
    reach,
    asked,
    dice: options.dice ?? Math.random,
    ...(options.send ? { send: options.send } : {}),
  });
  listeners.push(channels.tell);
  const note = createNoteClient(log);
  const [byToken, bySession] = [authenticate(db, clock, note), authenticateSession(db, clock, note)];
  const whoIs: Authenticate = async (request, { isFresh = false } = {}) => {
    const known = await byToken(request.headers.authorization, request.ip, isFresh);
    if (known !== null) return { ...known, from: { via: 'token', address: request.ip } };
    const person = await bySession(request);
    return person && { ...person, from: { via: 'session', address: request.ip } };
  };
  const app = createHttp({
    log,
    answered: measures.answered,
    note,
    ...options.doors,
    ...(options.permissions ? { permissions: options.permissions } : {}),
    authenticate: whoIs,
  });
  loginRoutes(app, { db, clock, note });
  accessRoutes(app, { db, clock });
  peopleRoutes(app, { db, clock });
  auditRoutes(app, { db, key: auditKey.shown });
  const tally = createTally({
    clock,
    log,
    audit: (caller, what, subject, detail) => audit(db, clock.now(), caller, what, subject, detail),
  });
  intakeRoutes(app, { db, keys, submit, outcomes, tally });
  importRoutes(app, { db, clock, submit, waitForOutcome: outcomes.wait, log, authenticate: whoIs });
  const writeBack = createWriteBack({
    db,
    clock,
    steady: steadyClock,
    log,
    epoch,
    maySpeak: () => worker.state().isSure,
    reach,
    askOf: async (channel, shop, may) => (await channels.clientOf(channel, shop))?.callWhile(may) ?? null,
    writeBackOf: (channel) => channels.adapters.get(channel)?.writeBack,
  });
  listeners.push(({ lease, events }) => writeBack.tell({ epoch: lease.epoch, heads: lease.heads, events }));
  const knowledge = async (partition: number, orderKey: string) => [
    ...(await writeBack.knowledge(partition, orderKey)),
    ...(await readKnowledge(db, partition, orderKey, ALWAYS_TOLD)),
  ];
  const orderDeps = { db, keys, submit, clock, knowledge, openReceiver: channels.openReceiver, rawKeptMs: days.keepRawDays * DAY_MS };
  orderRoutes(app, orderDeps);
  const reviewDeps = { ...orderDeps, again: channels.door.again };
  const reviewRuns = createReviewRuns({ ...reviewDeps, log, epoch, reach });
  reviewRoutes(app, { ...reviewDeps, wakeRuns: reviewRuns.wake });
  deadLetterRoutes(app, {
    db,
    clock,
    wake: writeBack.wake,
    fetchAgain: (tx, order) => wakeFetch(tx, order, clock.now()),
    workAgain: (position) => workAgain({ db, keys, gather }, position),
    requireOrder: (caller, orderKey) => orderOf(db, caller, orderKey),
    audited: (caller, change) => audited(db, clock.now(), caller, change),
  });
  await pushRoutes(app, channels.door);
  pullRoutes(app, { db, clock, ...channels });
  channelRoutes(app, {
    db,
    keys,
    clock,
    ...channels,
    mayBeElsewhere: options.allowPrivateEndpoints === true,
    publicUrl: options.publicUrl ?? null,
  });
  const projection = orderProjection({ db, keys });
  const broadcast = createBroadcast({
    db,
    keys,
    clock,
    log,
    reach,
    steady: steadyClock,
    projection,
    attempted: measures.attempted,
    allowPrivate: options.allowPrivateEndpoints ?? false,
    epoch,
  });
  listeners.push(({ lease, events }) => broadcast.tell({ epoch: lease.epoch, heads: lease.heads, events }));
  endpointRoutes(app, {
    db,
    keys,
    clock,
    broadcast,
    projection,
    idempotencyKeyOf,
    replayQuery: ReplayQuery,
    choose: (choice, shops, limit) => chooseOrders(db, choice, shops, limit),
    partitionOf: (orderKey) => (isOrderKey(orderKey) ? partitionOfKey(orderKey) : null),
    eventTypes: EVENT_TYPES,
    fields: Object.keys(OrderState.properties),
    personalFields: REVEAL_FIELDS,
    grant: (tx, caller, granted) => grant({ db, clock }, tx, caller, granted),
    audit: (caller, what, subject, detail) => audit(db, clock.now(), caller, what, subject, detail),
    audited: (caller, change) => audited(db, clock.now(), caller, change),
  });
  insightRoutes(app, {
    db,
    clock,
    worker,
    endpoints: broadcast.list,
    away: (shops) => readAway(db, shops, clock.now()),
    pullAlarms: (shops) => readPullAlarms(db, shops),
    linksDown: (shops) => readLinksDown(db, shops, clock.now()),
  });
  streamRoutes(app, { onWorked: (listener) => listeners.push(listener), worker, authenticate: whoIs });
  const backup = options.backup ?? (() => null);
  retentionRoutes(app, { db, clock });
  healthRoutes(app, { db, worker, backup, clock, keys, freeBytes: () => freeBytesOf(home) });
  metricsRoutes(app, {
    db,
    clock,
    measures,
    worker,
    gather,
    backup,
    endpoints: broadcast.list,
    links: () => readLinks(db),
    freeBytes: () => freeBytesOf(home),
    headsAreSent: (auditHeads.url ?? null) !== null,
    connections: () => connectionsOf(app),
  });
  referenceRoutes(app, VERSION);
  const { pages = CONSOLE } = options;
  if (!(await servePages(app, pages))) log.warn('console.not_built', { dir: pages });
  worker.start();
  broadcast.start();
  channels.start();
  writeBack.start();
  reviewRuns.start();
  auditKeeper.start();
  const upkeep = startUpkeep({ db, keys, clock, log, days, epoch, erasures: options.erasures ?? join(home, ERASURES_FILE) });
  listeners.push(upkeep.worked);
  return {
    app,
    db,
    keys,
    worker,
    gather,
    submit,
    channels,
    auditKeeper,
    noteTold: tally.note,
    onWorked: (listener) => listeners.push(listener),
    async stop() {
      await upkeep.stop();
      const closed = app.close();
      // An import would go on for hours and a body for half a minute: whoever is not done by then is told by a closed connection, and sends again.
      const cut = setTimeout(() => app.server.closeAllConnections(), DRAIN_MS);
      await reviewRuns.stop();
      await writeBack.stop();
      await channels.stop();
      await gather.stop();
      await closed;
      clearTimeout(cut);
      await tally.stop();
      await auditKeeper.stop();
      await upkeep.list();
      await worker.stop();
      await broadcast.stop();
      await db.end();
    },
  };
}
