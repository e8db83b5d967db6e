/** The routes of imports. */
import { Readable } from 'node:stream';
import { inflateRawSync } from 'node:zlib';
import { ImportAnswer, ImportLine, NeutralOrder } from '@weir/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayTouchShop } from '#access';
import { type Clock, type Db, type Log, newId } from '#platform';
import { type Authenticate, type Caller, Refusal, route } from '#web';
import { findImport, type ImportRow, readImportPart } from './import-store.ts';
import { createRoom } from './flight.ts';
import { BYTES_IN_FLIGHT, ImportCut, type ImportDeps, importOrders } from './import.ts';
import type { Outcomes } from './outcomes.ts';
import type { Submit } from './submit.ts';

const IMPORTS_AT_ONCE = 4;
/** A client that does not read holds at most this much of the server's memory; the rest of its report is stored only. */
const UNREAD_BYTES = 4_000_000;

/** Of one import; beyond it they are asked for again. */
const SHOPS_REMEMBERED = 1_000;
const LOOK_AGAIN_MS = 5_000;
const NDJSON = 'application/x-ndjson';

interface ImportRouteDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly submit: Submit;
  readonly waitForOutcome: Outcomes['wait'];
  readonly log: Log;
  readonly authenticate: Authenticate;
}
export function importRoutes(app: FastifyInstance, deps: ImportRouteDeps): void {
  streamRoute(app, deps);
  reportRoutes(app, deps);
}

function streamRoute(app: FastifyInstance, deps: ImportRouteDeps): void {
  let running = 0;
  const room = createRoom(BYTES_IN_FLIGHT);
  const declaration = {
    id: 'importOrders',
    method: 'POST',
    path: '/v1/orders:import',
    tag: 'orders',
    zh: '流式导入：每行一个中立订单，每行一个结果（次序不定）；编号在 Weir-Import-Id 里',
    en: 'a stream with one neutral order a line; one result a line comes back, in any order; its id is in Weir-Import-Id',
    bytes: { media: NDJSON, line: NeutralOrder },
    answers: { 200: { media: NDJSON, line: ImportLine } },
    errors: ['intake.full'],
  } as const;
  route(app, declaration, async ({ request, reply, caller }) => {
    if (!(request.body instanceof Readable)) throw new Refusal('request.unsupported_media_type', { expected: NDJSON });
    if (running >= IMPORTS_AT_ONCE) throw new Refusal('intake.full', {}, { retryAfterSeconds: 5 });
    running++;
    const id = newId('imp');
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': NDJSON, 'weir-import-id': id, 'cache-control': 'no-store' });
    reply.raw.flushHeaders();
    let untold = 0;
    const tell = (line: object): void => {
      if (reply.raw.writableLength < UNREAD_BYTES) reply.raw.write(`${JSON.stringify(line)}\n`);
      else untold++;
    };
    const mayTouch = rightsOf(deps, request, caller);
    try {
      const counts = await importOrders({ ...deps, mayTouch, room }, id, caller, request.body, tell);
      reply.raw.end(`${JSON.stringify({ import: id, counts, untold })}\n`);
    } catch (error) {
      deps.log.error('import.failed', error, { id });
      if (error instanceof ImportCut)
        reply.raw.end(); // without the last line: whoever sent it knows that it ended early, and has read all results
      else reply.raw.destroy();
    } finally {
      running--;
    }
  });
}

/** An import may take hours: what it may touch is what its caller may touch now, asked again every few seconds. Who is gone may touch nothing more. */
function rightsOf(deps: ImportRouteDeps, request: FastifyRequest, caller: Caller): ImportDeps['mayTouch'] {
  const allowed = new Map<string, Promise<boolean>>();
  let [who, askedAt] = [Promise.resolve<Caller | null>(caller), deps.clock.now()];
  return async (channel, shop) => {
    if (allowed.size >= SHOPS_REMEMBERED) allowed.clear();
    if (Math.abs(deps.clock.now() - askedAt) >= LOOK_AGAIN_MS) {
      allowed.clear();
      // While nobody can be asked nothing is stored either; the next look asks again.
      [who, askedAt] = [deps.authenticate(request, { isFresh: true }).catch(() => caller), deps.clock.now()];
    }
    const known = await who;
    if (known === null || known.id !== caller.id || known.role !== caller.role) return false;
    const key = `${channel}/${shop}`;
    const may = allowed.get(key) ?? mayTouchShop(deps.db, known, channel, shop);
    allowed.set(key, may);
    return may;
  };
}

function reportRoutes(app: FastifyInstance, { db }: ImportRouteDeps): void {
  const summary = {
    id: 'readImport',
    method: 'GET',
    path: '/v1/imports/{id}',
    tag: 'orders',
    zh: '一次导入的进度与计数',
    en: 'how far an import is, and its counts',
    answers: { 200: ImportAnswer },
    errors: ['import.not_found'],
  } as const;
  route(app, summary, async ({ caller, params: { id } }) => {
    const { startedAt, finishedAt, complete, counts } = await importOf(db, caller, id);
    return {
      id,
      startedAt: new Date(startedAt).toISOString(),
      finishedAt: finishedAt && new Date(finishedAt).toISOString(),
      complete,
      counts: JSON.parse(counts) as object,
    };
  });
  const report = {
    id: 'readImportReport',
    method: 'GET',
    path: '/v1/imports/{id}/report',
    tag: 'orders',
    zh: '一次导入已保存的逐行结果',
    en: 'the stored result of each line of an import',
    answers: { 200: { media: NDJSON, line: ImportLine } },
    errors: ['import.not_found'],
  } as const;
  route(app, report, async ({ reply, caller, params: { id } }) => {
    await importOf(db, caller, id);
    const parts = async function* (): AsyncGenerator<Buffer> {
      for (let next = await readImportPart(db, id, 0); next !== null; next = await readImportPart(db, id, next.part))
        yield inflateRawSync(next.body);
    };
    return reply.type(NDJSON).send(Readable.from(parts()));
  });
}

/** The rule `maker` of the matrix of permissions: shown to the token that made it, and to administrators of every shop. */
async function importOf(db: Db, caller: Caller, id: string): Promise<ImportRow> {
  const row = await findImport(db, id);
  if (row === null || (row.tokenId !== caller.id && !(caller.role === 'admin' && caller.shops === null)))
    throw new Refusal('import.not_found');
  return row;
}
