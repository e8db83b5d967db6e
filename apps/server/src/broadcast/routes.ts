/** Endpoints: administration of webhooks. */
import type { FastifyInstance } from 'fastify';
import type { Sql } from '#platform';
import { type Caller, Refusal, route } from '#web';
import { AddressRefused } from './address.ts';
import type { Broadcast, Within } from './broadcast.ts';
import {
  CHANGE_ENDPOINT,
  createEndpoint,
  endpointVerb,
  LIST_ENDPOINTS,
  newEndpointBody,
  ROTATE_SECRET,
  USUAL_HOURS,
  type Words,
} from './declared.ts';
import { type DeliveryRouteDeps, deliveryRoutes } from './delivery-routes.ts';
import { type ReplayRouteDeps, replayRoutes } from './replay-routes.ts';
import { waitingRoutes } from './waiting-routes.ts';
import type { Changeable } from './store.ts';
import { withoutQuery } from './without-query.ts';

const HOUR_MS = 3_600_000;

export interface EndpointRouteDeps extends Words, DeliveryRouteDeps, Omit<ReplayRouteDeps, 'broadcast'> {
  readonly broadcast: Broadcast;
  /** Writes down, in the transaction that makes the endpoint, that it may have these fields. */
  readonly grant: (tx: Sql, caller: Caller, grant: { readonly reader: string; readonly fields: readonly string[] }) => Promise<void>;
}

export function endpointRoutes(app: FastifyInstance, deps: EndpointRouteDeps): void {
  const { broadcast } = deps;
  /** The change and its record in one; what finds nothing to change leaves no record. `detailOf` is told what the change answered. */
  const recorded =
    (caller: Caller, what: string, detailOf: (done: unknown) => object): Within =>
    (id, change) =>
      deps.audited(caller, async (tx) => {
        const done = await change(tx);
        if (done === null) throw new Refusal('endpoint.not_found');
        return [done, [what, id, detailOf(done)]];
      });
  route(app, createEndpoint(newEndpointBody(deps)), async ({ caller, reply, body: wanted }) => {
    const { name, url, startAt = 'now', eventTypes = null, shops = null, fields = null, personalFields = [] } = wanted;
    const granted: Within = (id, change) =>
      deps.audited(caller, async (tx) => {
        if (personalFields.length > 0) await deps.grant(tx, caller, { reader: id, fields: personalFields });
        const after = { name, url: withoutQuery(url), startAt, eventTypes, shops, fields, personalFields };
        return [await change(tx), ['endpoint.created', id, { after }]];
      });
    return reply.status(201).send(await broadcast.create(wanted, granted).catch(refuseAddress));
  });
  route(app, LIST_ENDPOINTS, async ({ caller }) => ({ items: await broadcast.list(caller), nextCursor: null }));
  deliveryRoutes(app, deps);
  replayRoutes(app, deps);
  waitingRoutes(app, deps);
  route(app, ROTATE_SECRET, async ({ caller, params: { id }, body: { keepOldHours = USUAL_HOURS } }) => {
    const within = recorded(caller, 'endpoint.secret_rotated', (liveSecrets) => ({ keepOldHours, liveSecrets }));
    const rotated = await broadcast.rotate(id, keepOldHours * HOUR_MS, within);
    if (rotated === null) throw new Refusal('endpoint.not_found');
    return { id, ...rotated, oldSecretUntil: new Date(rotated.oldSecretUntil).toISOString() };
  });
  route(app, CHANGE_ENDPOINT, async ({ caller, params: { id }, body: wanted }) => {
    const within = recorded(caller, 'endpoint.changed', (was) => {
      const before = was as Changeable;
      return { before: withoutQueries(before), after: withoutQueries({ ...before, ...wanted }) };
    });
    await broadcast.change(id, wanted, within).catch(refuseAddress);
    return { id, done: 'change' as const };
  });
  const verb = (
    name: Parameters<typeof endpointVerb>[0],
    after: 'paused' | 'active' | 'removed',
    run: (id: string, within: Within) => Promise<unknown>,
  ): void =>
    route(app, endpointVerb(name), async ({ caller, params: { id } }) => {
      await run(
        id,
        recorded(caller, `endpoint.${name}`, (state) => ({ before: { state }, after: { state: after } })),
      );
      return { id, done: name };
    });
  verb('pause', 'paused', (id, within) => broadcast.setState(id, 'paused', within));
  verb('resume', 'active', (id, within) => broadcast.setState(id, 'active', within));
  verb('remove', 'removed', (id, within) => broadcast.remove(id, within));
}

const withoutQueries = ({ name, url }: Changeable): Changeable => ({ name, url: withoutQuery(url) });

function refuseAddress(error: unknown): never {
  if (error instanceof AddressRefused) throw new Refusal('endpoint.address_refused', { host: error.host });
  if (error instanceof TypeError)
    throw new Refusal('request.invalid', {}, { problems: [{ pointer: '/url', en: 'not a URL', zh: '不是合法的网址' }] });
  throw error;
}
