/** A handler for `http.createServer`, and the same without a server for any framework that gives the body's bytes. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { apply, type Change, type Delivery, type Effect } from './apply.ts';
import { stateDigest } from './digest.ts';
import { type Order, readEvent } from './event.ts';
import type { Store, StoreSession } from './store.ts';
import { keyOf, TOLERANCE_SECONDS, type Verified, verify } from './verify.ts';

const BODY_BYTES = 4 * 1024 * 1024;

export interface ReceiverOptions<Handle> {
  /** `whsec_…`; both while one is being replaced. A function is asked at each delivery. */
  readonly secret: string | readonly string[] | (() => string | readonly string[]);
  readonly store: Store<Handle>;
  /** Called once for each change, in order for each order. What it throws undoes the delivery, and it comes again later. */
  readonly onChange: (change: Change<Handle>) => Promise<void> | void;
  /**
   * What your own tables hold of this order, in the words of Weir; the digest is made of it, so that Weir notices when they drift. Asked inside the
   * delivery's transaction, behind `onChange`, also for repeats. Without it the digest is made of the order as this store holds it.
   */
  readonly holds?: (asked: { readonly orderKey: string; readonly tx: Handle }) => Promise<Order | null> | Order | null;
  /** Told of what it threw, and of deliveries that were refused; nothing of the body is in it. Without it they are written to the error output. */
  readonly onProblem?: (problem: Problem) => void;
  readonly toleranceSeconds?: number;
  /** ms UTC. */
  readonly now?: () => number;
}
/** `no_secret`: `secret` gave nothing that is one. */
export type Refused = Exclude<Verified, 'ok'> | 'no_secret' | 'not_an_event' | 'too_large' | 'not_a_post' | 'failed';
export interface Problem {
  readonly why: Refused;
  readonly webhookId: string | undefined;
  readonly error?: unknown;
}
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

const STATUS = { no_secret: 500, not_an_event: 422, too_large: 413, not_a_post: 405, failed: 500 } as const;
const statusOf = (why: Refused): number => (why in STATUS ? STATUS[why as keyof typeof STATUS] : 401);
const SHOWN_ID = 100;
const writeProblem = ({ why, webhookId = '-', error }: Problem): void => {
  const what = error === undefined ? '' : `: ${inspect(error)}`;
  process.stderr.write(`weir receiver: ${why} (webhook-id ${JSON.stringify(webhookId.slice(0, SHOWN_ID))})${what}\n`);
};

/** Throws a TypeError when `secret` is no secret: a receiver with an empty one would believe everybody. */
export function receiver<Handle>(options: ReceiverOptions<Handle>): Receiver {
  const { secret, store, onChange, holds, onProblem = writeProblem, toleranceSeconds = TOLERANCE_SECONDS, now = Date.now } = options;
  if (typeof secret !== 'function' && usable(secret).length === 0)
    throw new TypeError('secret: `whsec_…` as Weir showed it when the endpoint was made; is the environment variable set?');
  const refuse = (why: Refused, webhookId: string | undefined, error?: unknown): Answer => {
    onProblem({ why, webhookId, ...(error === undefined ? {} : { error }) });
    return { status: statusOf(why), headers: {}, effect: why };
  };

  /** The digest is of what is held behind the delivery, never of what it brought. */
  const work = async (session: StoreSession<Handle>, delivery: Delivery): Promise<Answer> => {
    const { orderKey } = delivery.event;
    const effect = await apply(session, delivery, onChange);
    const held = holds ? await holds({ orderKey, tx: session.handle }) : ((await session.find(orderKey))?.order ?? null);
    return { status: 200, headers: held === null ? {} : { 'weir-state-digest': stateDigest(held) }, effect };
  };
  const take = async (headers: Headers, body: Buffer): Promise<Answer> => {
    const said = (name: string): string | undefined => [headers[name]].flat()[0];
    const [id, timestamp, signature] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map(said);
    try {
      const secrets = usable(typeof secret === 'function' ? secret() : secret);
      if (secrets.length === 0) return refuse('no_secret', id);
      const verified = verify(secrets, { id, timestamp, signature }, body, now(), toleranceSeconds);
      if (verified !== 'ok') return refuse(verified, id);
      const event = readEvent(body);
      if (event === null) return refuse('not_an_event', id);
      return await store.transaction(event.orderKey, (session) => work(session, { webhookId: id as string, atMs: now(), event }));
    } catch (error) {
      return refuse('failed', id, error);
    }
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = request.method === 'POST' ? await readBody(request) : 'not_a_post';
    const answer = typeof body === 'string' ? refuse(body, undefined) : await take(request.headers, body);
    const isRefused = answer.status !== 200;
    response
      .writeHead(answer.status, {
        ...answer.headers,
        ...(isRefused ? { 'content-type': 'application/json' } : {}),
        ...(typeof body === 'string' ? { connection: 'close' } : {}),
      })
      .end(isRefused ? JSON.stringify({ why: answer.effect }) : undefined); // Weir keeps it in its log of deliveries
  };
  const handler = (request: IncomingMessage, response: ServerResponse): void => {
    serve(request, response).catch(() => response.destroy()); // the line broke off: it comes again
  };
  return Object.assign(handler, { take });
}

const usable = (secrets: string | readonly string[] | undefined): readonly string[] =>
  [secrets].flat().filter((secret) => secret !== undefined && keyOf(secret) !== null) as readonly string[];

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
