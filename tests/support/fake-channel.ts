/** A channel that tells what a test wants to hear: its messages are JSON texts `{"shop": …, "orders": [ids]}`, each order a whole one. */
import type { Adapter, Answer, Call, Failure } from '@weir/connectors/adapter';
import type { NeutralOrder } from '@weir/contract';
import { problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { neutralOrder } from './neutral-order.ts';

export const FAKE = 'fake';
const YEAR_MS = 365 * 86_400_000;

export interface Telling {
  readonly shop: string;
  readonly orders: readonly string[];
  /** What makes one telling differ from another. */
  readonly note?: string;
}
export const telling = (shop: string, orders: readonly string[], note?: string): Buffer =>
  Buffer.from(JSON.stringify({ shop, orders, ...(note === undefined ? {} : { note }) }));

const read = (bytes: Uint8Array): Telling | null => {
  try {
    const told = JSON.parse(Buffer.from(bytes).toString()) as Telling;
    return Array.isArray(told.orders) ? told : null;
  } catch {
    return null;
  }
};
const subjectOf = (shop: string, id: string): Subject => ({ kind: 'order', channel: FAKE, shop, id });

export const failure = (more: Partial<Failure> = {}): Failure => ({
  class: 'retry',
  isKnown: true,
  code: 'down',
  subCode: '',
  message: 'not now',
  logId: '',
  mayHaveHappened: false,
  ...more,
});
export const answer = (data: Record<string, unknown>): Answer => ({
  ok: true,
  data: data as Extract<Answer, { ok: true }>['data'],
  bytes: Buffer.from(JSON.stringify(data)),
  logId: '',
});

/** `called`: what the platform answers to a call that is not about tokens. */
export function fakeAdapter(
  more: Partial<Adapter> = {},
  called: (call: Call, accessToken: string | null) => Answer | Promise<Answer> = () => answer({}),
): Adapter {
  return {
    channel: FAKE,
    limits: { callsPerSecond: 10_000, pageRows: 100, windowRows: 10_000, ageDays: 90 },
    walk: 'first_page_first',
    feeds: ['orders'],
    settings: [],
    consentCode: 'optional',
    routePush(bytes) {
      const told = read(bytes);
      if (told === null) return { kind: 'orders', subjects: [], hasUnroutable: true };
      return { kind: 'orders', subjects: told.orders.map((id) => subjectOf(told.shop, id)), hasUnroutable: false };
    },
    whyUnrouted: (bytes) => (read(bytes) === null ? [problem('field.missing', '/orders', { expected: 'orders' })] : []),
    read: (_kind, _bytes, { channel, shop, id: channelOrderId }) => ({
      messages: [neutralOrder({ channel, shop, channelOrderId }) as NeutralOrder],
      wants: [],
      problems: [],
    }),
    token: {
      first: (shop) => ({ method: 'token', params: { shop } }),
      refresh: ({ shop }) => ({ method: 'token', params: { shop } }),
      read: (_data, askedAt, shop) => ({
        token: { accessToken: `token of ${shop}`, refreshToken: '', expiresAt: askedAt + YEAR_MS, shop },
        problems: [],
      }),
      state: () => 'fresh',
    },
    createClient: () => ({
      call: async (call, accessToken) => (call.method === 'token' ? answer({}) : called(call, accessToken)),
    }),
    fetchDetail: async (_ask, { shop, id }) => ({ ok: true, value: telling(shop, [id]) }),
    listChanged: async () => ({ ok: true, value: { rows: [], total: 0 } }),
    listPlaced: async () => ({ ok: true, value: { rows: [], total: 0 } }),
    ...more,
  };
}
