/** The HTTP frame of all rooms. */
export type { Caller } from './caller.ts';
export { bodyReader, callerOf, createHttp, ifMatch, parseJson, Refusal } from './http.ts';
export { masked, shownPointer } from './may-show.ts';
export { readingOf, readProblems } from './read-problems.ts';
export { servePages } from './pages.ts';
