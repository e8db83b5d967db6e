/** Sends requests as anybody and keeps every answer, headers included, as evidence. */
import type { AddressInfo } from 'node:net';
import { ROLES, type Role } from '@weir/contract';
import { ADMIN, type TestHouse, waitUntil } from '../support/index.ts';
import type { Evidence } from './find.ts';

export type Scope = 'every shop' | 'own shop' | 'another shop';
export interface Who {
  readonly name: string;
  readonly token: string | null;
  readonly role: Role | null;
  readonly scope: Scope;
}
export const NOBODY: Who = { name: 'nobody', token: null, role: null, scope: 'another shop' };
export const FIRST_ADMIN: Who = { name: 'first admin', token: ADMIN, role: 'admin', scope: 'every shop' };

export interface Reply {
  readonly who: Who;
  readonly request: string;
  readonly path: string;
  readonly status: number;
  readonly headers: string;
  readonly text: string;
}
export interface Collector {
  readonly replies: readonly Reply[];
  ask(who: Who, method: 'GET' | 'POST', path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
}

export function createCollector(house: TestHouse): Collector {
  const replies: Reply[] = [];
  return {
    replies,
    async ask(who, method, path, body, headers = {}) {
      const payload = body === undefined || typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
      const answer = await house.house.app.inject({
        method,
        url: path,
        ...(payload === undefined ? {} : { payload }),
        headers: {
          ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
          ...(who.token === null ? {} : { authorization: `Bearer ${who.token}` }),
          ...headers,
        },
      });
      const reply = {
        who,
        request: `${method} ${path.slice(0, 120)} as ${who.name}`,
        path,
        status: answer.statusCode,
        headers: JSON.stringify(answer.headers),
        text: answer.body,
      };
      replies.push(reply);
      return reply;
    },
  };
}

/** Each role without a scope, within the shop of the orders, and within another one; and nobody. */
export async function everyone(collector: Collector, own: string, other: string): Promise<Who[]> {
  const found: Who[] = [NOBODY];
  for (const role of ROLES)
    for (const [scope, shops] of [
      ['every shop', undefined],
      ['own shop', [own]],
      ['another shop', [other]],
    ] as const) {
      const name = `${role}, ${scope}`;
      const made = await collector.ask(FIRST_ADMIN, 'POST', '/v1/tokens', { name, role, ...(shops ? { shops } : {}) });
      if (made.status !== 201) throw new Error(`no token for ${name}: ${made.text}`);
      found.push({ name, role, scope, token: (JSON.parse(made.text) as { token: string }).token });
    }
  return found;
}

export interface Streams {
  /** Waits until whoever may see changes has seen some. */
  readonly heard: () => Promise<void>;
  close(): Promise<Evidence[]>;
  readonly strangers: () => Evidence[];
}

/** `GET /v1/stream` needs a real socket. */
export async function openStreams(house: TestHouse, whos: readonly Who[]): Promise<Streams> {
  const { app } = house.house;
  await app.listen({ port: 0, host: '127.0.0.1' });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/v1/stream`;
  const stop = new AbortController();
  const texts = new Map<Who, string>(whos.map((who) => [who, '']));
  const reading = whos.map(async (who) => {
    const response = await fetch(url, { headers: who.token === null ? {} : { authorization: `Bearer ${who.token}` }, signal: stop.signal });
    const decoder = new TextDecoder();
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>)
      texts.set(who, `${texts.get(who) as string}${decoder.decode(part, { stream: true })}`);
  });
  const settled = Promise.allSettled(reading);
  await waitUntil('every stream is open', () => [...texts.values()].every((text) => text !== ''));
  const evidence = (wanted: (who: Who) => boolean): Evidence[] =>
    [...texts].filter(([who]) => wanted(who)).map(([who, text]) => ({ where: `GET /v1/stream as ${who.name}`, text }));
  return {
    heard: () =>
      waitUntil('every stream of this shop tells a change', () =>
        [...texts].every(([who, text]) => who.scope === 'another shop' || text.includes('event: changes')),
      ),
    strangers: () => evidence((who) => who.scope === 'another shop'),
    async close() {
      stop.abort();
      await settled;
      return evidence(() => true);
    },
  };
}
