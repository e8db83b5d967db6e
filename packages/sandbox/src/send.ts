/** Sends one message to `POST /v1/orders` until Weir has said yes or no. The same Idempotency-Key goes with every try. */
import type { SandboxClock } from './clock.ts';

export interface Outgoing {
  readonly channelOrderId: string;
  /** Time of the change it tells, ms UTC. */
  readonly modifiedAt: number;
  readonly idempotencyKey: string;
  readonly body: string;
}

/**
 * `accepted`: Weir has it for good. `refused`: it said no, and the same would be refused again. `unsent`: we stopped, or ran out of tries; it may or may
 * not have arrived.
 */
export type Answer =
  | { readonly kind: 'accepted'; readonly status: number; readonly result: string; readonly orderKey?: string; readonly version?: number }
  | { readonly kind: 'refused'; readonly status: number; readonly body: string }
  | { readonly kind: 'unsent'; readonly reason: string };

export interface SendDeps {
  readonly url: string;
  readonly token: string;
  readonly clock: SandboxClock;
  readonly fetch: typeof fetch;
  readonly jitter: () => number;
  readonly signal: AbortSignal;
  readonly onRetry: () => void;
}

const MAX_TRIES = 500;
const FIRST_WAIT_MS = 100;
const MAX_WAIT_MS = 5_000;
const MAX_RETRY_AFTER_MS = 60_000;
const REQUEST_TIMEOUT_MS = 30_000;
const MAX_ANSWER_CHARACTERS = 2_000;
const MAY_RETRY = new Set([408, 425, 429, 500, 502, 503, 504]);

export async function send(outgoing: Outgoing, deps: SendDeps): Promise<Answer> {
  let reason = 'stopped';
  for (let tried = 0; tried < MAX_TRIES && !deps.signal.aborted; tried++) {
    if (tried > 0) deps.onRetry();
    const answer = await attempt(outgoing, deps);
    if ('kind' in answer) return answer;
    reason = answer.reason;
    await deps.clock.sleep(answer.waitMs ?? backoffMs(tried, deps.jitter()), deps.signal);
  }
  return { kind: 'unsent', reason };
}

/** Doubles up to a limit; half of it is left to the dice, so that many senders do not come back at once. */
const backoffMs = (tried: number, dice: number): number =>
  Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(tried, 16)) * (0.5 + dice / 2);

interface TryAgain {
  readonly reason: string;
  readonly waitMs: number | undefined;
}

async function attempt(outgoing: Outgoing, deps: SendDeps): Promise<Answer | TryAgain> {
  try {
    const response = await deps.fetch(deps.url, {
      method: 'POST',
      body: outgoing.body,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${deps.token}`, 'idempotency-key': outgoing.idempotencyKey },
    });
    const text = await response.text();
    if (MAY_RETRY.has(response.status))
      return { reason: `HTTP ${response.status}`, waitMs: retryAfterMs(response.headers.get('retry-after'), deps.clock.now()) };
    return response.ok
      ? readAccepted(response.status, text)
      : { kind: 'refused', status: response.status, body: text.slice(0, MAX_ANSWER_CHARACTERS) };
  } catch (error) {
    const cause = (error as Error).cause;
    return { reason: cause instanceof Error ? cause.message : (error as Error).message, waitMs: undefined };
  }
}

function readAccepted(status: number, text: string): Answer {
  const answer = parseObject(text);
  return {
    kind: 'accepted',
    status,
    result: typeof answer['result'] === 'string' ? answer['result'] : 'accepted',
    ...(typeof answer['orderKey'] === 'string' ? { orderKey: answer['orderKey'] } : {}),
    ...(typeof answer['version'] === 'number' ? { version: answer['version'] } : {}),
  };
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Seconds or an HTTP date, as RFC 9110 allows; undefined when absent or unreadable. */
export function retryAfterMs(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now;
  return Number.isFinite(ms) ? Math.min(MAX_RETRY_AFTER_MS, Math.max(0, ms)) : undefined;
}
