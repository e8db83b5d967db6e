/** Which address shows which page. Pages other than the overview are fetched when they are first opened. */
import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { meQuery } from '../api/queries.ts';
import { readAuditSearch } from '../audit/filters.ts';
import { readLetterSearch } from '../dead-letters/filters.ts';
import { readSearch } from '../orders/filters.ts';
import { Loading } from '../shared/states.tsx';
import { isLoggedOut } from '../shared/sentence.ts';
import { Crashed, NoPage } from './crashed.tsx';
import { Frame } from './frame.tsx';

const rootRoute = createRootRouteWithContext<{ readonly queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NoPage,
  errorComponent: Crashed,
});

const texts = (raw: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (typeof raw[name] === 'string' && raw[name] !== '' ? [[name, raw[name]]] : [])));

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: (raw: Readonly<Record<string, unknown>>): { readonly from?: string } => texts(raw, 'from'),
  component: lazyRouteComponent(() => import('../login/page.tsx'), 'LoginPage'),
});

/** Everything behind the login. Only "you are not logged in" leads there; other faults are shown where they happen. */
const insideRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'inside',
  component: Frame,
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (isLoggedOut(error)) throw redirect({ to: '/login', search: location.href === '/' ? {} : { from: location.href } });
    }
  },
});

export const overviewRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/',
  component: lazyRouteComponent(() => import('../overview/page.tsx'), 'OverviewPage'),
});
export const ordersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/orders',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('../orders/page.tsx'), 'OrdersPage'),
});
export const orderRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/orders/$orderKey',
  component: lazyRouteComponent(() => import('../order/page.tsx'), 'OrderPage'),
});
export const reviewsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/reviews',
  validateSearch: (
    raw: Readonly<Record<string, unknown>>,
  ): { readonly state?: string; readonly open?: string; readonly reason?: string; readonly channel?: string } =>
    texts(raw, 'state', 'open', 'reason', 'channel'),
  component: lazyRouteComponent(() => import('../reviews/page.tsx'), 'ReviewsPage'),
});

export const deadLettersRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/dead-letters',
  validateSearch: readLetterSearch,
  component: lazyRouteComponent(() => import('../dead-letters/page.tsx'), 'DeadLettersPage'),
});
export const auditRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/audit',
  validateSearch: readAuditSearch,
  component: lazyRouteComponent(() => import('../audit/page.tsx'), 'AuditPage'),
});
export const channelsRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/channels',
  validateSearch: (raw: Readonly<Record<string, unknown>>): { readonly open?: string; readonly show?: string } =>
    texts(raw, 'open', 'show'),
  component: lazyRouteComponent(() => import('../channels/page.tsx'), 'ChannelsPage'),
});
export const endpointRoute = createRoute({
  getParentRoute: () => insideRoute,
  path: '/endpoints/$endpointId',
  validateSearch: (
    raw: Readonly<Record<string, unknown>>,
  ): { readonly outcome?: string; readonly orderKey?: string; readonly open?: string } => texts(raw, 'outcome', 'orderKey', 'open'),
  component: lazyRouteComponent(() => import('../endpoint/page.tsx'), 'EndpointPage'),
});

const routeTree = rootRoute.addChildren([
  loginRoute,
  insideRoute.addChildren([
    overviewRoute,
    ordersRoute,
    orderRoute,
    reviewsRoute,
    deadLettersRoute,
    channelsRoute,
    auditRoute,
    endpointRoute,
  ]),
]);

/** Plain text both ways: the router's own reading would turn a 19-digit order id into a number and round it. */
const parseSearch = (text: string): Record<string, string> => Object.fromEntries(new URLSearchParams(text));
function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams(Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])));
  return query.size > 0 ? `?${query}` : '';
}

export const createConsoleRouter = (queryClient: QueryClient) =>
  createRouter({
    routeTree,
    context: { queryClient },
    parseSearch,
    stringifySearch,
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Loading,
    defaultNotFoundComponent: NoPage,
    defaultErrorComponent: Crashed,
    scrollRestoration: true,
  });

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
