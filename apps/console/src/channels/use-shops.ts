/** What the page knows, asked for again every few seconds; apps only where the matrix lets this person see them. */
import { useQuery } from '@tanstack/react-query';
import type { App, Channel } from '../api/channel-types.ts';
import { appsQuery, meQuery, offeredQuery, overviewQuery, pullsQuery, shopsQuery } from '../api/queries.ts';
import { useNow } from '../shared/clock.ts';
import { may } from '../shared/may.ts';
import { type ShopRow, shopRows } from './view-model.ts';

const OVERVIEW_EVERY_MS = 30_000;
const NOTHING = { items: [], nextCursor: null };

export interface Shops {
  /** Undefined until everything is here. */
  readonly rows: readonly ShopRow[] | undefined;
  /** Null where this person may not see them. */
  readonly apps: readonly App[] | null;
  readonly offered: readonly Channel[];
  readonly error: unknown;
  readonly at: number;
  readonly retry: () => void;
}

export function useShops(): Shops {
  const now = useNow();
  const { data: me } = useQuery(meQuery);
  const seesApps = may(me, 'GET /v1/apps');
  const [shops, pulls, offered] = [useQuery(shopsQuery), useQuery(pullsQuery), useQuery(offeredQuery)];
  const apps = useQuery({ ...appsQuery, enabled: seesApps });
  const overview = useQuery({ ...overviewQuery, refetchInterval: OVERVIEW_EVERY_MS, staleTime: OVERVIEW_EVERY_MS, enabled: !seesApps });
  const asked = [shops, pulls, offered, ...(seesApps ? [apps] : [])];
  const seen = seesApps ? (apps.data?.items ?? []) : null;
  const rows =
    shops.data === undefined || asked.some(({ data }) => data === undefined)
      ? undefined
      : shopRows(
          {
            shops: shops.data.items,
            pulls: (pulls.data ?? NOTHING).items,
            apps: seen,
            linksDown: overview.data?.linksDown ?? [],
            offered: (offered.data ?? NOTHING).items,
          },
          now,
        );
  return {
    rows,
    apps: seen,
    offered: offered.data?.items ?? [],
    error: asked.find(({ error }) => error !== null)?.error ?? null,
    at: Math.min(shops.dataUpdatedAt, pulls.dataUpdatedAt),
    retry: () => void Promise.all(asked.map(({ refetch }) => refetch())),
  };
}
