/** Intake: how a message gets in, is worked exactly once, and is answered. */
export { workAgain } from './again.ts';
export { createGather, type Gather, type Handed, type IdempotencyKey, IntakeFull, NotStored, Stopping } from './gather.ts';
export { kindsBySubject } from './kinds-by-subject.ts';
export type { EventRow, Folded, Issuer, Kind, Outcome } from './kinds.ts';
export { createOutcomes, type Outcomes } from './outcomes.ts';
export { appendMessages } from './append.ts';
export { makeParts, partNames } from './parts.ts';
export { forgetKeys } from './store.ts';
export { dayOf, floorOf } from './positions.ts';
export { decodeSegment, encodeSegment, type Entry, entryOf, type Message } from './segment.ts';
export { identityOf, identityProblems, isAcceptable, isBlocked, orderedReceiver, type Personal, readNeutral } from './validate.ts';
export { createWorker, type Worker } from './worker.ts';
export type { Worked } from './work-batch.ts';
export { createSubmit, type Submit, type Submitted } from './submit.ts';
export { answer, idempotencyKeyOf, intakeRoutes, requireShop, SUBMIT_ERRORS } from './routes.ts';
export { createTally } from './tally.ts';
export { printsOf } from './trace.ts';
export { importRoutes } from './import-routes.ts';
