/** The receiver kit: verify, recognise repeats, keep order, answer the digest. */
export { digestOf, stateDigest } from './digest.ts';
export type { Change } from './apply.ts';
export type { Order } from './event.ts';
export { memoryStore } from './memory-store.ts';
export { type Answer, type Problem, type Receiver, receiver, type ReceiverOptions } from './receiver.ts';
export type { Held, Store, StoreSession } from './store.ts';
export { verify, type Verified } from './verify.ts';
