/** Orders: facts to state, commands, reading. */
export type { Command } from './command.ts';
export { caseSeal } from './cases.ts';
export { chooseOrders, ReplayQuery } from './choose.ts';
export { forgetHours, HOURS_KEPT_MS } from './count-store.ts';
export type { Asked, Readers } from './fold-channel.ts';
export type { Opened } from './order-of.ts';
export { sweepPhones } from './erase-store.ts';
export { orderKind } from './kind.ts';
export type { ListFilter } from './list-filter.ts';
export { listOrders } from './list-store.ts';
export { ALWAYS_TOLD, orderProjection } from './project.ts';
export { COMMAND_ANSWERS, COMMAND_ERRORS, sendCommand } from './command-routes.ts';
export { type OrderDeps, orderOf } from './order-of.ts';
export { endingOf } from './note-command.ts';
export { findOrder } from './store.ts';
export { orderRoutes } from './routes.ts';
export { appendEvents, type CaseRow, saveCases } from './save-store.ts';
