/** What became of each order of a replay: one byte each. Pure. */
export const RESULTS = { todo: 0, sent: 1, withheld: 2, outside: 3, failed: 4 } as const;
export type Result = Exclude<keyof typeof RESULTS, 'todo'>;

export interface Chosen {
  readonly partition: number;
  readonly key: string;
}
/** Orders of a row. */
export const CHUNK_ORDERS = 1_000;

export interface Chunk {
  readonly partitions: readonly number[];
  readonly keys: readonly string[];
  readonly results: Buffer;
}
export function toChunks(chosen: readonly Chosen[]): Chunk[] {
  return Array.from({ length: Math.ceil(chosen.length / CHUNK_ORDERS) }, (_, chunk) => {
    const part = chosen.slice(chunk * CHUNK_ORDERS, (chunk + 1) * CHUNK_ORDERS);
    return { partitions: part.map(({ partition }) => partition), keys: part.map(({ key }) => key), results: Buffer.alloc(part.length) };
  });
}

export interface Progress {
  readonly size: number;
  /** How many orders have a result. */
  readonly done: number;
  at(place: number): Chosen;
  isDone(place: number): boolean;
  set(place: number, result: Result): void;
  count(result: Result): number;
  isSaved(): boolean;
  /** Chunks that have changed since `saved`, with what they hold now. */
  unsaved(): { readonly chunk: number; readonly results: Buffer }[];
  saved(chunks: readonly { readonly chunk: number }[]): void;
}

export function createProgress(chunks: readonly Chunk[]): Progress {
  const counts = new Map<number, number>();
  for (const { results } of chunks) for (const result of results) counts.set(result, (counts.get(result) ?? 0) + 1);
  const size = chunks.reduce((sum, { keys }) => sum + keys.length, 0);
  const dirty = new Set<number>();
  const inside = (place: number): [Chunk, number] => [chunks[Math.floor(place / CHUNK_ORDERS)] as Chunk, place % CHUNK_ORDERS];
  const countOf = (result: number): number => counts.get(result) ?? 0;
  return {
    size,
    get done() {
      return size - countOf(RESULTS.todo);
    },
    at(place) {
      const [{ partitions, keys }, index] = inside(place);
      return { partition: partitions[index] as number, key: keys[index] as string };
    },
    isDone(place) {
      const [{ results }, index] = inside(place);
      return results[index] !== RESULTS.todo;
    },
    set(place, result) {
      const [{ results }, index] = inside(place);
      counts.set(results[index] as number, countOf(results[index] as number) - 1);
      results[index] = RESULTS[result];
      counts.set(RESULTS[result], countOf(RESULTS[result]) + 1);
      dirty.add(Math.floor(place / CHUNK_ORDERS));
    },
    count: (result) => countOf(RESULTS[result]),
    isSaved: () => dirty.size === 0,
    unsaved: () => [...dirty].map((chunk) => ({ chunk, results: Buffer.from((chunks[chunk] as Chunk).results) })),
    saved: (stored) => {
      for (const { chunk } of stored) dirty.delete(chunk);
    },
  };
}
