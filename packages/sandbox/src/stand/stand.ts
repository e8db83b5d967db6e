/** The simulated Douyin with everything a person needs to play with it: a page, a JSON API, the wire in view, and a postman who walks by himself. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { realClock } from '../clock.ts';
import { createDouyin, type Douyin } from '../doudian/server.ts';
import type { PlatformOptions } from '../market/platform.ts';
import type { SavedMarket } from '../market/saved.ts';
import { answerPages } from './api.ts';
import type { SandboxApp } from './explain.ts';
import { createWire } from './wire.ts';

export interface StandOptions extends Pick<PlatformOptions, 'port' | 'pushUrl' | 'clock' | 'remember'> {
  readonly seed: number;
  readonly shop?: string;
  readonly app?: SandboxApp;
  /** Where it is kept between two runs; without one everything is gone when it stops. */
  readonly file?: string;
}
export interface Stand {
  readonly douyin: Douyin;
  readonly app: SandboxApp;
  readonly shop: string;
  /** Where messages go from now on; null: they wait. */
  pushTo(url: string | null): void;
  close(): Promise<void>;
}

const DEFAULT_SHOP = '4463798';
/** Nineteen digits: as a number it would be another one. */
const DEFAULT_KEY = '7296415830217640448';
const DELIVER_EVERY_MS = 300;
/** What a kill may cost. */
const SAVE_EVERY_MS = 5_000;
/** What an older version wrote is left alone: a simulated platform may begin anew. */
const SAVED_VERSION = 2;

/** The same seed has the same secret, so that Weir finds the sandbox again after a restart. */
const appOf = (seed: number): SandboxApp => ({
  key: DEFAULT_KEY,
  secret: createHash('sha256').update(`weir sandbox app ${seed}`).digest('hex').slice(0, 36),
});

export async function openStand(options: StandOptions): Promise<Stand> {
  const { seed, clock = realClock } = options;
  const app = options.app ?? appOf(seed);
  const shop = options.shop ?? DEFAULT_SHOP;
  const wire = createWire(app, clock.now);
  let pushUrl = options.pushUrl ?? null;
  const pushTo = (url: string | null): void => douyin.pushTo((pushUrl = url));
  const desk = { app, shop, wire, douyin: () => douyin, pushUrl: () => pushUrl, pushTo };
  const douyin: Douyin = await createDouyin({
    ...options,
    app,
    shop,
    clock,
    ...savedIn(options.file),
    onCall: wire.call,
    onPush: wire.push,
    pages: (request, body, response) => answerPages(desk, request, body, response),
  });
  const stopWalking = startPostman(douyin);
  const save = (): void => (options.file === undefined ? undefined : saveTo(options.file, douyin));
  const saving = setInterval(save, SAVE_EVERY_MS);
  return {
    douyin,
    app,
    shop,
    pushTo,
    async close() {
      clearInterval(saving);
      await stopWalking();
      await douyin.close();
      save();
    },
  };
}

/** One walk at a time; the next begins some time after the last one ended. */
function startPostman({ mailbox }: Douyin): () => Promise<void> {
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

function savedIn(file: string | undefined): { readonly saved?: SavedMarket } {
  if (file === undefined || !existsSync(file)) return {};
  try {
    const saved = JSON.parse(readFileSync(file, 'utf8')) as Partial<SavedMarket>;
    return saved.version === SAVED_VERSION ? { saved: saved as SavedMarket } : {};
  } catch {
    return {}; // cut short by a machine that stopped: a platform without orders, as at the first run
  }
}

function saveTo(file: string, { save }: Douyin): void {
  writeFileSync(`${file}.new`, JSON.stringify(save()), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
