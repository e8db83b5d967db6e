/** The HTTP frame that all rooms' routes hang in: exact bytes in, RFC 9457 problem documents out, security headers, one wide log event. */
import { isUtf8 } from 'node:buffer';
import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import { type Permissions, PERMISSIONS, problemDocument } from '@weir/contract';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Static, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Fault, isConnectionFault, isDiskFull, type Log, newId } from '#platform';
import type { Authenticate, Caller } from './caller.ts';
import type { Declaration } from './declaration.ts';
import { isDeeperThan } from './depth.ts';
import { watchBodies } from './body-clock.ts';
import { endAfterAnswer, refuseSocket } from './raw-refusal.ts';
import { limitConnections } from './count-connections.ts';
import { type NoteClient } from './note-client.ts';
import { trustOf } from './peer.ts';
import { createReadBody, type ReadBody } from './read-body.ts';
import { readProblems } from './read-problems.ts';
import { Refusal } from './refusal.ts';
import { problemsOfText } from './unicode.ts';

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null;
  }
  interface FastifyInstance {
    readonly answered: Answered;
    /** Who may call what. */
    readonly permissions: Permissions;
    /** What the routes say about themselves; `/openapi.json` is made from it. */
    readonly declared: Declaration[];
    /** Every address that the router knows, e.g. `GET /v1/orders`: a test compares it with what is declared. */
    readonly routed: string[];
    /** For parsers of other media: takes a body whole, within the room that there is. */
    readonly readBody: ReadBody;
  }
}

const BODY_LIMIT_BYTES = 2 * 1024 * 1024;
const HEADERS_TIMEOUT_MS = 10_000;
const LOOK_AT_CONNECTIONS_EVERY_MS = 2_000;
/** Of one request, all together; more is answered with 431. */
const HEADER_BYTES = 16 * 1024;
/** More are not accepted, so that whoever holds connections open holds a known part of the memory. */
export const MAX_CONNECTIONS = 10_000;
/** A connection on which nothing moves for this long is closed; an import may take hours as long as it moves. */
const IDLE_TIMEOUT_MS = 60_000;
const MAX_PARAM_LENGTH = 200;
const DISK_RETRY_SECONDS = 10;
/** A start takes about as long. */
const STOP_RETRY_SECONDS = 5;
/** Levels of lists and objects in a body. An order needs six; deeper ones are read by code that calls itself. */
export const JSON_DEPTH = 64;

/** Gives each route, by its declared path, who is told of its answers. */
export type Answered = (method: string, path: string) => (status: number, ms: number) => void;

const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
} as const;

export function createHttp(deps: {
  readonly log: Log;
  readonly authenticate: Authenticate;
  readonly answered?: Answered;
  /** The matrix of the contract, unless a test spoils it to see itself fail. */
  readonly permissions?: Permissions;
  /** Addresses and networks whose word about who is behind them counts. */
  readonly trustedProxies?: readonly string[];
  readonly connectionsPerAddress?: number;
  readonly note?: NoteClient;
}): FastifyInstance {
  const { trustedProxies = [], connectionsPerAddress: most = MAX_CONNECTIONS, note = () => {} } = deps;
  const isTrusted = trustOf(trustedProxies);
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    connectionTimeout: IDLE_TIMEOUT_MS,
    requestTimeout: 0,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    forceCloseConnections: 'idle',
    return503OnClosing: false, // we say it ourselves, in both languages
    trustProxy: trustedProxies.length === 0 ? false : isTrusted,
    http: {
      connectionsCheckingInterval: LOOK_AT_CONNECTIONS_EVERY_MS,
      maxHeaderSize: HEADER_BYTES,
      requireHostHeader: false,
      headersTimeout: HEADERS_TIMEOUT_MS,
    },
    clientErrorHandler: refuseSocket,
    genReqId: () => newId('req'),
    // A broken address would be quoted in the framework's own answer, and what stands in it may be about a person.
    frameworkErrors: (_error, _request, reply) => {
      sendProblem(reply.headers(SECURITY_HEADERS), new Refusal('request.not_found'));
    },
  });
  app.server.maxConnections = MAX_CONNECTIONS;
  limitConnections(app.server, { most, isTrusted, refused: (client) => note('request.connections_refused', client) });
  watchBodies(app);
  app.removeAllContentTypeParsers();
  app.decorate('readBody', createReadBody());
  app.addContentTypeParser('application/json', app.readBody);
  app.addContentTypeParser('application/x-ndjson', (_, payload, done) => done(null, payload));
  app.decorate('answered', deps.answered ?? (() => () => {}));
  app.decorate('permissions', deps.permissions ?? PERMISSIONS);
  app.decorate('declared', [] as Declaration[]);
  app.decorate('routed', [] as string[]);
  app.addHook('onRoute', ({ method, url }) => void app.routed.push(...[method].flat().map((each) => `${each} ${url}`)));
  app.decorateRequest('caller', null);
  let isStopping = false;
  app.addHook('preClose', (done) => ((isStopping = true), done()));
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(SECURITY_HEADERS);
    if (isStopping) throw new Refusal('server.stopping', {}, { retryAfterSeconds: STOP_RETRY_SECONDS });
    if (request.headers.host === undefined && request.raw.httpVersion !== '1.0') throw new Refusal('request.not_http');
    const encoding = request.headers['content-encoding'];
    if (encoding !== undefined && encoding !== 'identity') throw new Refusal('request.encoded');
    if (isIP(request.ip) === 0 && request.headers['x-forwarded-for'] !== undefined) throw new Refusal('request.not_http');
    if (request.is404 && request.method !== 'GET') throw new Refusal('request.not_found'); // its body is not read
    request.caller = await deps.authenticate(request);
  });
  app.addHook('onSend', (request, reply, payload, done) => {
    if (!(request.body instanceof Readable)) endIfUnread(request, reply);
    done(null, payload);
  });
  app.setErrorHandler((error, request, reply) => sendProblem(reply, toRefusal(error, request, deps.log)));
  return app;
}

function toRefusal(error: unknown, request: FastifyRequest, log: Log): Refusal {
  if (error instanceof Refusal) return error;
  if (isDiskFull(error)) {
    log.error('request.disk_full', error, { id: request.id });
    return new Refusal('server.disk_full', {}, { retryAfterSeconds: DISK_RETRY_SECONDS });
  }
  if (error instanceof Fault && (error.retry || isConnectionFault(error))) {
    log.warn('request.database_unavailable', { id: request.id, code: error.code });
    return new Refusal('server.busy', {}, { retryAfterSeconds: 1 });
  }
  const code = (error as { code?: string }).code;
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new Refusal('request.unsupported_media_type', { expected: 'application/json' });
  const status = (error as { statusCode?: number }).statusCode;
  if (status !== undefined && status >= 400 && status < 500) return new Refusal('request.invalid');
  log.error('request.failed', error, { id: request.id, method: request.method, route: request.routeOptions.url ?? 'unknown' });
  return new Refusal('server.fault', { id: request.id });
}

/** An answer that goes out while its request still comes is the last of its connection: nobody waits for the rest. */
function endIfUnread({ raw }: FastifyRequest, reply: FastifyReply): void {
  if (raw.complete !== false) return;
  reply.header('connection', 'close');
  endAfterAnswer(raw);
}

export function sendProblem(reply: FastifyReply, refusal: Refusal): FastifyReply {
  const document = problemDocument(refusal.code, refusal.params, refusal.problems);
  endIfUnread(reply.request, reply);
  if (refusal.retryAfterSeconds !== undefined) reply.header('retry-after', String(refusal.retryAfterSeconds));
  return reply.status(document.status).type('application/problem+json').send(JSON.stringify(document));
}

/** Parses exact bytes; throws a refusal that names line and column. */
export function parseJson(bytes: unknown): unknown {
  if (!Buffer.isBuffer(bytes)) throw new Refusal('request.unsupported_media_type', { expected: 'application/json' });
  if (!isUtf8(bytes)) throw new Refusal('request.not_json', { line: 1, column: 1 });
  const text = bytes.toString('utf8');
  if (isDeeperThan(text, JSON_DEPTH)) throw new Refusal('request.too_deep', { limit: JSON_DEPTH });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal('request.not_json', placeOf(text, String((error as Error).message)));
  }
}

export function placeOf(text: string, message: string): { line: number; column: number } {
  const named = /line (\d+) column (\d+)/.exec(message);
  if (named) return { line: Number(named[1]), column: Number(named[2]) };
  const at = Number(/position (\d+)/.exec(message)?.[1] ?? text.length);
  const before = text.slice(0, at).split('\n');
  return { line: before.length, column: (before.at(-1) as string).length + 1 };
}

/** A strict reader of bodies: what the schema does not name is a problem with its pointer. */
export function bodyReader<T extends TSchema>(schema: T): (request: FastifyRequest) => Static<T> {
  const check = Compile(schema);
  return (request) => {
    const { body } = request;
    const value = body === undefined || (Buffer.isBuffer(body) && body.length === 0) ? {} : parseJson(body);
    const problems = Buffer.isBuffer(body) ? problemsOfText(body, value) : [];
    if (problems.length > 0) throw new Refusal('request.invalid', {}, { problems });
    if (!check.Check(value)) throw new Refusal('request.invalid', {}, { problems: readProblems(check.Errors(value), value) });
    return value;
  };
}

export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === null) throw new Refusal('request.unauthenticated');
  return request.caller;
}

/** Header `If-Match: "<version>"` as a number. */
export function ifMatch(request: FastifyRequest): number | undefined {
  const text = request.headers['if-match'];
  if (text === undefined) return undefined;
  const match = /^"?(\d{1,9})"?$/.exec(text);
  if (!match)
    throw new Refusal('request.invalid', {}, { problems: [{ pointer: 'If-Match', en: 'expected "<version>"', zh: '应为 "<版本号>"' }] });
  return Number(match[1]);
}
