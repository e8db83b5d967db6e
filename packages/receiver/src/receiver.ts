/** A handler for `http.createServer`, and the same without a server for any framework that gives the body's bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { apply, type Change, type Effect } from './apply.ts';
import { stateDigest } from './digest.ts';
import { readEvent } from './event.ts';
import type { Store } from './store.ts';
import { TOLERANCE_SECONDS, type Verified, verify } from './verify.ts';

const BODY_BYTES = 4 * 1024 * 1024;

export interface ReceiverOptions<Handle> {
  /** `whsec_…`; both while one is being replaced. A function is asked at each delivery. */
  readonly secret: string | readonly string[] | (() => string | readonly string[]);
  readonly store: Store<Handle>;
  /** Called once for each change, in order for each order. What it throws undoes the delivery, and it comes again later. */
  readonly onChange: (change: Change<Handle>) => Promise<void> | void;
  /** Told of what it threw, and of deliveries that were refused; nothing of the body is in it. */
  readonly onProblem?: (problem: { readonly why: Refused; readonly webhookId: string | undefined; readonly error?: unknown }) => void;
  readonly toleranceSeconds?: number;
  /** ms UTC. */
  readonly now?: () => number;
}
export type Refused = Exclude<Verified, 'ok'> | 'not_an_event' | 'too_large' | 'not_a_post' | 'failed';
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly effect: Effect | Refused;
}
type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;
export interface Receiver {
  (request: IncomingMessage, response: ServerResponse): void;
  /** `body`: the bytes as they came. Header names in lower case. */
  take(headers: Headers, body: Buffer): Promise<Answer>;
}

const STATUS = { not_an_event: 422, too_large: 413, not_a_post: 405, failed: 500 } as const;
const statusOf = (why: Refused): number => (why in STATUS ? STATUS[why as keyof typeof STATUS] : 401);

export function receiver<Handle>(options: ReceiverOptions<Handle>): Receiver {
  const { secret, store, onChange, onProblem = () => {}, toleranceSeconds = TOLERANCE_SECONDS, now = Date.now } = options;
  const secrets = (): readonly string[] => [typeof secret === 'function' ? secret() : secret].flat();
  const refuse = (why: Refused, webhookId: string | undefined, error?: unknown): Answer => {
    onProblem({ why, webhookId, ...(error === undefined ? {} : { error }) });
    return { status: statusOf(why), headers: {}, effect: why };
  };

  const take = async (headers: Headers, body: Buffer): Promise<Answer> => {
    const said = (name: string): string | undefined => [headers[name]].flat()[0];
    const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(said);
    const verified = verify(secrets(), { id, timestamp, signature }, body, now(), toleranceSeconds);
    if (verified !== 'ok') return refuse(verified, id);
    const event = readEvent(body);
    if (event === null) return refuse('not_an_event', id);
    try {
      const delivery = { webhookId: id as string, atMs: now(), event };
      const { effect, held } = await store.transaction(event.orderKey, (session) => apply(session, delivery, onChange));
      const digest = held?.order ? { 'weir-state-digest': stateDigest(held.order) } : {};
      return { status: 200, headers: digest, effect };
    } catch (error) {
      return refuse('failed', id, error);
    }
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = request.method === 'POST' ? await readBody(request) : 'not_a_post';
    const answer = typeof body === 'string' ? refuse(body, undefined) : await take(request.headers, body);
    response.writeHead(answer.status, { ...answer.headers, ...(typeof body === 'string' ? { connection: 'close' } : {}) }).end();
  };
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch(() => response.destroy()); // the line broke off: it comes again
  };
  return Object.assign(handler, { take });
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too_large'> {
  const [parts, limit]: [Buffer[], number] = [[], BODY_BYTES];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > limit) return 'too_large';
    parts.push(part);
  }
  return Buffer.concat(parts);
}
