/** A wire to a WeChat that says what a test wants. */
import type { Answer, App, Ask, Call, Send } from '../adapter.ts';
import { createClient } from './client.ts';
import { APP, NOW, payHeaders } from './world.test-support.ts';

export interface Sent {
  readonly url: string;
  readonly init: Parameters<Send>[1];
}
export interface Reply {
  readonly status?: number;
  readonly body: string;
  readonly headers?: Record<string, string>;
}
/** A wire that answers the same to everything; v3 answers are signed unless the headers are told. */
export function wire(reply: Reply | ((sent: Sent) => Reply), app: App = APP) {
  const sent: Sent[] = [];
  const send: Send = async (url, init) => {
    sent.push({ url, init });
    const { status = 200, body, headers } = typeof reply === 'function' ? reply({ url, init }) : reply;
    const told = headers ?? (url.includes('/v3/') ? payHeaders(body, NOW) : {});
    return { status, headers: { get: (name) => told[name] ?? null }, arrayBuffer: async () => new Uint8Array(Buffer.from(body)).buffer };
  };
  const client = createClient({ app, send, now: () => NOW });
  return { sent, client, ask: ((call: Call) => client.call(call, 'TOKEN')) satisfies Ask };
}
export const failureOf = (answer: Answer) => (answer.ok ? undefined : answer.failure);
