/** HTTP tries at one endpoint, over connections of its own: a slow receiver takes none from the others. A try never throws. */
import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '#platform';
import type { Allowed } from './allowed.ts';
import { AddressRefused, checkUrl, guardedLookup, type Resolve } from './address.ts';
import { retryAfterMs } from './ladder.ts';

/** The receiver did not take it. */
export interface Failure {
  /** True when there was a receiver; false when no connection came about, or the address may not be called. */
  readonly reached: boolean;
  /** Its answer, if it gave one. */
  readonly status: number | null;
  /** A code, never a text of the receiver's. */
  readonly error: string;
  readonly retryAfterMs: number | null;
  /** The first bytes of what it answered. They may hold anything, so they are kept sealed or not at all. */
  readonly answer: Buffer | null;
}
/** The receiver took it. */
export interface Accepted {
  readonly status: number;
  /** What it says that it now holds. */
  readonly digest: string | null;
}
export type Attempted = Failure | Accepted;
export const isAccepted = (attempted: Attempted): attempted is Accepted => 'digest' in attempted;

export interface Caller {
  /** `headers` are names and values by turns. */
  attempt(headers: string[], body: Buffer): Promise<Attempted>;
  /** Tries under way end at once, as failures. */
  close(): Promise<void>;
}
export interface CallerOptions {
  readonly url: string;
  readonly allowed: Allowed;
  /** How names are looked up; the system's way unless said. */
  readonly resolve?: Resolve;
  readonly connections: number;
  /** For dates in Retry-After. */
  readonly clock: Clock;
  readonly steady: Clock;
}

const ANSWER_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** An answer's body is of no interest; beyond this the connection is given up. */
const ANSWER_BYTES = 64 * 1024;
/** Of the answer to a failed try. */
const ANSWER_KEPT_BYTES = 1_024;
const ERROR_LENGTH = 80;
const DIGEST = 'weir-state-digest';

export function createCaller(options: CallerOptions): Caller {
  const { url, allowed, connections } = options;
  const target = allowedUrl(url, allowed);
  if (target === null) return { attempt: () => Promise.resolve(refusedAddress), close: () => Promise.resolve() };
  const pool = new Pool(target.origin, {
    connections,
    pipelining: 1,
    allowH2: false,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(allowed, options.resolve) },
  });
  const path = `${target.pathname}${target.search}`;
  return {
    attempt: (headers, body) =>
      new Promise((resolve) => {
        try {
          pool.dispatch({ path, method: 'POST', headers, body }, new Listener(resolve, options));
        } catch (error) {
          resolve(failure(false, null, codeOf(error)));
        }
      }),
    close: () => pool.destroy(),
  };
}

/** The settings may have changed since the endpoint was made. */
function allowedUrl(url: string, allowed: Allowed): URL | null {
  try {
    return checkUrl(url, allowed);
  } catch {
    return null;
  }
}

const failure = (reached: boolean, status: number | null, error: string, waitMs: number | null = null): Failure => ({
  reached,
  status,
  error,
  retryAfterMs: waitMs,
  answer: null,
});
const refusedAddress = failure(false, null, 'address_refused');

/** Hears of one try. The status decides, also when the rest of the answer never comes. */
class Listener implements Dispatcher.DispatchHandler {
  readonly #settle: (answer: Attempted) => void;
  readonly #options: CallerOptions;
  #sent = false;
  #answer: Attempted | undefined;
  readonly #kept: Buffer[] = [];
  #bytes = 0;
  #until = 0;

  constructor(settle: (answer: Attempted) => void, options: CallerOptions) {
    this.#settle = settle;
    this.#options = options;
  }
  onRequestStart(): void {
    this.#sent = true;
  }
  onResponseStart(_: unknown, status: number, headers: Record<string, string | string[] | undefined>): void {
    if (status < 200) return;
    const digest = headers[DIGEST];
    this.#answer =
      status < 300
        ? { status, digest: typeof digest === 'string' ? digest : null }
        : failure(true, status, `http_${status}`, retryAfterMs(headers['retry-after'], this.#options.clock.now()));
  }
  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const now = this.#options.steady.now();
    this.#until ||= now + ANSWER_TIMEOUT_MS;
    if (this.#bytes < ANSWER_KEPT_BYTES) this.#kept.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes > ANSWER_BYTES || now > this.#until) controller.abort(new Error('the answer is too long'));
  }
  onResponseEnd(): void {
    this.#end(failure(true, null, 'no_answer'));
  }
  onResponseError(_: unknown, error: Error): void {
    this.#end(failure(this.#sent, null, codeOf(error)));
  }
  #end(otherwise: Failure): void {
    const answer = this.#answer ?? otherwise;
    if (isAccepted(answer) || this.#kept.length === 0) return this.#settle(answer);
    this.#settle({ ...answer, answer: Buffer.concat(this.#kept).subarray(0, ANSWER_KEPT_BYTES) });
  }
}

function codeOf(error: unknown): string {
  if (error instanceof AddressRefused) return 'address_refused';
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code.slice(0, ERROR_LENGTH) : 'connection_failed';
}
