/** The routes of imports. */
import { Readable } from 'node:stream';
import { inflateRawSync } from 'node:zlib';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { mayTouchShop } from '#access';
import { type Clock, type Db, type Log, newId } from '#platform';
import { callerOf, Refusal } from '#web';
import { findImport, type ImportRow, readImportPart } from './import-store.ts';
import { importOrders } from './import.ts';
import type { Outcomes } from './outcomes.ts';
import type { Submit } from './submit.ts';

const IMPORTS_AT_ONCE = 4;
/** A client that does not read holds at most this much of the server's memory; the rest of its report is stored only. */
const UNREAD_BYTES = 4_000_000;

export function importRoutes(
  app: FastifyInstance,
  deps: { readonly db: Db; readonly clock: Clock; readonly submit: Submit; readonly findOutcome: Outcomes['find']; readonly log: Log },
): void {
  let running = 0;
  app.post('/v1/orders::import', async (request, reply) => {
    const caller = callerOf(request);
    if (!(request.body instanceof Readable)) throw new Refusal('request.unsupported_media_type', { expected: 'application/x-ndjson' });
    if (running >= IMPORTS_AT_ONCE) throw new Refusal('intake.full', {}, { retryAfterSeconds: 5 });
    running++;
    const id = newId('imp');
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'weir-import-id': id, 'cache-control': 'no-store' });
    reply.raw.flushHeaders();
    let untold = 0;
    const tell = (line: object): void => {
      if (reply.raw.writableLength < UNREAD_BYTES) reply.raw.write(`${JSON.stringify(line)}\n`);
      else untold++;
    };
    const allowed = new Map<string, Promise<boolean>>();
    const mayTouch = (channel: string, shop: string): Promise<boolean> => {
      const key = `${channel}/${shop}`;
      const known = allowed.get(key) ?? mayTouchShop(deps.db, caller, channel, shop);
      allowed.set(key, known);
      return known;
    };
    try {
      const counts = await importOrders({ ...deps, mayTouch }, id, caller, request.body, tell);
      reply.raw.end(`${JSON.stringify({ import: id, counts, untold })}\n`);
    } catch (error) {
      deps.log.error('import.failed', error, { id });
      reply.raw.destroy();
    } finally {
      running--;
    }
  });

  app.get<{ Params: { id: string } }>('/v1/imports/:id', async (request) => {
    const { startedAt, finishedAt, complete, counts } = await importOf(deps.db, request, request.params.id);
    return {
      id: request.params.id,
      startedAt: new Date(startedAt).toISOString(),
      finishedAt: finishedAt && new Date(finishedAt).toISOString(),
      complete,
      counts: JSON.parse(counts) as object,
    };
  });
  app.get<{ Params: { id: string } }>('/v1/imports/:id/report', async (request, reply) => {
    await importOf(deps.db, request, request.params.id);
    const parts = async function* (): AsyncGenerator<Buffer> {
      for (let part = 1; ; part++) {
        const body = await readImportPart(deps.db, request.params.id, part);
        if (body === null) return;
        yield inflateRawSync(body);
      }
    };
    return reply.type('application/x-ndjson').send(Readable.from(parts()));
  });
}

/** An import is shown to the token that made it, and to administrators. */
async function importOf(db: Db, request: FastifyRequest, id: string): Promise<ImportRow> {
  const caller = callerOf(request);
  const row = await findImport(db, id);
  if (row === null || (caller.role !== 'admin' && row.tokenId !== caller.id)) throw new Refusal('import.not_found');
  return row;
}
