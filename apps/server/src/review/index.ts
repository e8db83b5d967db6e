/** 待人工复核: what a machine understood and may not accept waits here for a person, explained. */
export { reviewRoutes } from './routes.ts';
export { createReviewRuns } from './runs.ts';
export { forgetReviewRuns } from './run-store.ts';
export { unroutedKind } from './unrouted-kind.ts';
