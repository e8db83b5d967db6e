/** Posts orders under load, remembers what was acknowledged, and repeats what was not. It knows nothing of the server but its address. */
import { setTimeout as pause } from 'node:timers/promises';
import { idOf, orderVersion, VERSIONS } from './orders.ts';
import { TOKEN } from './server.ts';

const AT_ONCE = 16;
const REQUEST_LIMIT_MS = 10_000;
const RETRY_MS = 20;
/** Every order's versions are mixed with those of its neighbours; some messages are sent twice, some carry an Idempotency-Key. */
const NEIGHBOURS = 20;
const DOUBLED = 0.15;
const KEYED = 0.4;

interface Job {
  readonly serial: number;
  readonly version: number;
  readonly key: string | undefined;
}
export interface Sent {
  /** By order: the newest version that was answered 2xx. */
  readonly acknowledged: ReadonlyMap<string, { readonly serial: number; readonly version: number }>;
  /** Ids of the messages that were answered 2xx: also of those that a newer version has overtaken. */
  readonly taken: readonly string[];
  readonly messages: number;
  readonly repeats: number;
  /** Answers that are neither an acknowledgement nor a request to repeat. */
  readonly strange: readonly string[];
}
export interface Sender {
  /** Where to send from now on; undefined while there is no server. */
  aim(url: string | undefined): void;
  acknowledgements(): number;
  /** No new orders; resolves when everything that was begun is acknowledged. */
  finish(): Promise<Sent>;
  /** Stops without waiting. */
  abandon(): void;
}

export function startSender(random: () => number): Sender {
  const acknowledged = new Map<string, { serial: number; version: number }>();
  const [strange, taken]: [string[], string[]] = [[], []];
  const queue: Job[] = [];
  let [serial, messages, repeats, finishing, abandoned] = [0, 0, 0, false, false];
  let url: string | undefined;

  const refill = (): void => {
    const fresh: Job[] = [];
    for (let i = 0; i < NEIGHBOURS; i++, serial++)
      for (let version = 0; version < VERSIONS; version++) {
        const job = { serial, version, key: random() < KEYED ? `${idOf(serial)}/${version}` : undefined };
        fresh.push(job, ...(random() < DOUBLED ? [job] : []));
      }
    for (let i = fresh.length - 1; i > 0; i--) {
      const j = Math.floor(random() * (i + 1));
      [fresh[i], fresh[j]] = [fresh[j] as Job, fresh[i] as Job];
    }
    queue.push(...fresh);
  };
  const next = (): Job | undefined => {
    if (queue.length === 0 && !finishing) refill();
    return queue.shift();
  };
  const work = async (): Promise<void> => {
    for (let job = next(); job !== undefined && !abandoned; job = next()) {
      while (!abandoned && !(await tryOnce(job))) await pause(RETRY_MS);
    }
  };
  const tryOnce = async ({ serial, version, key }: Job): Promise<boolean> => {
    if (url === undefined) return false;
    const headers = {
      'content-type': 'application/json',
      authorization: `Bearer ${TOKEN}`,
      ...(key === undefined ? {} : { 'idempotency-key': key }),
    };
    messages += 1;
    const signal = AbortSignal.timeout(REQUEST_LIMIT_MS);
    const answer = await fetch(`${url}/v1/orders`, { method: 'POST', headers, body: JSON.stringify(orderVersion(serial, version)), signal })
      .then(async (response) => ({
        status: response.status,
        text: await response.text(),
        id: response.headers.get('x-weir-message') ?? response.headers.get('location')?.split('/').at(-1),
      }))
      .catch(() => null);
    if (answer !== null && answer.status >= 200 && answer.status < 300) {
      if (answer.id === undefined) strange.push(`${idOf(serial)} version ${version}: acknowledged without the id of its message`);
      else taken.push(answer.id);
      const known = acknowledged.get(idOf(serial));
      if (known === undefined || known.version < version) acknowledged.set(idOf(serial), { serial, version });
      return true;
    }
    if (answer !== null && answer.status < 500) strange.push(`${idOf(serial)} version ${version}: ${answer.status} ${answer.text}`);
    repeats += 1;
    return answer !== null && answer.status < 500;
  };
  const working = Promise.all(Array.from({ length: AT_ONCE }, work));
  return {
    aim: (to) => {
      url = to;
    },
    acknowledgements: () => acknowledged.size,
    async finish() {
      finishing = true;
      await working;
      return { acknowledged, taken, messages, repeats, strange };
    },
    abandon() {
      abandoned = true;
    },
  };
}
