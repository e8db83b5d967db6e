/** Endpoints: administration of webhooks. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Db } from '#platform';
import { bodyReader, type Caller, callerOf, Refusal } from '#web';
import { AddressRefused } from './address.ts';
import type { Broadcast } from './broadcast.ts';
import { endpointDeclarations, newEndpointBody, type Words } from './declared.ts';
import { readFailures } from './store.ts';

const FAILURES_LIMIT = 200;

export interface EndpointRouteDeps extends Words {
  readonly db: Db;
  readonly broadcast: Broadcast;
  readonly adminOf: (request: FastifyRequest) => Caller;
  readonly audit: (caller: Caller, what: string, subject: string, detail: object) => Promise<void>;
  /** Writes down that the endpoint may have these fields, before it can get any. */
  readonly grant: (caller: Caller, grant: { readonly reader: string; readonly fields: readonly string[] }) => Promise<void>;
}

export function endpointRoutes(app: FastifyInstance, deps: EndpointRouteDeps): void {
  const { db, broadcast, adminOf, audit } = deps;
  const body = newEndpointBody(deps);
  app.declared.push(...endpointDeclarations(body));
  const read = bodyReader(body);
  app.post('/v1/endpoints', async (request, reply) => {
    const caller = adminOf(request);
    const wanted = read(request);
    const { personalFields: fields = [] } = wanted;
    const made = await broadcast
      .create(wanted, async (reader) => (fields.length > 0 ? deps.grant(caller, { reader, fields }) : undefined))
      .catch((error: unknown) => {
        if (error instanceof AddressRefused) throw new Refusal('endpoint.address_refused', { host: error.host });
        if (error instanceof TypeError)
          throw new Refusal('request.invalid', {}, { problems: [{ pointer: '/url', en: 'not a URL', zh: '不是合法的网址' }] });
        throw error;
      });
    await audit(caller, 'endpoint.created', made.id, { name: wanted.name, url: wanted.url });
    return reply.status(201).send(made);
  });
  app.get('/v1/endpoints', async (request) => {
    return { items: await broadcast.list(callerOf(request).shops), nextCursor: null };
  });
  app.get<{ Params: { id: string } }>('/v1/endpoints/:id(^[^:]+)/deliveries', async (request) => {
    adminOf(request);
    return { items: await readFailures(db, request.params.id, FAILURES_LIMIT), nextCursor: null };
  });
  const verb = (name: 'pause' | 'resume' | 'remove', run: (id: string) => Promise<boolean>): void => {
    app.post<{ Params: { id: string } }>(`/v1/endpoints/:id(^[^:]+)::${name}`, async (request) => {
      const caller = adminOf(request);
      if (!(await run(request.params.id))) throw new Refusal('endpoint.not_found');
      await audit(caller, `endpoint.${name}`, request.params.id, {});
      return { id: request.params.id, done: name };
    });
  };
  verb('pause', (id) => broadcast.setState(id, 'paused'));
  verb('resume', (id) => broadcast.setState(id, 'active'));
  verb('remove', (id) => broadcast.remove(id));
}
