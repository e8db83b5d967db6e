/** One HTTP try. It never throws: the answer says what became of it. */
import { Agent, request } from 'undici';
import { AddressRefused, checkUrl, guardedLookup } from './address.ts';
import { retryAfterMs } from './ladder.ts';

export type Attempted =
  | { readonly kind: 'taken'; readonly digest: string | null }
  /** The receiver answered, and not with yes. */
  | { readonly kind: 'refused'; readonly status: number; readonly retryAfterMs: number | null }
  /** No answer: connection, timeout, or an address that may not be called. */
  | { readonly kind: 'unreachable'; readonly error: string };

const ANSWER_TIMEOUT_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;
const ANSWER_BYTES = 64 * 1024;

export interface Caller {
  attempt(url: string, headers: Record<string, string>, body: string, now: number): Promise<Attempted>;
  close(): Promise<void>;
}

export function createCaller(options: { readonly allowPrivate: boolean; readonly connections: number }): Caller {
  const agent = new Agent({
    connections: options.connections,
    pipelining: 1,
    headersTimeout: ANSWER_TIMEOUT_MS,
    bodyTimeout: ANSWER_TIMEOUT_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS, lookup: guardedLookup(options.allowPrivate) },
  });
  return {
    async attempt(url, headers, body, now) {
      try {
        checkUrl(url, options.allowPrivate);
        const response = await request(url, { method: 'POST', headers, body, dispatcher: agent });
        await response.body.dump({ limit: ANSWER_BYTES });
        const status = response.statusCode;
        if (status >= 200 && status < 300) {
          const digest = response.headers['weir-state-digest'];
          return { kind: 'taken', digest: typeof digest === 'string' ? digest : null };
        }
        return { kind: 'refused', status, retryAfterMs: retryAfterMs(response.headers['retry-after'], now) };
      } catch (error) {
        return { kind: 'unreachable', error: reasonOf(error) };
      }
    },
    close: () => agent.destroy(),
  };
}

/** A code, never a message that might carry a body. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return 'address_refused';
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code.slice(0, 80) : 'connection_failed';
}
