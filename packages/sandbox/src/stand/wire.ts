/** What went over the wire, both ways, newest last, for a person to read. Only so many records are kept. */
import type { HeardCall } from '../market/server.ts';
import type { SentPush } from '../market/push.ts';
import { type Explained, explainCall, explainPush, type SandboxApp } from './explain.ts';

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
  readonly signature: Explained;
}
export interface Wire {
  call(heard: HeardCall): void;
  push(sent: SentPush): void;
  /** Records newer than `after`, oldest first. */
  since(after: number): readonly WireRecord[];
}

const MAX_RECORDS = 300;
/** Longer texts are cut for the eye; the wire carried them whole. */
const MAX_TEXT = 20_000;
const cut = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

export function createWire(app: SandboxApp, now: () => number): Wire {
  const records: WireRecord[] = [];
  let count = 0;
  const add = (record: Omit<WireRecord, 'id' | 'at'>): void => {
    count += 1;
    records.push({ id: count, at: new Date(now()).toISOString(), ...record });
    if (records.length > MAX_RECORDS) records.shift();
  };
  return {
    call: ({ url, body, status, answer }) =>
      add({
        way: 'call',
        name: new URL(url, 'http://sandbox').searchParams.get('method') ?? url,
        url: cut(url),
        headers: {},
        body: cut(body),
        status: answer === null ? null : status,
        answer: answer === null ? null : cut(answer),
        signature: explainCall(app, url, body),
      }),
    push: ({ url, headers, body, status, answer }) =>
      add({
        way: 'push',
        name: tagsIn(body),
        url,
        headers,
        body: cut(body),
        status,
        answer: status === null ? null : cut(answer),
        signature: explainPush(app, headers, body),
      }),
    since: (after) => records.filter((record) => record.id > after),
  };
}

const tagsIn = (body: string): string => [...body.matchAll(/"tag":"(\d+)"/g)].map((match) => match[1]).join(' ');
