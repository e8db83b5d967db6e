/** What becomes of bytes that reach this connector, in one line that a person can read; used for every fixture and by the fuzz test. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NeutralMessage, Problem } from '@weir/contract';
import { isBlocked, readNeutral } from '../../../../apps/server/src/intake/index.ts';
import { type Json, parseBytes } from '../lossless-json.ts';
import { type AfterSale, readDetailed, readListed } from './after-sales.ts';
import { normaliseOrder } from './normalise.ts';
import { readPush } from './push.ts';
import { type Part, partsOf, route } from './route.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
export const fixture = (path: string): Buffer => readFileSync(join(FIXTURES, path));
export const json = (path: string): Json => parseBytes(fixture(path));

const RECEIVED_AT = Date.parse('2026-11-25T00:00:00Z');
/** The house's own validation, as the server runs it. */
export const validate = (message: unknown) => readNeutral(message, { receivedAt: RECEIVED_AT, rank: 3, fingerprint: (text) => text });

const codes = (problems: readonly Problem[]): string =>
  [...new Set(problems.map(({ code, pointer }) => `${code} ${pointer}`.trim()))].join(', ');

/** One line per message, order or after-sale in the bytes. */
export function judge(bytes: Uint8Array, afterSales?: readonly AfterSale[]): string[] {
  const answer = parseBytes(bytes);
  const parts = partsOf(answer);
  const lines = parts === null ? judgePush(bytes) : parts.map((part) => judgePart(part, afterSales));
  const routed = route(bytes);
  if (parts === null && routed.length !== lines.length) throw new Error(`route names ${routed.length} messages, reading ${lines.length}`);
  return lines;
}

function judgePart(part: Part, afterSales: readonly AfterSale[] | undefined): string {
  if (part.about === 'after_sale') {
    const read = part.source === 'list' ? readListed(part.value, part.pointer) : readDetailed(part.value);
    if (read.ok) return 'accepted: after-sale';
    return `${read.shopOrderId === null ? 'refused' : 'held'}: ${codes(read.problems)}`;
  }
  const read = normaliseOrder(part.value, { source: part.source, pointer: part.pointer, ...(afterSales ? { afterSales } : {}) });
  if (!read.ok) return `${read.identity === null ? 'refused' : 'held'}: ${codes(read.problems)}`;
  const { problems } = validate(read.message);
  if (isBlocked(problems)) return `held: ${codes(problems)}`;
  return `accepted: ${read.message.partial === true ? 'partial' : 'whole'} order${read.wants.length === 0 ? '' : `, wants ${read.wants.join(' and ')}`}`;
}

/** Every message that the bytes yield, proven by a push or read from an answer. */
export function normaliseAll(bytes: Uint8Array): NeutralMessage[] {
  const parts = partsOf(parseBytes(bytes));
  if (parts === null) return readPush(bytes).flatMap((reading) => (reading.kind === 'news' && reading.proves) || []);
  return parts.flatMap(({ about, source, value, pointer }) => {
    const read = about === 'order' ? normaliseOrder(value, { source, pointer }) : null;
    return read?.ok ? [read.message] : [];
  });
}

function judgePush(bytes: Uint8Array): string[] {
  return readPush(bytes).map((reading) => {
    switch (reading.kind) {
      case 'probe':
        return 'probe';
      case 'unroutable':
        return `refused: ${codes(reading.problems)}`;
      case 'unmapped':
        return `held: ${codes(reading.problems)}`;
      case 'news': {
        if (reading.proves === null) return `hint${reading.doubts.length === 0 ? '' : `, doubts ${codes(reading.doubts)}`}`;
        const { problems } = validate(reading.proves);
        return problems.length === 0 ? `accepted: ${provenBy(reading.proves)}` : `held: ${codes(problems)}`;
      }
    }
  });
}

const ENVELOPE: ReadonlySet<string> = new Set(['schema', 'channel', 'shop', 'channelOrderId', 'modifiedAt', 'partial']);
const provenBy = (message: object): string =>
  Object.keys(message)
    .filter((name) => !ENVELOPE.has(name))
    .join(' ');
