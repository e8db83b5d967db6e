/** What people look at first: counts, sources, live changes. */
export { healthRoutes } from './health.ts';
export { createMeasures } from './measures.ts';
export { metricsRoutes } from './metrics.ts';
export { insightRoutes } from './routes.ts';
export { streamRoutes } from './stream.ts';
