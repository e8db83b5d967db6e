/** Everything the console asks the server to do. */
import { get, post } from './client.ts';
import { endpointPath, listPath, pathOf } from './queries.ts';
import type { App, AppWish, Backfill, Shop, ShopWish } from './channel-types.ts';
import type {
  Change,
  CommandAnswer,
  Edit,
  EndpointMade,
  EndpointWish,
  ListItem,
  Me,
  Page,
  Person,
  Purpose,
  ReplayPreview,
  ReplayWish,
  Revealed,
  RevealField,
  BulkWish,
  ReviewPreview,
  ReviewRun,
  SecretRotated,
} from './types.ts';

export const login = (body: { readonly login: string; readonly password: string }): Promise<Me> => post('/v1/login', { body });
export const logout = (): Promise<unknown> => post('/v1/logout', { body: {} });

export interface PhoneHits extends Page<ListItem> {
  readonly hasMore: boolean;
}
/** In the body, never in an address: addresses end up in logs and histories. */
export const searchByPhone = (phone: string): Promise<PhoneHits> => post('/v1/orders:search', { body: { phone } });
/** Two are enough to know whether there is exactly one. */
const TWO = 2;
export interface NumberHits {
  readonly name: 'channelOrderId' | 'trackingNumber';
  readonly page: Page<ListItem>;
}
/** A number on paper may be the platform's or the carrier's: both are asked for. */
export async function findByNumber(number: string): Promise<NumberHits> {
  const find = async (name: NumberHits['name']): Promise<NumberHits> => ({
    name,
    page: await get(listPath({ [name]: number }, TWO, null)),
  });
  const [byId, byTracking] = await Promise.all([find('channelOrderId'), find('trackingNumber')]);
  return byId.page.items.length > 0 ? byId : byTracking;
}

export type OrderVerb =
  | { readonly verb: 'cancel'; readonly body: { readonly reason?: string } }
  | { readonly verb: 'hold'; readonly body: { readonly why: string } }
  | { readonly verb: 'release'; readonly body: { readonly holdId: string } }
  | { readonly verb: 'changeAddress'; readonly body: { readonly receiver: Person } }
  | { readonly verb: 'ship'; readonly body: { readonly shipments: readonly LeavingParcel[] } };
/** With the `id` of a parcel that we reported: another number for it. Without lines: all that is left. */
interface LeavingParcel {
  readonly id?: string;
  readonly carrier: string;
  readonly trackingNumber: string;
}
export const command = (
  orderKey: string,
  { verb, body }: OrderVerb,
  more: { ifMatch?: number; idempotencyKey: string },
): Promise<CommandAnswer> => post(`${pathOf(orderKey)}:${verb}`, { body, ...more });

export const readOutcome = (id: string): Promise<CommandAnswer> => get(`/v1/outcomes/${encodeURIComponent(id)}`);

export interface RevealWish {
  readonly fields: readonly RevealField[];
  readonly purpose: Purpose;
  /** Asks the channel what the receiver's token stands for. */
  readonly fromChannel?: boolean;
}
export const reveal = (orderKey: string, body: RevealWish): Promise<Revealed> => post(`${pathOf(orderKey)}:reveal`, { body });

/** Says that a list with suspiciously few rows is right: its pull goes on. */
export const acceptFewRows = (pull: { readonly channel: string; readonly shop: string; readonly feed: string }): Promise<unknown> =>
  post(`/v1/pulls/${[pull.channel, pull.shop, pull.feed].map(encodeURIComponent).join('/')}:accept`, { body: {} });

export const registerApp = (body: AppWish): Promise<App> => post('/v1/apps', { body });
/** Connects it, or changes what is named of one that is connected. */
export const saveShop = (body: ShopWish): Promise<Shop> => post('/v1/shops', { body });
export const startBackfill = (
  { channel, shop }: Pick<Shop, 'channel' | 'shop'>,
  body: { readonly from: string; readonly to: string },
): Promise<Backfill> => post(`/v1/shops/${encodeURIComponent(channel)}/${encodeURIComponent(shop)}:backfill`, { body });

export const retryDeadLetter = (id: string): Promise<unknown> => post(`/v1/dead-letters/${encodeURIComponent(id)}:retry`, { body: {} });

const reviewPath = (id: string, verb: string): string => `/v1/reviews/${encodeURIComponent(id)}:${verb}`;
export const closeReview = (id: string, verb: 'release' | 'reject' | 'retry' | 'reopen', idempotencyKey: string): Promise<CommandAnswer> =>
  post(reviewPath(id, verb), { body: {}, idempotencyKey });
export const previewFix = (id: string, edits: readonly Edit[]): Promise<{ readonly changes: readonly Change[] }> =>
  post(reviewPath(id, 'fix'), { body: { edits, dryRun: true } });
export const fixReview = (id: string, edits: readonly Edit[], idempotencyKey: string): Promise<CommandAnswer> =>
  post(reviewPath(id, 'fix'), { body: { edits }, idempotencyKey });

export const previewReplay = (endpoint: string, wish: ReplayWish): Promise<ReplayPreview> =>
  post(`${endpointPath(endpoint)}:replay`, { body: { ...wish, dryRun: true } });
export const startReplay = (
  endpoint: string,
  wish: ReplayWish,
  idempotencyKey: string,
): Promise<{ readonly id: string; readonly orders: number }> => post(`${endpointPath(endpoint)}:replay`, { body: wish, idempotencyKey });
/** The secret is told this once. */
export const createEndpoint = (body: EndpointWish): Promise<EndpointMade> => post('/v1/endpoints', { body });
export const changeEndpoint = (endpoint: string, body: Partial<Pick<EndpointWish, 'name' | 'url'>>): Promise<unknown> =>
  post(`${endpointPath(endpoint)}:change`, { body });
export const askEndpoint = (endpoint: string, verb: 'pause' | 'resume' | 'remove'): Promise<unknown> =>
  post(`${endpointPath(endpoint)}:${verb}`, { body: {} });
/** The secret is told this once. Asked again after a lost answer it cuts nobody off. */
export const rotateSecret = (endpoint: string, keepOldHours: number): Promise<SecretRotated> =>
  post(`${endpointPath(endpoint)}:rotateSecret`, { body: { keepOldHours } });
export const cancelReplay = (endpoint: string, id: string): Promise<unknown> =>
  post(`${endpointPath(endpoint)}/replays/${encodeURIComponent(id)}:cancel`, { body: {} });
/** Written down by the server: an answer may hold anything. */
export const revealAnswer = (endpoint: string, id: string): Promise<{ readonly answer: string | null }> =>
  post(`${endpointPath(endpoint)}/deliveries/${encodeURIComponent(id)}:revealAnswer`, { body: {} });

export const previewReviewRun = (wish: BulkWish): Promise<ReviewPreview> => post('/v1/review-runs', { body: { ...wish, dryRun: true } });
export const askReviewRun = (wish: BulkWish): Promise<ReviewRun> => post('/v1/review-runs', { body: wish });
export const endReviewRun = (id: string, verb: 'cancel' | 'undo'): Promise<ReviewRun> =>
  post(`/v1/review-runs/${encodeURIComponent(id)}:${verb}`, { body: {} });
