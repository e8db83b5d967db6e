/** Endpoints: administration of webhooks. */
import type { FastifyInstance } from 'fastify';
import type { Db } from '#platform';
import { type Caller, Refusal, route } from '#web';
import { AddressRefused } from './address.ts';
import type { Broadcast, Within } from './broadcast.ts';
import {
  createEndpoint,
  endpointVerb,
  LIST_ENDPOINTS,
  LIST_MISMATCHES,
  newEndpointBody,
  ROTATE_SECRET,
  USUAL_HOURS,
  type Words,
} from './declared.ts';
import { type DeliveryRouteDeps, deliveryRoutes } from './delivery-routes.ts';
import { type ReplayRouteDeps, replayRoutes } from './replay-routes.ts';
import { readMismatches } from './store.ts';

const MISMATCHES_LIMIT = 200;
const HOUR_MS = 3_600_000;

export interface EndpointRouteDeps extends Words, DeliveryRouteDeps, Omit<ReplayRouteDeps, 'broadcast'> {
  readonly db: Db;
  readonly broadcast: Broadcast;
  /** Writes down that the endpoint may have these fields, before it can get any. */
  readonly grant: (caller: Caller, grant: { readonly reader: string; readonly fields: readonly string[] }) => Promise<void>;
}

export function endpointRoutes(app: FastifyInstance, deps: EndpointRouteDeps): void {
  const { db, broadcast } = deps;
  /** The change and its record in one; what finds nothing to change leaves no record. */
  const recorded =
    (caller: Caller, what: string, detail: object): Within =>
    (id, change) =>
      deps.audited(caller, async (tx) => {
        const done = await change(tx);
        if (done === false) throw new Refusal('endpoint.not_found');
        return [done, [what, id, detail]];
      });
  route(app, createEndpoint(newEndpointBody(deps)), async ({ caller, reply, body: wanted }) => {
    const { personalFields: fields = [] } = wanted;
    const made = await broadcast
      .create(
        wanted,
        async (reader) => (fields.length > 0 ? deps.grant(caller, { reader, fields }) : undefined),
        recorded(caller, 'endpoint.created', { name: wanted.name, url: wanted.url }),
      )
      .catch(refuseAddress);
    return reply.status(201).send(made);
  });
  route(app, LIST_ENDPOINTS, async ({ caller }) => ({ items: await broadcast.list(caller.shops), nextCursor: null }));
  deliveryRoutes(app, deps);
  replayRoutes(app, deps);
  const verb = (name: Parameters<typeof endpointVerb>[0], run: (id: string, within: Within) => Promise<boolean>): void =>
    route(app, endpointVerb(name), async ({ caller, params: { id } }) => {
      await run(id, recorded(caller, `endpoint.${name}`, {}));
      return { id, done: name };
    });
  route(app, LIST_MISMATCHES, async ({ params: { id } }) => ({ items: await readMismatches(db, id, MISMATCHES_LIMIT), nextCursor: null }));
  route(app, ROTATE_SECRET, async ({ caller, params: { id }, body: { keepOldHours = USUAL_HOURS } }) => {
    const rotated = await broadcast.rotate(id, keepOldHours * HOUR_MS, recorded(caller, 'endpoint.secret_rotated', { keepOldHours }));
    if (rotated === null) throw new Refusal('endpoint.not_found');
    return { id, secret: rotated.secret, oldSecretUntil: new Date(rotated.oldSecretUntil).toISOString() };
  });
  verb('pause', (id, within) => broadcast.setState(id, 'paused', within));
  verb('resume', (id, within) => broadcast.setState(id, 'active', within));
  verb('remove', (id, within) => broadcast.remove(id, within));
}

function refuseAddress(error: unknown): never {
  if (error instanceof AddressRefused) throw new Refusal('endpoint.address_refused', { host: error.host });
  if (error instanceof TypeError)
    throw new Refusal('request.invalid', {}, { problems: [{ pointer: '/url', en: 'not a URL', zh: '不是合法的网址' }] });
  throw error;
}
