/** What becomes of bytes that reach this connector, in one line that a person can read; used for every fixture and by the fuzz test. */
import { readFileSync } from 'node:fs';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '@weir/contract';
import { isBlocked, readNeutral } from '../../../../apps/server/src/intake/index.ts';
import type { Ask, Answer, ChannelKind, Heard } from '../adapter.ts';
import { type Json, parseBytes } from '../lossless-json.ts';
import { field, isObject } from '../fields.ts';
import { noAnswer } from '../no-answer.ts';
import { taobaoAdapter } from './adapter.ts';
import { rootOf } from './client.ts';
import { failureIn } from './errors.ts';
import { toSubject } from './ids.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
export const fixture = (path: string): Buffer => readFileSync(join(FIXTURES, path));
export const json = (path: string): Json => parseBytes(fixture(path));
export const samplePaths = (): string[] => globSync('[!_]*.json', { cwd: join(FIXTURES, 'samples') }).toSorted();

export const SHOP = '2200000000001';

const RECEIVED_AT = Date.parse('2026-11-25T00:00:00Z');
/** The house's own validation, as the server runs it. */
export const validate = (message: unknown) => readNeutral(message, { receivedAt: RECEIVED_AT, rank: 3, fingerprint: (text) => text });

/** The bytes of a detail, as `fetchDetail` puts them together. */
export const detailOf = (trade: Json, refunds: readonly Json[] = []): Buffer => Buffer.from(JSON.stringify({ refunds, trade }));

export function hear(kind: ChannelKind, bytes: Uint8Array, id = '3724561098877120118'): Heard {
  return taobaoAdapter.read(kind, bytes, toSubject(SHOP, id));
}

const codes = (problems: readonly Problem[]): string =>
  [...new Set(problems.map(({ code, pointer }) => `${code} ${pointer}`.trim()))].join(', ');

/** One line for what was heard. */
export function judge(heard: Heard): string {
  if (heard.problems.length > 0) return `held: ${codes(heard.problems)}`;
  const [message] = heard.messages;
  if (message === undefined) return heard.wants.length > 0 ? 'hint' : 'nothing';
  const { problems } = validate(message);
  return isBlocked(problems) ? `held: ${codes(problems)}` : `accepted${message.partial === true ? ' in part' : ''}`;
}

/** A platform that answers each method with its own bytes, a function of the parameters, or a refusal; what was asked is kept. */
export type Script = Readonly<Record<string, string | ((params: Readonly<Record<string, unknown>>, nth: number) => string)>>;
export function platform(script: Script): {
  readonly ask: Ask;
  readonly asked: { method: string; params: Readonly<Record<string, unknown>> }[];
} {
  const asked: { method: string; params: Readonly<Record<string, unknown>> }[] = [];
  const ask: Ask = async ({ method, params }): Promise<Answer> => {
    const nth = asked.filter((each) => each.method === method).length;
    asked.push({ method, params });
    const told = script[method];
    if (told === undefined) throw new Error(`nobody expected ${method}`);
    const bytes = Buffer.from(typeof told === 'string' ? told : told(params, nth));
    const answer = parseBytes(bytes);
    const data = field(answer, rootOf(method));
    const failure = failureIn(answer) ?? (isObject(data) ? null : noAnswer('answer', 'no root'));
    return failure === null ? { ok: true, data: data ?? null, bytes, logId: '' } : { ok: false, failure };
  };
  return { ask, asked };
}
export const refusal = (subCode: string, code = 15): string =>
  JSON.stringify({ error_response: { code, msg: 'Remote service error', sub_code: subCode, sub_msg: '说明', request_id: 'r' } });
