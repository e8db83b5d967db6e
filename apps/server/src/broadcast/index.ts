/** Broadcast: every change to every subscriber, in order per subject, at least once, never lost. */
export { createBroadcast } from './broadcast.ts';
export type { LogEvent } from './envelope.ts';
export { createNap } from './nap.ts';
export { createLogReader, type Told as ToldBatch } from './read-log.ts';
export type { Target } from './desk.ts';
export { endpointRoutes } from './routes.ts';
export { forgetDeliveries } from './deliveries-store.ts';
export { forgetReplays } from './replays-store.ts';
export { readKnowledge } from './knowledge-store.ts';
export { takeConsumer } from './store.ts';
