/** How everybody outside talks to the hub: again and again until there is an answer that is one. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer, Asked } from './house.ts';
import type { Hub } from './hub.ts';
import type { Journal, Said } from './journal.ts';

const PATIENCE_MS = 90_000;
const RETRY_MS = 25;

export interface Client {
  /** The first answer that is not a request to come again; a 202 is followed to its outcome. Written down. */
  ask(door: number, asked: Asked, about?: Pick<Said, 'telling' | 'key'>): Promise<Answer>;
  /** Not written down: what the answer shows was granted. */
  open(path: string, body: string): Promise<Answer>;
  /** For reading: parsed, not written down. */
  read<T>(path: string, token?: string): Promise<T>;
}

export function createClient(hub: Hub, journal: Journal, momentNow: () => number): Client {
  const insist = async (door: number, asked: Asked, isAnswer = (answer: Answer) => answer.status < 500): Promise<Answer> => {
    const until = performance.now() + PATIENCE_MS;
    for (let tried = 0; ; tried++) {
      const answer = await hub.ask(door + tried, asked);
      if (answer !== null && isAnswer(answer)) return answer;
      journal.counts[answer === null ? 'lost' : 'refused'] += 1;
      if (performance.now() > until)
        throw new Error(
          `${asked.method} ${asked.path} was not answered within ${PATIENCE_MS} ms; the last try: ${answer?.status} ${answer?.text}`,
        );
      await pause(RETRY_MS);
    }
  };
  const follow = async (door: number, location: unknown): Promise<Answer> => {
    journal.counts.later += 1;
    return insist(door, { method: 'GET', path: String(location) }, ({ status }) => status < 500 && status !== 404);
  };
  return {
    async ask(door, asked, about = {}) {
      const first = await insist(door, asked);
      const answer = first.status === 202 ? await follow(door, first.headers['location']) : first;
      journal.said.push({ moment: momentNow(), asked, answer, ...about });
      return answer;
    },
    open: (path, body) => insist(0, { method: 'POST', path, body }),
    async read(path, token) {
      const answer = await insist(0, { method: 'GET', path, ...(token ? { token } : {}) });
      if (answer.status !== 200) throw new Error(`GET ${path} answered ${answer.status}: ${answer.text}`);
      return JSON.parse(answer.text) as never;
    },
  };
}
