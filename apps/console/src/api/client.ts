/** One way to ask the server. Every failure becomes an `ApiError` with a code, so that pages choose by code and never by text. */
import type { ProblemDocument } from '@weir/contract';

/** The browser gives up on the server after this long; lists answer within 100 ms, commands within 5 s. */
const TIMEOUT_MS = 20_000;
/** A foreign page cannot send this header, so a write that carries it comes from the console. */
const CONSOLE_HEADER = { 'x-weir-console': '1' } as const;

/** Of its codes two are our own. `network.down`: no answer at all. `network.odd`: an answer that is not Weir's (a proxy's page, say). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly document: ProblemDocument | null;
  constructor(status: number, code: string, document: ProblemDocument | null) {
    super(code);
    this.status = status;
    this.code = code;
    this.document = document;
  }
}

export interface Write {
  readonly body: unknown;
  readonly ifMatch?: number;
  /** The same key for each try of one wish: a repeat has no second effect. */
  readonly idempotencyKey?: string;
}

export const get = <T>(path: string, signal?: AbortSignal): Promise<T> => ask<T>(path, signal ? { signal } : {});

export function post<T>(path: string, { body, ifMatch, idempotencyKey }: Write): Promise<T> {
  const headers = {
    'content-type': 'application/json',
    ...CONSOLE_HEADER,
    ...(ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` }),
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
  };
  return ask<T>(path, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const signal = init.signal ? AbortSignal.any([init.signal, limit]) : limit;
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...init, signal });
    text = await response.text();
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new ApiError(0, 'network.down', null);
  }
  const value = parse(text);
  if (response.ok && value !== undefined) return value as T;
  const document = isProblem(value) ? value : null;
  throw new ApiError(response.status, document?.code ?? 'network.odd', document);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isProblem = (value: unknown): value is ProblemDocument =>
  typeof value === 'object' && value !== null && typeof (value as { code?: unknown }).code === 'string';

/** Not `randomUUID`: that one exists on https and localhost only, and warehouses open the console by its address. */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `console-${[...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
