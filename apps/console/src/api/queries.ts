/** Everything the console reads, with its key. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { get } from './client.ts';
import type { App, Backfill, Channel, Pull, Shop } from './channel-types.ts';
import type {
  AuditRecord,
  DeadLetter,
  Delivery,
  DeliveryShown,
  Knowledge,
  ListCount,
  ListItem,
  Me,
  Mismatch,
  Order,
  Overview,
  Page,
  ParkedOrder,
  RawMessage,
  Replay,
  ReviewCase,
  ReviewGroup,
  ReviewRun,
  TimelineEvent,
} from './types.ts';

const OVERVIEW_EVERY_MS = 5_000;
const LIST_PAGE = 50;
/** A person who needs more than this needs a filter. */
export const LIST_PAGES_LIMIT = 20;
/** There is more than this list loads at all. */
export const isCut = (pages: readonly Pick<Page<unknown>, 'nextCursor'>[] | undefined): boolean =>
  (pages?.length ?? 0) >= LIST_PAGES_LIMIT && pages?.at(-1)?.nextCursor !== null;
const TIMELINE_PAGE = 200;
const TIMELINE_PAGES_LIMIT = 25;

export const pathOf = (orderKey: string): string => `/v1/orders/${encodeURIComponent(orderKey)}`;

export function listPath(filter: Readonly<Record<string, string>>, limit: number, cursor: string | null): string {
  const query = new URLSearchParams({ ...filter, limit: String(limit), ...(cursor === null ? {} : { cursor }) });
  return `/v1/orders?${query}`;
}

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => get<Me>('/v1/me', signal),
  staleTime: 60_000,
  refetchOnWindowFocus: 'always',
});

export const overviewQuery = queryOptions({
  queryKey: ['overview'],
  queryFn: ({ signal }) => get<Overview>('/v1/overview', signal),
  refetchInterval: OVERVIEW_EVERY_MS,
});

export const ordersQuery = (filter: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['orders', filter],
    queryFn: async ({ pageParam, signal }) => ({
      ...(await get<Page<ListItem>>(listPath(filter, LIST_PAGE, pageParam), signal)),
      fetchedAt: Date.now(), // a list is as old as its oldest page
    }),
    initialPageParam: null as string | null,
    getNextPageParam: (last, all) => (all.length < LIST_PAGES_LIMIT ? last.nextCursor : null),
    staleTime: Number.POSITIVE_INFINITY, // rows do not move under the cursor: a person asks for the new ones
  });

/** Asked with the list and kept with it, so that the rows and their number are of one moment. */
export const countQuery = (filter: Readonly<Record<string, string>>) =>
  queryOptions({
    queryKey: ['orders', filter, 'count'],
    queryFn: ({ signal }) => get<ListCount>(`/v1/orders:count?${new URLSearchParams(filter)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const orderQuery = (orderKey: string) =>
  queryOptions({ queryKey: ['order', orderKey, 'state'], queryFn: ({ signal }) => get<Order>(pathOf(orderKey), signal) });

export const knowledgeQuery = (orderKey: string) =>
  queryOptions({
    queryKey: ['order', orderKey, 'knowledge'],
    queryFn: ({ signal }) => get<Page<Knowledge>>(`${pathOf(orderKey)}/knowledge`, signal),
    refetchInterval: OVERVIEW_EVERY_MS,
  });

export const timelineQuery = (orderKey: string) =>
  queryOptions({
    queryKey: ['order', orderKey, 'events'],
    queryFn: async ({ signal }) => {
      const items: TimelineEvent[] = [];
      let cursor: string | null = null;
      for (let page = 0; page < TIMELINE_PAGES_LIMIT; page += 1) {
        const query: URLSearchParams = new URLSearchParams({ limit: String(TIMELINE_PAGE), ...(cursor === null ? {} : { cursor }) });
        const answer: Page<TimelineEvent> = await get(`${pathOf(orderKey)}/events?${query}`, signal);
        items.push(...answer.items);
        cursor = answer.nextCursor;
        if (cursor === null) break;
      }
      return { items, isWhole: cursor === null };
    },
  });

/** What was stored never changes. */
export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ['message', id],
    queryFn: ({ signal }) => get<RawMessage>(`/v1/messages/${encodeURIComponent(id)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const reviewsQuery = (filter: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['reviews', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) });
      return get<Page<ReviewCase>>(`/v1/reviews?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last, all) => (all.length < LIST_PAGES_LIMIT ? last.nextCursor : null),
  });

/** One case with its message, however large; also when it is closed and in no list that is loaded. */
export const reviewQuery = (id: string) =>
  queryOptions({ queryKey: ['review', id], queryFn: ({ signal }) => get<ReviewCase>(`/v1/reviews/${encodeURIComponent(id)}`, signal) });

export const reviewGroupsQuery = queryOptions({
  queryKey: ['reviews', 'groups'],
  queryFn: ({ signal }) => get<Page<ReviewGroup>>('/v1/review-groups', signal),
  refetchInterval: OVERVIEW_EVERY_MS,
});
const RUNS_EVERY_MS = 1_000;
const RUNS_SHOWN = 20;
export const reviewRunsQuery = queryOptions({
  queryKey: ['reviewRuns'],
  queryFn: ({ signal }) => get<Page<ReviewRun>>(`/v1/review-runs?limit=${RUNS_SHOWN}`, signal),
  refetchInterval: ({ state }) => (state.data?.items.some((run) => run.state === 'open') ? RUNS_EVERY_MS : false),
});

export const auditListQuery = (filter: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...filter, ...(pageParam === null ? {} : { cursor: pageParam }) });
      return get<Page<AuditRecord>>(`/v1/audit?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last, all) => (all.length < LIST_PAGES_LIMIT ? last.nextCursor : null),
  });

export const endpointPath = (id: string): string => `/v1/endpoints/${encodeURIComponent(id)}`;

export const deliveriesQuery = (endpoint: string, filter: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['deliveries', endpoint, filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...filter, limit: String(LIST_PAGE), ...(pageParam === null ? {} : { cursor: pageParam }) });
      return get<Page<Delivery>>(`${endpointPath(endpoint)}/deliveries?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last, all) => (all.length < LIST_PAGES_LIMIT ? last.nextCursor : null),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY, // rows do not move under the cursor
    refetchInterval: ({ state: { data } }) => (hasNothing(data?.pages) ? OVERVIEW_EVERY_MS : false), // and where there are none, the first ones come by themselves
  });
const hasNothing = (pages: readonly Page<unknown>[] | undefined): boolean =>
  pages !== undefined && pages.every(({ items, nextCursor }) => items.length === 0 && nextCursor === null);

export const deliveryQuery = (endpoint: string, id: string) =>
  queryOptions({
    queryKey: ['delivery', endpoint, id],
    queryFn: ({ signal }) => get<DeliveryShown>(`${endpointPath(endpoint)}/deliveries/${encodeURIComponent(id)}`, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** `parked` or `mismatches` of an endpoint, page by page. */
const waitingQuery = <Item>(endpoint: string, what: 'parked' | 'mismatches') =>
  infiniteQueryOptions({
    queryKey: ['waiting', endpoint, what],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(LIST_PAGE), ...(pageParam === null ? {} : { cursor: pageParam }) });
      return get<Page<Item>>(`${endpointPath(endpoint)}/${what}?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last, all) => (all.length < LIST_PAGES_LIMIT ? last.nextCursor : null),
  });
export const parkedQuery = (endpoint: string) => waitingQuery<ParkedOrder>(endpoint, 'parked');
export const mismatchesQuery = (endpoint: string) => waitingQuery<Mismatch>(endpoint, 'mismatches');

const REPLAYS_EVERY_MS = 2_000;
const REPLAYS_SHOWN = 20;
export const replaysQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['replays', endpoint],
    queryFn: ({ signal }) => get<Page<Replay>>(`${endpointPath(endpoint)}/replays?limit=${REPLAYS_SHOWN}`, signal),
    refetchInterval: ({ state }) => (state.data?.items.some((replay) => replay.state === 'running') ? REPLAYS_EVERY_MS : false),
  });

const LETTERS_EVERY_MS = 5_000;
/** Each page that a person loaded is asked again too, so a longer list is asked for less often. */
export const deadLettersQuery = (filter: Readonly<Record<string, string>>) =>
  infiniteQueryOptions({
    queryKey: ['deadLetters', filter],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ ...filter, limit: String(LIST_PAGE), ...(pageParam === null ? {} : { cursor: pageParam }) });
      return get<Page<DeadLetter>>(`/v1/dead-letters?${query}`, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last, all) => (all.length < LIST_PAGES_LIMIT ? last.nextCursor : null),
    refetchInterval: ({ state }) => LETTERS_EVERY_MS * Math.max(1, state.data?.pages.length ?? 1),
  });

const CHANNELS_EVERY_MS = 5_000;
const channelsAsked = <T>(name: string) =>
  queryOptions({
    queryKey: ['channels', name],
    queryFn: ({ signal }) => get<Page<T>>(`/v1/${name}`, signal),
    refetchInterval: CHANNELS_EVERY_MS,
  });
export const shopsQuery = channelsAsked<Shop>('shops');
export const pullsQuery = channelsAsked<Pull>('pulls');
export const appsQuery = channelsAsked<App>('apps');
export const backfillsQuery = channelsAsked<Backfill>('backfills');
/** What can be connected changes with a new version of the server only. */
export const offeredQuery = queryOptions({
  queryKey: ['offered'],
  queryFn: ({ signal }) => get<Page<Channel>>('/v1/channels', signal),
  staleTime: Number.POSITIVE_INFINITY,
});
