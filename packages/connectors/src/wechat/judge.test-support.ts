/** What becomes of bytes that reach this connector, in one line that a person can read; used for every fixture and by the fuzz test. */
import type { NeutralMessage, Problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import { isBlocked } from '../../../../apps/server/src/intake/index.ts';
import type { ChannelKind } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import { wechatAdapter } from './adapter.ts';
import { subjectIn, PAY_NAMES, TRADE_NAMES } from './ids.ts';
import { validate } from './world.test-support.ts';

export interface Judged {
  readonly outcome: string;
  readonly messages: readonly NeutralMessage[];
}
const codes = (problems: readonly Problem[]): string =>
  [...new Set(problems.map(({ code, pointer }) => `${code} ${pointer}`.trim()))].join(', ');

/** Whose order the bytes are about, as the server knows it before it reads them. */
export function subjectOf(kind: ChannelKind, bytes: Uint8Array): Subject | null {
  if (kind === 'push') {
    const routed = wechatAdapter.routePush(bytes);
    return routed.kind === 'orders' ? (routed.subjects[0] ?? null) : null;
  }
  const whole = new Fields(parseBytes(bytes));
  return kind === 'list' ? subjectIn(whole, TRADE_NAMES) : subjectIn(whole.child('payment'), PAY_NAMES);
}

export function judge(kind: ChannelKind, bytes: Uint8Array): Judged {
  const subject = subjectOf(kind, bytes);
  if (subject === null) return { outcome: nobodys(kind, bytes), messages: [] };
  const { messages, wants, problems } = wechatAdapter.read(kind, bytes, subject);
  const blocked = messages.flatMap((message) => validate(message).problems).filter((each) => isBlocked([each]));
  const all = [...problems, ...blocked];
  if (all.length > 0) return { outcome: `held: ${codes(all)}`, messages };
  if (messages.length > 0) return { outcome: `accepted: ${messages.length} of ${subject.id}`, messages };
  return { outcome: wants.length > 0 ? 'hint' : 'nothing', messages };
}

function nobodys(kind: ChannelKind, bytes: Uint8Array): string {
  if (kind !== 'push') return 'refused: no order';
  return wechatAdapter.routePush(bytes).kind === 'probe' ? 'probe' : `refused: ${codes(wechatAdapter.whyUnrouted(bytes))}`;
}
