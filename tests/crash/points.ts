/** Where a server can be made to kill itself, in the order in which a message meets them, and the other ways to go. */
export const POINTS = ['gather.before_append', 'gather.after_commit', 'worker.before_commit', 'worker.after_commit'] as const;
export type Point = (typeof POINTS)[number];
/** `server`, `postgres`, `both`: killed from outside at a random moment. */
export const BLOWS = [...POINTS, 'server', 'postgres', 'both'] as const;
export type Blow = (typeof BLOWS)[number];

export const isPoint = (blow: Blow): blow is Point => (POINTS as readonly string[]).includes(blow);
