/** The sandbox world: simulated platforms side by side, with a page and a JSON API for a person, the wire in view, and a postman for each who walks by himself. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { realClock, type SandboxClock } from '../clock.ts';
import type { SimulatedPlatform } from '../market/platform.ts';
import type { SavedMarket } from '../market/saved.ts';
import { answerPages } from './api.ts';
import { type KnownPlatform, PLATFORMS } from './platforms.ts';
import { createWire, type Wire } from './wire.ts';

export interface StandOptions {
  readonly seed: number;
  /** Of the page; the platforms listen on the ports behind it. 0 (unless said) takes free ones. */
  readonly port?: number;
  /** All unless said, by their channels. */
  readonly channels?: readonly string[];
  /** Another number for the shop, by channel. */
  readonly shops?: Readonly<Record<string, string>>;
  readonly clock?: SandboxClock;
  /** So many orders each platform remembers. */
  readonly remember?: number;
  /** Where a platform is kept between two runs; without it everything is gone when the stand stops. */
  readonly fileOf?: (channel: string) => string;
}
/** A platform on the stand. */
export interface Booth {
  readonly known: KnownPlatform;
  readonly platform: SimulatedPlatform;
  readonly wire: Wire;
  readonly pushUrl: string | null;
  /** Where messages go from now on; null: they wait. */
  pushTo(url: string | null): void;
}
export interface Stand {
  readonly url: string;
  readonly booths: readonly Booth[];
  booth(channel: string): Booth | undefined;
  close(): Promise<void>;
}

const DELIVER_EVERY_MS = 300;
/** What a kill may cost. */
const SAVE_EVERY_MS = 5_000;
/** What an older version wrote is left alone: a simulated platform may begin anew. */
const SAVED_VERSION = 2;
const MAX_BODY_BYTES = 1_000_000;

export async function openStand(options: StandOptions): Promise<Stand> {
  const { port = 0, channels } = options;
  const known = PLATFORMS.filter(({ channel }) => channels === undefined || channels.includes(channel));
  const booths: Booth[] = [];
  try {
    for (const [nth, each] of known.entries()) booths.push(await openBooth(each, options, port === 0 ? 0 : port + 1 + nth));
  } catch (error) {
    for (const { platform } of booths) await platform.close();
    throw error;
  }
  const stops = booths.map(({ platform }) => startPostman(platform));
  const booth = (channel: string): Booth | undefined => booths.find((each) => each.known.channel === channel);
  const closeBooths = async (): Promise<void> => {
    for (const stop of stops) await stop();
    for (const { platform } of booths) await platform.close();
  };
  const server = await openPage(port, { booths, booth }).catch(async (error: unknown) => {
    await closeBooths();
    throw error;
  });
  const { fileOf } = options;
  const save = (): void => {
    if (fileOf) for (const { platform } of booths) saveTo(fileOf(platform.channel), platform);
  };
  const saving = setInterval(save, SAVE_EVERY_MS);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    booths,
    booth,
    async close() {
      clearInterval(saving);
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await closeBooths();
      save();
    },
  };
}

async function openBooth(known: KnownPlatform, options: StandOptions, port: number): Promise<Booth> {
  const { seed, clock = realClock, shops = {}, remember, fileOf } = options;
  const { channel } = known;
  const wire = createWire(clock.now);
  let pushUrl: string | null = null;
  const platform: SimulatedPlatform = await known.open({
    app: known.app(seed),
    shop: shops[channel] ?? known.shop,
    seed,
    clock,
    port,
    ...(remember === undefined ? {} : { remember }),
    ...(fileOf === undefined ? {} : savedIn(fileOf(channel))),
    onCall: (call) => wire.call(call, platform),
    onPush: (push) => wire.push(push, platform),
  });
  return {
    known,
    platform,
    wire,
    get pushUrl() {
      return pushUrl;
    },
    pushTo: (url) => platform.pushTo((pushUrl = url)),
  };
}

async function openPage(port: number, desk: Pick<Stand, 'booths' | 'booth'>): Promise<Server> {
  const server = createServer((request, response) => {
    void (async () => {
      const parts = (await request.toArray()) as Buffer[];
      if (parts.reduce((size, part) => size + part.length, 0) > MAX_BODY_BYTES) return void response.writeHead(413).end();
      answerPages(desk, request, Buffer.concat(parts).toString('utf8'), response);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return server;
}

/** One walk at a time; the next begins some time after the last one ended. */
function startPostman({ mailbox }: SimulatedPlatform): () => Promise<void> {
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const walk = async (): Promise<void> => {
    await mailbox.deliver();
    if (!isOver) timer = setTimeout(() => (walking = walk()), DELIVER_EVERY_MS);
  };
  let walking = walk();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    await walking;
  };
}

function savedIn(file: string): { readonly saved?: SavedMarket } {
  if (!existsSync(file)) return {};
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Partial<SavedMarket>;
    return saved.version === SAVED_VERSION ? { saved: saved as SavedMarket } : {};
  } catch {
    return {}; // cut short by a machine that stopped: a platform without orders, as at the first run
  }
}

function saveTo(file: string, { save }: SimulatedPlatform): void {
  writeFileSync(`${file}.new`, JSON.stringify(save()), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
