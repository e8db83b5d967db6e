/** The sample subscriber: what a business system does that takes Weir's webhooks seriously, and on request what a bad one does. */
import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ArrivalFile, openArrivalFile, readArrivals } from './arrival-file.ts';
import { type Arrival, type Arrivals, createArrivals, toArrival, type Violation } from './arrivals.ts';
import { type Behaviour, judge } from './behaviour.ts';
import { realClock, type SandboxClock } from './clock.ts';
import { type Envelope, type OrderData, personalFields, readEnvelope } from './envelope.ts';
import { stateDigest } from './state-digest.ts';
import { checkSignature } from './webhook-signature.ts';

export interface SubscriberOptions {
  /** The endpoint's secret, or several while it is being changed. */
  readonly secret: string | readonly string[];
  /** NDJSON of first arrivals; read at the start, so a restart knows what it has. Without one they are only in memory. */
  readonly file?: string;
  /** 0 (unless said) takes a free one. */
  readonly port?: number;
  readonly behaviour?: Behaviour;
  readonly clock?: SandboxClock;
  /** The endpoint's own digest fields. */
  readonly digestFields?: readonly string[];
  /** Texts that must never stand in a body, e.g. planted names and phones. */
  readonly canaries?: readonly string[];
  /** For an endpoint that was granted personal fields. */
  readonly mayHavePersonalFields?: boolean;
  /** Told of each first arrival before it is answered, e.g. to look whether it was allowed to come just now. */
  readonly onArrival?: (arrival: Arrival) => Promise<void>;
  /** So many arrivals and orders are kept in memory, 500,000 unless said. */
  readonly remember?: number;
}

export interface Subscriber {
  readonly url: string;
  /** How many first arrivals there were. */
  count(): number;
  /** First arrivals, in order. */
  received(): Omit<Arrival, 'order'>[];
  /** The newest version of each order, by order key. */
  orders(): ReadonlyMap<string, OrderData>;
  /** Every broken promise it saw. */
  violations(): readonly Violation[];
  /** Tries per webhook-id, failed ones included. */
  tries(): ReadonlyMap<string, number>;
  behave(behaviour: Behaviour): void;
  /** Puts in another secret (or several), as after `:rotateSecret`. */
  trust(secret: string | readonly string[]): void;
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 1_000_000;
const MAX_COUNTED_IDS = 500_000;

export async function createSubscriber(options: SubscriberOptions): Promise<Subscriber> {
  const { clock = realClock } = options;
  const arrivals = createArrivals(options.remember);
  for (const arrival of options.file === undefined ? [] : readArrivals<Arrival>(options.file)) arrivals.take(arrival);
  const desk: Desk = {
    options,
    clock,
    arrivals,
    file: options.file === undefined ? null : await openArrivalFile(options.file),
    tries: new Map(),
    storing: new Map(),
    closing: new AbortController(),
    secrets: [options.secret].flat(),
    behaviour: options.behaviour ?? {},
    failed: 0,
  };
  const server = createServer((request, response) => void handle(desk, request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    count: arrivals.count,
    received: arrivals.received,
    orders: arrivals.orders,
    violations: arrivals.violations,
    tries: () => desk.tries,
    behave(behaviour) {
      desk.behaviour = behaviour;
      desk.failed = 0;
    },
    trust: (secret) => void (desk.secrets = [secret].flat()),
    async close() {
      desk.closing.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await Promise.allSettled(desk.storing.values());
      await desk.file?.close();
    },
  };
}

interface Desk {
  readonly options: SubscriberOptions;
  readonly clock: SandboxClock;
  readonly arrivals: Arrivals;
  readonly file: ArrivalFile | null;
  readonly tries: Map<string, number>;
  /** Being written now: the same webhook-id twice at once is one arrival, and both are answered when it is on the disk. */
  readonly storing: Map<string, Promise<void>>;
  readonly closing: AbortController;
  secrets: readonly string[];
  behaviour: Behaviour;
  failed: number;
}

async function handle(desk: Desk, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  if (body === null) return end(response, 413);
  const found = examine(desk, request, body);
  if ('status' in found) return end(response, found.status);
  const { webhookId, envelope } = found;
  const tried = (desk.tries.get(webhookId) ?? 0) + 1;
  desk.tries.set(webhookId, tried);
  if (desk.tries.size > (desk.options.remember ?? MAX_COUNTED_IDS)) desk.tries.delete(desk.tries.keys().next().value as string);
  const { behaviour } = desk;
  const verdict = judge(behaviour, envelope.subject, tried, desk.failed);
  if (!verdict.take) desk.failed += 1;
  if (behaviour.delayMs) await desk.clock.sleep(behaviour.delayMs, desk.closing.signal);
  if (!verdict.take)
    return verdict.status === null
      ? undefined
      : end(response, verdict.status, verdict.retryAfterSeconds === undefined ? {} : { 'retry-after': String(verdict.retryAfterSeconds) });
  await store(desk, webhookId, envelope, body);
  if (behaviour.cutAfterStoring) return void response.socket?.destroy();
  end(response, 204, digestHeader(desk, envelope.subject));
}

/** Reads at most `MAX_BODY_BYTES`; null when there is more. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size <= MAX_BODY_BYTES) parts.push(part);
  }
  return size > MAX_BODY_BYTES ? null : Buffer.concat(parts);
}

type Examined = { readonly webhookId: string; readonly envelope: Envelope } | { readonly status: number };

/** Signature first; nothing of an unsigned body is looked at. */
function examine(desk: Desk, request: IncomingMessage, body: Buffer): Examined {
  const header = (name: string): string | undefined => request.headers[name]?.toString();
  const webhookId = header('webhook-id');
  const wrong = (kind: Violation['kind'], detail: string) => desk.arrivals.break({ kind, webhookId, detail });
  const signature = checkSignature(
    desk.secrets,
    { id: webhookId, timestamp: header('webhook-timestamp'), signature: header('webhook-signature') },
    body,
    desk.clock.now(),
  );
  if (signature !== null || webhookId === undefined) {
    wrong('signature', signature ?? 'webhook-id is missing');
    return { status: 401 };
  }
  const event = parse(body);
  const read = readEnvelope(header('content-type'), event);
  if ('wrong' in read) {
    wrong('envelope', read.wrong);
    return { status: 400 };
  }
  if (!desk.options.mayHavePersonalFields) for (const path of personalFields(event)) wrong('personal_field', path);
  const text = desk.options.canaries?.length ? body.toString('utf8') : '';
  for (const [index, canary] of (desk.options.canaries ?? []).entries())
    if (text.includes(canary)) wrong('canary', `canary ${index} stands in the body`);
  return { webhookId, envelope: read.envelope };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

async function store(desk: Desk, webhookId: string, envelope: Envelope, body: Buffer): Promise<void> {
  if (desk.arrivals.has(webhookId)) {
    desk.arrivals.seeAgain(webhookId, hash('sha256', body));
    return desk.storing.get(webhookId);
  }
  const arrival = toArrival(webhookId, envelope, desk.clock.now(), body);
  desk.arrivals.take(arrival);
  await desk.options.onArrival?.(arrival);
  if (desk.file === null) return;
  const stored = desk.file.append(arrival);
  desk.storing.set(webhookId, stored);
  await stored; // when this fails the entry stays, and another try of this webhook-id fails as well
  desk.storing.delete(webhookId);
}

function digestHeader(desk: Desk, subject: string): Record<string, string> {
  const { digest = 'right' } = desk.behaviour;
  const order = desk.arrivals.newest(subject);
  if (digest === 'none' || order === undefined) return {};
  return { 'weir-state-digest': digest === 'right' ? stateDigest(order, desk.options.digestFields) : `${order.version}:${'0'.repeat(32)}` };
}

function end(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  response.writeHead(status, headers).end();
}
