/** What people look at first: counts, sources, live changes. */
export { insightRoutes } from './routes.ts';
export { streamRoutes } from './stream.ts';
