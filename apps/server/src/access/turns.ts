/** Costly work, a few at once; whoever waits gets a turn by client, so that one who asks much keeps nobody else waiting. */
import { Refusal } from '#web';

interface Places {
  readonly atOnce: number;
  /** Of one client, beside what is being done for it; and of all. */
  readonly waitingEach: number;
  readonly waiting: number;
}
export type InTurn = <T>(client: string, work: () => Promise<T>) => Promise<T>;

export function createTurns({ atOnce, waitingEach, waiting }: Places): InTurn {
  /** In the order of their turns. */
  const queues = new Map<string, (() => void)[]>();
  let [running, total] = [0, 0];
  const next = (): void => {
    const [client, queue] = queues.entries().next().value ?? [];
    if (client === undefined || queue === undefined) return;
    const begin = queue.shift() as () => void;
    total--;
    queues.delete(client);
    if (queue.length > 0) queues.set(client, queue); // behind all others
    begin();
  };
  const wait = (client: string): Promise<void> => {
    const queue = queues.get(client) ?? [];
    if (total >= waiting || queue.length >= waitingEach) throw new Refusal('request.too_many', { seconds: 1 }, { retryAfterSeconds: 1 });
    total++;
    return new Promise((resolve) => queues.set(client, [...queue, resolve]));
  };
  return async (client, work) => {
    if (running < atOnce) running++;
    else await wait(client); // whoever ends hands the place on
    try {
      return await work();
    } finally {
      if (total > 0) next();
      else running--;
    }
  };
}
