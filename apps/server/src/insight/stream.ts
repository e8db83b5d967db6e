/**
 * `GET /v1/stream`: what changed, as server-sent events. A slow reader loses lines, never memory. Whoever lost some is told so (`missed`) and asks its
 * lists again; a `beat` says that the line still stands, for a line may be cut without a word.
 */
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
  readonly shop: string;
}
const eventText = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;

export interface StreamDeps {
  readonly onWorked: (listener: (worked: Worked) => void) => void;
  /** Only the process that works on orders hears of changes; another one's readers must ask. */
  readonly worker: { state(): { readonly holds: boolean } };
  readonly authenticate: Authenticate;
  readonly heartbeatMs?: number;
}

interface Reader {
  /** As he was known at the last heartbeat. */
  caller: Caller;
  readonly send: (text: string) => void;
}

export function streamRoutes(app: FastifyInstance, { onWorked, worker, authenticate, heartbeatMs = HEARTBEAT_MS }: StreamDeps): void {
  const readers = new Set<Reader>();
  let waiting: (Item & { readonly source: string })[] = [];
  let hasMore = false;
  const flush = (): void => {
    const [items, missed] = [waiting, hasMore ? eventText('missed', {}) : ''];
    [waiting, hasMore] = [[], false];
    for (const reader of readers) {
      const mine = items
        .filter((item) => reader.caller.shops === null || reader.caller.shops.has(item.source))
        .map(({ source: _, ...item }) => item);
      const text = (mine.length > 0 ? eventText('changes', { items: mine }) : '') + missed;
      if (text !== '') reader.send(text);
    }
  };
  onWorked(({ events }) => {
    if (readers.size === 0) return;
    for (const event of events) {
      hasMore = waiting.length >= ITEMS_AT_ONCE;
      if (hasMore) break;
      const state = JSON.parse(event.state) as { status: string | null; channel: string; shop: string };
      waiting.push({
        orderKey: event.subjectKey,
        version: event.version,
        type: event.type,
        status: state.status,
        shop: state.shop,
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
    let hasLost = false;
    const send = (text: string): void => {
      if (text === '') return void raw.end();
      if (raw.writableLength >= BUFFERED_BYTES) hasLost = true;
      else {
        raw.write(hasLost ? eventText('missed', {}) + text : text);
        hasLost = false;
      }
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
      send(eventText('beat', { works: worker.state().holds }));
    };
    const beat = setInterval(() => void lookAgain(), heartbeatMs);
    raw.on('close', () => {
      clearInterval(beat);
      readers.delete(reader);
    });
  });
}
