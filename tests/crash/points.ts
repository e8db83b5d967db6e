/** Where a server can be made to kill itself, in the order in which a message meets them, and the other ways to go. */
export const POINTS = [
  'gather.before_append',
  'gather.after_commit',
  'worker.before_commit',
  'worker.sent',
  'worker.after_commit',
  'broadcast.after_post',
  'broadcast.before_cursor',
  'broadcast.after_park',
  'broadcast.before_unpark',
] as const;
export type Point = (typeof POINTS)[number];
/** `server`, `postgres`, `both`: killed from outside at a random moment. */
export const BLOWS = [...POINTS, 'server', 'postgres', 'both'] as const;
export type Blow = (typeof BLOWS)[number];

export const isPoint = (blow: Blow): blow is Point => (POINTS as readonly string[]).includes(blow);

const MOST_HITS = 40;
/** A delivery is refused now and then only, and its next try comes after 5 s. */
const RARE: ReadonlySet<Point> = new Set(['broadcast.after_park', 'broadcast.before_unpark']);
const RARE_HITS = 2;
/** The point falls at one of its first so many hits. */
export const mostHitsOf = (blow: Blow): number => (RARE.has(blow as Point) ? RARE_HITS : MOST_HITS);
