/** `GET /v1/stream`: what changed, as server-sent events. A slow reader loses lines, never memory: it reloads its list. */
import type { FastifyInstance } from 'fastify';
import type { Worked } from '#intake';
import { type Authenticate, type Caller, Refusal, route } from '#web';

/** Also how long a reader who was revoked, removed or logged out goes on reading. */
const HEARTBEAT_MS = 5_000;
const READERS = 200;
const ITEMS_AT_ONCE = 100;
const GATHER_MS = 500;
const BUFFERED_BYTES = 256 * 1024;

interface Item {
  readonly orderKey: string;
  readonly version: number;
  readonly type: string;
  readonly status: string | null;
}

interface StreamDeps {
  readonly onWorked: (listener: (worked: Worked) => void) => void;
  readonly authenticate: Authenticate;
  readonly heartbeatMs?: number;
}
interface Reader {
  /** As he was known at the last heartbeat. */
  caller: Caller;
  readonly send: (text: string) => void;
}

export function streamRoutes(app: FastifyInstance, { onWorked, authenticate, heartbeatMs = HEARTBEAT_MS }: StreamDeps): void {
  const readers = new Set<Reader>();
  let waiting: (Item & { readonly source: string })[] = [];
  const flush = (): void => {
    const items = waiting;
    waiting = [];
    for (const reader of readers) {
      const mine = items
        .filter((item) => reader.caller.shops === null || reader.caller.shops.has(item.source))
        .map(({ source: _, ...item }) => item);
      if (mine.length > 0) reader.send(`event: changes\ndata: ${JSON.stringify({ items: mine })}\n\n`);
    }
  };
  onWorked(({ events }) => {
    if (readers.size === 0) return;
    for (const event of events) {
      if (waiting.length >= ITEMS_AT_ONCE) break;
      const state = JSON.parse(event.state) as { status: string | null; channel: string; shop: string };
      waiting.push({
        orderKey: event.subjectKey,
        version: event.version,
        type: event.type,
        status: state.status,
        source: `${state.channel}/${state.shop}`,
      });
    }
  });
  const timer = setInterval(flush, GATHER_MS);
  app.addHook('onClose', (_, done) => {
    clearInterval(timer);
    done();
  });
  app.addHook('preClose', (done) => {
    for (const reader of readers) reader.send('');
    done();
  });

  const declaration = {
    id: 'readStream',
    method: 'GET',
    path: '/v1/stream',
    tag: 'insight',
    zh: '实时变化（服务器推送事件）',
    en: 'live changes, as server-sent events',
    answers: { 200: { media: 'text/event-stream' } },
  } as const;
  route(app, declaration, ({ request, reply, caller }) => {
    if (readers.size >= READERS) throw new Refusal('request.too_many', { seconds: 30 }, { retryAfterSeconds: 30 });
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    raw.write(': ready\n\n');
    const send = (text: string): void => {
      if (text === '') raw.end();
      else if (raw.writableLength < BUFFERED_BYTES) raw.write(text);
    };
    const reader: Reader = { caller, send };
    readers.add(reader);
    /** A stream outlives what its reader was allowed when it began. Where nobody can be asked it ends as well: a browser comes again by itself. */
    const lookAgain = async (): Promise<void> => {
      const known = await authenticate(request, { isFresh: true }).catch(() => null);
      if (known === null || known.id !== caller.id || known.role !== caller.role) {
        readers.delete(reader);
        return send('');
      }
      reader.caller = known;
      send(': beat\n\n');
    };
    const beat = setInterval(() => void lookAgain(), heartbeatMs);
    raw.on('close', () => {
      clearInterval(beat);
      readers.delete(reader);
    });
  });
}
