/** What people look at first: counts, sources, live changes. */
export { healthRoutes } from './health.ts';
export { insightRoutes } from './routes.ts';
export { streamRoutes } from './stream.ts';
