/** The HTTP frame of all rooms. */
export type { Authenticate, Caller } from './caller.ts';
export { ANY_MEDIA, type Declaration, errorsOf, isMedia } from './declaration.ts';
export { isDeeperThan } from './depth.ts';
export { bodyReader, callerOf, createHttp, ifMatch, JSON_DEPTH, parseJson } from './http.ts';
export { connectionsOf } from './count-connections.ts';
export { createNoteClient, type NoteClient } from './note-client.ts';
export { clientOf } from './peer.ts';
export { masked, mayShow, shownPointer } from './may-show.ts';
export { cursor, filterText, instant, limit, limitOf } from './query.ts';
export { AN_INSTANT, readingOf, readProblems, typeExpected, unknownField } from './read-problems.ts';
export { referenceRoutes } from './reference-routes.ts';
export { Refusal } from './refusal.ts';
export { route } from './route.ts';
export { servePages } from './pages.ts';
export { textProblem } from './unicode.ts';
