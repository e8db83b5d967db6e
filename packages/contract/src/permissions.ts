/**
 * Who may call what: the one matrix. A route that it does not name cannot be registered, and every request is judged by it before the
 * handler runs. `docs/permissions.md` is made from it; `tests/permissions` calls every route as every role and as nobody.
 */
import type { Role } from './statuses.ts';

/**
 * How the caller's list of shops bears on a route; whoever has no list has every shop.
 * `none`: nothing in it belongs to a shop. `seen`: what belongs to other shops is not there, as if it did not exist.
 * `written`: the shop must be connected and in the caller's list (an administrator of every shop may write for one that is not connected).
 * `every`: whoever is bound to some shops is refused. `maker`: only what this caller made itself; administrators of every shop see all.
 */
export const SHOP_RULES = {
  none: { zh: '与店铺无关', en: 'no shop in it' },
  seen: { zh: '只见自己的店铺，别家的如同不存在', en: 'own shops only; what is of others looks like none' },
  written: { zh: '只写自己的、已接入的店铺', en: 'own shops only, and connected ones' },
  every: { zh: '仅限不受店铺限制者', en: 'only who is not bound to shops' },
  maker: { zh: '只见自己建的；不限店铺的管理员可见全部', en: 'only what one made oneself; administrators of every shop see all' },
} as const;
export type ShopRule = keyof typeof SHOP_RULES;

export type Permission = 'anybody' | { readonly roles: readonly Role[]; readonly shops: ShopRule };

const KNOWN = ['admin', 'operations', 'customer_service', 'finance', 'warehouse', 'owner', 'integration'] as const;
/** Who tells us of orders and judges cases. */
const WRITERS = ['admin', 'operations', 'integration'] as const;
/** Who handles goods, or is a program that does. */
const SHIPPERS = ['admin', 'operations', 'warehouse', 'integration'] as const;
/** Who works with single customers. */
const CLERKS = ['admin', 'operations', 'customer_service', 'finance', 'warehouse'] as const;

const may = (roles: readonly Role[], shops: ShopRule): Permission => ({ roles, shops });
/** Whoever is bound to some shops could otherwise give itself the rest. */
const ADMIN = may(['admin'], 'every');
const SEE = may(KNOWN, 'seen');
const WRITE = may(WRITERS, 'written');

/** By method and path as they are documented; grouped as the reference is. */
const MATRIX = {
  'POST /v1/orders': WRITE,
  'POST /v1/orders:import': WRITE,
  'GET /v1/imports/{id}': may(KNOWN, 'maker'),
  'GET /v1/imports/{id}/report': may(KNOWN, 'maker'),
  'GET /v1/outcomes/{id}': SEE,
  'GET /v1/orders': SEE,
  'GET /v1/orders:count': SEE,
  'POST /v1/orders:search': may(CLERKS, 'seen'),
  'GET /v1/orders/{key}': SEE,
  'GET /v1/orders/{key}/events': SEE,
  'GET /v1/orders/{key}/knowledge': SEE,
  'POST /v1/orders/{key}:cancel': WRITE,
  'POST /v1/orders/{key}:hold': WRITE,
  'POST /v1/orders/{key}:release': WRITE,
  'POST /v1/orders/{key}:changeAddress': WRITE,
  'POST /v1/orders/{key}:move': WRITE,
  'POST /v1/orders/{key}:ship': may(SHIPPERS, 'written'),
  // Which fields a role may open is a table of its own (access/sealed.ts); that door also writes down who was refused.
  'POST /v1/orders/{key}:reveal': SEE,
  'POST /v1/orders/{key}:erase': may(['admin'], 'seen'),
  'POST /v1/orders:erase': may(['admin'], 'seen'),
  'GET /v1/dead-letters': SEE,
  'POST /v1/dead-letters/{id}:retry': may(['admin', 'operations', 'customer_service'], 'seen'),

  'GET /v1/reviews': SEE,
  'GET /v1/reviews/{id}': SEE,
  'POST /v1/reviews/{id}:release': WRITE,
  'POST /v1/reviews/{id}:reject': WRITE,
  'POST /v1/reviews/{id}:fix': WRITE,
  'POST /v1/reviews/{id}:retry': may(WRITERS, 'seen'),
  'POST /v1/reviews/{id}:reopen': WRITE,
  'GET /v1/review-groups': SEE,
  'POST /v1/review-runs': may(WRITERS, 'seen'),
  'GET /v1/review-runs': may(KNOWN, 'maker'),
  'GET /v1/review-runs/{id}': may(KNOWN, 'maker'),
  'GET /v1/review-runs/{id}/results': may(KNOWN, 'maker'),
  'POST /v1/review-runs/{id}:cancel': may(WRITERS, 'maker'),
  'POST /v1/review-runs/{id}:undo': may(WRITERS, 'maker'),

  'POST /v1/endpoints': ADMIN,
  'GET /v1/endpoints': SEE,
  'GET /v1/endpoints/{id}/deliveries': ADMIN,
  'GET /v1/endpoints/{id}/deliveries/{delivery}': ADMIN,
  'POST /v1/endpoints/{id}/deliveries/{delivery}:revealAnswer': ADMIN,
  'GET /v1/endpoints/{id}/parked': ADMIN,
  'GET /v1/endpoints/{id}/mismatches': ADMIN,
  'POST /v1/endpoints/{id}:replay': ADMIN,
  'GET /v1/endpoints/{id}/replays': ADMIN,
  'GET /v1/endpoints/{id}/replays/{replay}': ADMIN,
  'POST /v1/endpoints/{id}/replays/{replay}:cancel': ADMIN,
  'POST /v1/endpoints/{id}:rotateSecret': ADMIN,
  'POST /v1/endpoints/{id}:change': ADMIN,
  'POST /v1/endpoints/{id}:pause': ADMIN,
  'POST /v1/endpoints/{id}:resume': ADMIN,
  'POST /v1/endpoints/{id}:remove': ADMIN,

  // A platform is known by its signature.
  'POST /v1/intake/{channel}/{app}': 'anybody',
  'GET /v1/intake/{channel}/{app}': 'anybody',
  'GET /v1/channels': may(KNOWN, 'none'),
  'POST /v1/apps': ADMIN,
  'GET /v1/apps': ADMIN,
  'POST /v1/shops': ADMIN,
  'GET /v1/shops': SEE,
  'GET /v1/pulls': SEE,
  'POST /v1/pulls/{channel}/{shop}/{feed}:accept': may(['admin', 'operations'], 'seen'),
  'POST /v1/shops/{channel}/{shop}:backfill': may(['admin', 'operations'], 'seen'),
  'GET /v1/backfills': SEE,

  'GET /v1/overview': SEE,
  'GET /v1/stream': SEE,

  'POST /v1/login': 'anybody',
  'POST /v1/logout': 'anybody',
  'GET /v1/me': may(KNOWN, 'none'),
  'POST /v1/tokens': ADMIN,
  'GET /v1/tokens': ADMIN,
  'POST /v1/tokens/{id}:revoke': ADMIN,
  'GET /v1/people': ADMIN,
  'POST /v1/people': ADMIN,
  'POST /v1/people/{id}:reset': ADMIN,
  'POST /v1/people/{id}:remove': ADMIN,

  'GET /v1/audit': ADMIN,
  'GET /v1/audit/key': ADMIN,

  'GET /v1/messages/{id}': ADMIN,
  'GET /v1/retention-runs': ADMIN,
  'POST /v1/retention:trustClock': ADMIN,
  'GET /healthz': 'anybody',
  'GET /readyz': 'anybody',
  'GET /metrics': may(['admin', 'operations'], 'every'),
  'GET /openapi.json': 'anybody',
  'GET /asyncapi.json': 'anybody',
  'GET /docs': 'anybody',
} as const satisfies Readonly<Record<string, Permission>>;

export type Permissions = Readonly<Record<string, Permission>>;
export const PERMISSIONS: Permissions = MATRIX;
