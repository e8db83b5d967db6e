/** What went over the wire, both ways, newest last, for a person to read. Only so many records are kept. */
import { randomUUID } from 'node:crypto';
import type { HeardCall } from '../market/server.ts';
import type { SentPush } from '../market/push.ts';
import type { Explained, Signed } from '../market/explained.ts';

export interface WireRecord {
  readonly id: number;
  readonly at: string;
  /** `call`: from Weir to the platform. `push`: from the platform to Weir. */
  readonly way: 'call' | 'push';
  /** The method that was called, or the tags of the messages. */
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Null: no answer arrived. */
  readonly status: number | null;
  readonly answer: string | null;
  /** The platform's code of its no; some say no with a 200. Null: it was no no, or it is a push. */
  readonly refused: string | null;
  /** Null: nothing is signed in it. */
  readonly signature: Explained | null;
}
interface Explainer {
  explain(signed: Signed): Explained | null;
}
export interface Wire {
  /** Another one after a restart: ids begin anew. */
  readonly run: string;
  call(heard: HeardCall, by: Explainer): void;
  push(sent: SentPush, by: Explainer): void;
  /** Records newer than `after`, oldest first. */
  since(after: number): readonly WireRecord[];
}

const MAX_RECORDS = 300;
/** Longer texts are cut for the eye; the wire carried them whole. */
const MAX_TEXT = 20_000;
const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

export function createWire(now: () => number): Wire {
  const records: WireRecord[] = [];
  let count = 0;
  const add = (record: Omit<WireRecord, 'id' | 'at'>): void => {
    const last = records.at(-1);
    if (last !== undefined && sayingOf(last) === sayingOf(record)) return;
    count += 1;
    records.push({ id: count, at: new Date(now()).toISOString(), ...record });
    if (records.length > MAX_RECORDS) records.shift();
  };
  return {
    run: randomUUID(),
    call: ({ method, url, headers, name, body, status, answer, refused }, by) =>
      add({
        way: 'call',
        name: name === '' ? url : name,
        url: cut(`${method} ${url}`),
        headers: {},
        body: cut(body),
        status: answer === null ? null : status,
        answer: answer === null ? null : cut(answer),
        refused,
        signature: by.explain({ way: 'call', method, url, headers, body }),
      }),
    push: ({ url, headers, body, status, answer }, by) =>
      add({
        way: 'push',
        name: nameIn(body),
        url,
        headers,
        body: cut(body),
        status,
        answer: status === null ? null : cut(answer),
        refused: null,
        signature: by.explain({ way: 'push', method: 'POST', url, headers, body }),
      }),
    since: (after) => records.filter((record) => record.id > after),
  };
}

/** What a call says, without what every call has anew: somebody who asks an empty queue each second is shown once, until something else happens. */
const sayingOf = ({ way, name, body, status, answer }: Omit<WireRecord, 'id' | 'at'>): string =>
  [way, name, status, body.replaceAll(/(timestamp|sign|nonce)[^&,}]*/g, ''), (answer ?? '').replaceAll(/"request_id":"[^"]*"/g, '')].join(
    '\n',
  );

/** What a push calls itself, by whatever name its platform uses: tags, topics, events. */
const nameIn = (body: string): string =>
  [...body.matchAll(/"(?:tag|topic|type|event_type|Event|commandType)":\s*"([^"]{1,60})"/g)].map((match) => match[1]).join(' ');
