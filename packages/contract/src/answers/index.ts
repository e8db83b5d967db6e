/** What the server answers, schema by schema: the OpenAPI document, the tests and the lock on every answer use these very objects. */
export * from './access.ts';
export * from './broadcast.ts';
export * from './channels.ts';
export * from './dead-letters.ts';
export * from './insight.ts';
export * from './intake.ts';
export { listOf } from './list.ts';
export * from './orders.ts';
export * from './problem.ts';
export * from './review.ts';
