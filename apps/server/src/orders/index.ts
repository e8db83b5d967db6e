/** Orders: facts to state, commands, reading. */
export type { Command } from './command.ts';
export { caseSeal } from './cases.ts';
export { orderKind } from './kind.ts';
export { orderProjection } from './project.ts';
export { type OrderDeps, orderOf, orderRoutes, sendCommand } from './routes.ts';
export { appendEvents } from './store.ts';
