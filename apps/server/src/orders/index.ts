/** Orders: facts to state, commands, reading. */
export type { Command } from './command.ts';
export { caseSeal } from './cases.ts';
export { forgetHours, HOURS_KEPT_MS } from './count-store.ts';
export { orderKind } from './kind.ts';
export type { ListFilter } from './list-filter.ts';
export { listOrders } from './list-store.ts';
export { projectOrder } from './project.ts';
export { type OrderDeps, orderOf, orderRoutes, sendCommand } from './routes.ts';
export { appendEvents } from './save-store.ts';
