/** For tests and trials: what it holds ends with the process. */
import { createQueue, type Held, type Store } from './store.ts';

const MOST_IDS = 100_000;

export function memoryStore(): Store<undefined> {
  const orders = new Map<string, Held>();
  const ids = new Set<string>();
  const inTurn = createQueue();
  return {
    transaction: (_, work) =>
      inTurn(async () => {
        const [put, remembered] = [new Map<string, Held>(), new Set<string>()];
        const done = await work({
          handle: undefined,
          remember: (id) => !ids.has(id) && remembered.add(id) !== undefined,
          find: (orderKey) => put.get(orderKey) ?? orders.get(orderKey) ?? null,
          put: (orderKey, held) => void put.set(orderKey, held),
        });
        for (const [orderKey, held] of put) orders.set(orderKey, held);
        for (const id of remembered) ids.add(id);
        for (const id of ids) {
          if (ids.size <= MOST_IDS) break;
          ids.delete(id);
        }
        return done;
      }),
    find: (orderKey) => Promise.resolve(orders.get(orderKey) ?? null),
    close: () => Promise.resolve(),
  };
}
