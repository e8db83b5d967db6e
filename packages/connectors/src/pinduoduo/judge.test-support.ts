/** What becomes of bytes that reach this connector, in one line that a person can read; used by the fuzz test. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NeutralMessage, Problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { isBlocked, readNeutral } from '../../../../apps/server/src/intake/index.ts';
import type { Answer, Ask, Call, ChannelKind } from '../adapter.ts';
import { type Json, parseBytes } from '../lossless-json.ts';
import { pinduoduoAdapter } from './adapter.ts';
import { createClient } from './client.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
export const fixture = (path: string): Buffer => readFileSync(join(FIXTURES, path));
export const json = (path: string): Json => parseBytes(fixture(path));

export const SHOP = '900000001';
export const app = { key: 'c0ffee', secret: 'testSecret' };
export const subjectOf = (id: string): Subject => ({ kind: 'order', channel: 'pinduoduo', shop: SHOP, id });

const RECEIVED_AT = Date.parse('2026-11-25T00:00:00Z');
/** The house's own validation, as the server runs it. */
export const validate = (message: unknown) => readNeutral(message, { receivedAt: RECEIVED_AT, rank: 3, fingerprint: (text) => text });

const codes = (problems: readonly Problem[]): string =>
  [...new Set(problems.map(({ code, pointer }) => `${code} ${pointer}`.trim()))].join(', ');

export function judge(
  kind: ChannelKind,
  bytes: Uint8Array,
  subject: Subject,
): { readonly outcome: string; readonly messages: readonly NeutralMessage[] } {
  const { messages, wants, problems } = pinduoduoAdapter.read(kind, bytes, subject);
  if (problems.length > 0) return { outcome: `held: ${codes(problems)}`, messages };
  const blocked = messages.flatMap((message) => validate(message).problems).filter((each) => isBlocked([each]));
  if (blocked.length > 0) return { outcome: `held: ${codes(blocked)}`, messages };
  const asks = wants.length === 0 ? '' : `, wants ${wants.join(' and ')}`;
  if (messages.length === 0) return { outcome: `hint${asks}`, messages };
  return { outcome: `accepted: ${messages.map(({ partial }) => (partial === true ? 'partial' : 'whole')).join(', ')}${asks}`, messages };
}

/** A platform that answers a call with a body of `answers`, by method, and says what it was asked. */
export function platform(answers: Readonly<Record<string, Buffer | string | ((call: Call) => string)>>) {
  const calls: Call[] = [];
  const ask: Ask = (call): Promise<Answer> => {
    calls.push(call);
    const found = answers[call.method];
    const body = typeof found === 'function' ? found(call) : (found ?? '{"error_response":{"error_code":10001,"error_msg":"type"}}');
    const send = async () => ({ status: 200, headers: new Headers(), arrayBuffer: async () => new Uint8Array(Buffer.from(body)).buffer });
    return createClient({ app, send, now: () => RECEIVED_AT }).call(call, 'tok');
  };
  return { ask, calls };
}
