/** One honest request for each route, about something of the first seller. */
import { neutralOrder, waitUntil } from '../support/index.ts';
import { CHANNEL_SHOP, NOWHERE, PHONE, SHOP, type Wish, type World } from './world.ts';

export interface Case {
  /** Made anew where asking changes something: called only for those who should be let in. */
  readonly wish: (world: World) => Wish | Promise<Wish>;
  /** What is made for those who should not be let in; the same unless said. */
  readonly inVain?: (world: World) => Wish | Promise<Wish>;
  /** What says that the thing is not there, for whoever must not know of it. */
  readonly missing?: string;
  /** With which good answers it is let in. */
  readonly good?: readonly number[];
  /** A no that only a request gets which was let in; why the request cannot be a better one. */
  readonly letIn?: string;
}

const at = (path: string, missing?: string): Case => ({ wish: () => ({ path }), ...(missing ? { missing } : {}) });
const post = (path: string, body: unknown = {}): Case => ({ wish: () => ({ path, body }) });

/** A command upon a new order each time. */
const command = (verb: string, body: unknown): Case => ({
  wish: async (world) => ({ path: `/v1/orders/${await world.newOrder()}:${verb}`, body }),
  inVain: ({ orderKey }) => ({ path: `/v1/orders/${orderKey}:${verb}`, body }),
  missing: 'order.not_found',
});
const judgement = (verb: string, body: unknown, more: Partial<Case> = {}): Case => ({
  wish: async (world) => ({ path: `/v1/reviews/${encodeURIComponent(await world.newCase())}:${verb}`, body }),
  inVain: ({ caseId }) => ({ path: `/v1/reviews/${encodeURIComponent(caseId)}:${verb}`, body }),
  missing: 'review.not_found',
  ...more,
});
const ofEndpoint = (rest: string, body?: unknown): Case => ({
  wish: ({ endpointId }) => ({ path: `/v1/endpoints/${endpointId}${rest}`, ...(body === undefined ? {} : { body }) }),
});

let serial = 0;
async function deadLetter(world: World): Promise<Wish> {
  const { orderKey, house } = world;
  await house.house.db.query(
    `insert into write_backs (log_partition, order_key, what, channel, shop, channel_order_id, version, wanted, next_at, since, state, cause)
     select log_partition, order_key, 'ship', channel, shop, channel_order_id, 1, '{}', now(), now(), 'dead', 'refused' from orders where order_key = $1
     on conflict on constraint write_backs_pk do update set state = 'dead'`,
    [orderKey],
  );
  return { path: `/v1/dead-letters/wb_${orderKey}_ship:retry` };
}
async function alarm(world: World): Promise<Wish> {
  await waitUntil('the shop is walked', async () => {
    const { rowCount } = await world.house.house.db.query(
      `update pulls set alarm_at = now(), alarm_from = now(), alarm_to = now(), alarm_rows = 0, alarm_expected = 9 where shop = $1`,
      [CHANNEL_SHOP],
    );
    return (rowCount ?? 0) > 0;
  });
  return { path: `/v1/pulls/douyin/${CHANNEL_SHOP}/orders:accept`, body: {} };
}
/** One that begins in ten minutes, long after these tests. */
const reviewRun = async (world: World): Promise<string> =>
  (
    await world.make('/v1/review-runs', {
      decision: 'reject',
      ids: [await world.newCase()],
      startAfterSeconds: 600,
    })
  ).id;
const theRun = new WeakMap<World, Promise<string>>();
const oneRun = (world: World): Promise<string> => {
  const made = theRun.get(world) ?? reviewRun(world);
  theRun.set(world, made);
  return made;
};
const ofReviewRun = (rest: string, body?: unknown): Case => ({
  wish: async (world) => ({ path: `/v1/review-runs/${await reviewRun(world)}${rest}`, ...(body === undefined ? {} : { body }) }),
  inVain: async (world) => ({ path: `/v1/review-runs/${await oneRun(world)}${rest}`, ...(body === undefined ? {} : { body }) }),
  missing: 'review_run.not_found',
});
const days = (n: number): string => new Date(Date.now() - n * 86_400_000).toISOString();

export const CASES: Readonly<Record<string, Case>> = {
  'POST /v1/orders': {
    wish: () => ({ path: '/v1/orders', body: neutralOrder({ shop: SHOP, channelOrderId: `told-${++serial}` }) }),
    inVain: () => ({ path: '/v1/orders', body: neutralOrder({ shop: SHOP, channelOrderId: 'told-in-vain' }) }),
  },
  'POST /v1/orders:import': {
    wish: () => ({
      path: '/v1/orders:import',
      body: `${JSON.stringify(neutralOrder({ shop: SHOP, channelOrderId: `imported-${++serial}` }))}\n`,
      headers: { 'content-type': 'application/x-ndjson' },
    }),
  },
  'GET /v1/imports/{id}': { wish: ({ importId }) => ({ path: `/v1/imports/${importId}` }), missing: 'import.not_found' },
  'GET /v1/imports/{id}/report': { wish: ({ importId }) => ({ path: `/v1/imports/${importId}/report` }), missing: 'import.not_found' },
  'GET /v1/outcomes/{id}': { wish: ({ messageId }) => ({ path: `/v1/outcomes/${messageId}` }), missing: 'outcome.not_found', good: [201] },
  'GET /v1/orders': at('/v1/orders?limit=200'),
  'GET /v1/orders:count': at(`/v1/orders:count?shop=${SHOP}`),
  'POST /v1/orders:search': post('/v1/orders:search', { phone: PHONE }),
  'GET /v1/orders/{key}': { wish: ({ orderKey }) => ({ path: `/v1/orders/${orderKey}` }), missing: 'order.not_found' },
  'GET /v1/orders/{key}/events': { wish: ({ orderKey }) => ({ path: `/v1/orders/${orderKey}/events` }), missing: 'order.not_found' },
  'GET /v1/orders/{key}/knowledge': { wish: ({ orderKey }) => ({ path: `/v1/orders/${orderKey}/knowledge` }), missing: 'order.not_found' },
  'POST /v1/orders/{key}:cancel': command('cancel', {}),
  'POST /v1/orders/{key}:hold': command('hold', { why: 'the customer asked' }),
  'POST /v1/orders/{key}:release': {
    ...command('release', { holdId: 'person:1' }),
    wish: async (world) => {
      const key = await world.newOrder();
      await world.make(`/v1/orders/${key}:hold`, { why: 'the customer asked' });
      const { holds } = JSON.parse((await world.ask(world.admin, 'GET', { path: `/v1/orders/${key}` })).text) as {
        holds: { id: string }[];
      };
      return { path: `/v1/orders/${key}:release`, body: { holdId: holds[0]?.id } };
    },
  },
  'POST /v1/orders/{key}:changeAddress': command('changeAddress', { receiver: { name: '李四', city: '杭州市' } }),
  'POST /v1/orders/{key}:move': command('move', { to: 'allocated' }),
  'POST /v1/orders/{key}:ship': command('ship', { shipments: [{ carrier: 'shunfeng', trackingNumber: 'SF1' }] }),
  'POST /v1/orders/{key}:reveal': {
    wish: ({ orderKey }) => ({ path: `/v1/orders/${orderKey}:reveal`, body: { fields: ['receiver.name'], purpose: 'deliver' } }),
    missing: 'order.not_found',
  },
  'POST /v1/orders/{key}:erase': command('erase', { purpose: 'law', evenOpen: true }),
  'POST /v1/orders:erase': {
    wish: async (world) => {
      await world.newOrder();
      return { path: '/v1/orders:erase', body: { phone: PHONE, purpose: 'law', evenOpen: true } };
    },
  },
  'GET /v1/dead-letters': { wish: async (world) => (await deadLetter(world), { path: '/v1/dead-letters' }) },
  'POST /v1/dead-letters/{id}:retry': { wish: deadLetter, missing: 'order.not_found' },

  'GET /v1/reviews': at('/v1/reviews?state=any'),
  'GET /v1/reviews/{id}': {
    wish: ({ caseId }) => ({ path: `/v1/reviews/${encodeURIComponent(caseId)}` }),
    missing: 'review.not_found',
  },
  'POST /v1/reviews/{id}:release': judgement('release', {}),
  'POST /v1/reviews/{id}:reject': judgement('reject', {}),
  'POST /v1/reviews/{id}:fix': judgement('fix', { edits: [{ pointer: '/payable', value: '114.00' }] }),
  'POST /v1/reviews/{id}:retry': judgement(
    'retry',
    {},
    {
      wish: ({ strayId }) => ({ path: `/v1/reviews/${encodeURIComponent(strayId)}:retry`, body: {} }),
      inVain: ({ strayId }) => ({ path: `/v1/reviews/${encodeURIComponent(strayId)}:retry`, body: {} }),
      letIn: 'review.still_unrouted', // its shop is strange on purpose
    },
  ),

  'POST /v1/reviews/{id}:reopen': judgement(
    'reopen',
    {},
    {
      wish: async (world) => {
        const path = `/v1/reviews/${encodeURIComponent(await world.newCase())}`;
        await world.make(`${path}:reject`, {});
        return { path: `${path}:reopen`, body: {} };
      },
    },
  ),
  'GET /v1/review-groups': at('/v1/review-groups'),
  'POST /v1/review-runs': {
    wish: async (world) => ({
      path: '/v1/review-runs',
      body: { decision: 'reject', ids: [await world.newCase()], startAfterSeconds: 600 },
    }),
    missing: 'review_run.nothing_chosen',
  },
  'GET /v1/review-runs': { wish: async (world) => (await reviewRun(world), { path: '/v1/review-runs' }) },
  'GET /v1/review-runs/{id}': ofReviewRun(''),
  'GET /v1/review-runs/{id}/results': ofReviewRun('/results'),
  'POST /v1/review-runs/{id}:cancel': ofReviewRun(':cancel', {}),
  'POST /v1/review-runs/{id}:undo': { ...ofReviewRun(':undo', {}), letIn: 'review_run.not_undoable' }, // it has not ended

  'POST /v1/endpoints': post('/v1/endpoints', { name: 'new', url: NOWHERE, shops: [`own/${SHOP}`] }),
  'GET /v1/endpoints': at('/v1/endpoints'),
  'GET /v1/endpoints/{id}/deliveries': ofEndpoint('/deliveries'),
  'GET /v1/endpoints/{id}/deliveries/{delivery}': { ...ofEndpoint('/deliveries/fail_1'), letIn: 'delivery.not_found' },
  'POST /v1/endpoints/{id}/deliveries/{delivery}:revealAnswer': {
    ...ofEndpoint('/deliveries/fail_1:revealAnswer'),
    letIn: 'delivery.not_found',
  },
  'GET /v1/endpoints/{id}/parked': ofEndpoint('/parked'),
  'GET /v1/endpoints/{id}/mismatches': ofEndpoint('/mismatches'),
  'POST /v1/endpoints/{id}:replay': {
    wish: async (world) => {
      const { id } = await world.make('/v1/endpoints', { name: 'again', url: NOWHERE });
      return { path: `/v1/endpoints/${id}:replay`, body: { keys: [world.orderKey] } };
    },
    inVain: ({ endpointId, orderKey }) => ({ path: `/v1/endpoints/${endpointId}:replay`, body: { keys: [orderKey] } }),
  },
  'GET /v1/endpoints/{id}/replays': ofEndpoint('/replays'),
  'GET /v1/endpoints/{id}/replays/{replay}': { ...ofEndpoint('/replays/rpl_x'), letIn: 'replay.not_found' },
  'POST /v1/endpoints/{id}/replays/{replay}:cancel': { ...ofEndpoint('/replays/rpl_x:cancel'), letIn: 'replay.not_found' },
  'POST /v1/endpoints/{id}:rotateSecret': ofEndpoint(':rotateSecret', {}),
  'POST /v1/endpoints/{id}:change': ofEndpoint(':change', { name: 'another name' }),
  'POST /v1/endpoints/{id}:pause': ofEndpoint(':pause'),
  'POST /v1/endpoints/{id}:resume': ofEndpoint(':resume'),
  'POST /v1/endpoints/{id}:remove': {
    wish: async (world) => {
      const { id } = await world.make('/v1/endpoints', { name: 'goes', url: NOWHERE });
      return { path: `/v1/endpoints/${id}:remove` };
    },
    inVain: ({ endpointId }) => ({ path: `/v1/endpoints/${endpointId}:remove` }),
  },

  'POST /v1/intake/{channel}/{app}': {
    wish: ({ appId }) => ({ path: `/v1/intake/douyin/${appId}`, body: [] }),
    letIn: '403', // a wrong signature, in the platform's words
  },
  'GET /v1/intake/{channel}/{app}': {
    wish: ({ appId }) => ({ path: `/v1/intake/douyin/${appId}?echostr=1` }),
    letIn: '403', // as above
  },
  'GET /v1/channels': at('/v1/channels'),
  'POST /v1/apps': post('/v1/apps', { channel: 'douyin', key: '42', secret: 'another', name: 'another app' }),
  'GET /v1/apps': at('/v1/apps'),
  'POST /v1/shops': post('/v1/shops', { channel: 'own', shop: SHOP, name: 'renamed' }),
  'GET /v1/shops': at('/v1/shops'),
  'GET /v1/pulls': at('/v1/pulls'),
  'POST /v1/pulls/{channel}/{shop}/{feed}:accept': { wish: alarm, missing: 'pull.no_alarm' },
  'POST /v1/shops/{channel}/{shop}:backfill': {
    wish: () => ({ path: `/v1/shops/douyin/${CHANNEL_SHOP}:backfill`, body: { from: days(2), to: days(1) } }),
    missing: 'shop.not_connected',
  },
  'GET /v1/backfills': at('/v1/backfills'),

  'GET /v1/overview': at('/v1/overview'),
  'GET /v1/stream': at('/v1/stream'),

  'POST /v1/login': {
    wish: () => ({ path: '/v1/login', body: { login: `nobody-${++serial}`, password: 'wrong' } }),
    letIn: 'login.wrong',
  },
  'POST /v1/logout': { wish: () => ({ path: '/v1/logout', headers: {} }) },
  'GET /v1/me': at('/v1/me'),
  'POST /v1/tokens': post('/v1/tokens', { name: 'new', role: 'owner' }),
  'GET /v1/tokens': at('/v1/tokens'),
  'POST /v1/tokens/{id}:revoke': {
    wish: async (world) => ({ path: `/v1/tokens/${(await world.make('/v1/tokens', { name: 'goes', role: 'owner' })).id}:revoke` }),
    inVain: () => ({ path: '/v1/tokens/tok_x:revoke' }),
  },
  'GET /v1/people': at('/v1/people'),
  'POST /v1/people': { wish: () => ({ path: '/v1/people', body: { login: `person-${++serial}`, role: 'owner' } }) },
  'POST /v1/people/{id}:reset': {
    wish: async (world) => ({ path: `/v1/people/${await newPerson(world)}:reset`, body: {} }),
    inVain: () => ({ path: '/v1/people/usr_x:reset', body: {} }),
  },
  'POST /v1/people/{id}:remove': {
    wish: async (world) => ({ path: `/v1/people/${await newPerson(world)}:remove` }),
    inVain: () => ({ path: '/v1/people/usr_x:remove' }),
  },

  'GET /v1/audit': at('/v1/audit'),
  'GET /v1/audit/key': at('/v1/audit/key'),

  'GET /v1/retention-runs': at('/v1/retention-runs'),
  'POST /v1/retention:trustClock': { wish: () => ({ path: '/v1/retention:trustClock', body: { now: new Date().toISOString() } }) },
  'GET /v1/messages/{id}': { wish: ({ messageId }) => ({ path: `/v1/messages/${messageId}` }) },
  'GET /healthz': at('/healthz'),
  'GET /readyz': at('/readyz'),
  'GET /metrics': at('/metrics'),
  'GET /openapi.json': at('/openapi.json'),
  'GET /asyncapi.json': at('/asyncapi.json'),
  'GET /docs': at('/docs'),
};
const newPerson = async (world: World): Promise<string> =>
  (await world.make('/v1/people', { login: `person-${++serial}`, role: 'owner' })).id;
