/** Review cases follow the facts: which ones a change opened or closed, as rows. */
import { type Problem, problem, reasonOf } from '@weir/contract';
import { derivedCases, type Seen } from '@weir/core';
import type { Entry } from '#intake';
import type { FoldKeys } from './apply.ts';
import type { Order } from './order.ts';
import type { CaseRow } from './save-store.ts';

/** A blocked message: its case, what is wrong with it, and its exact bytes. */
export interface SealedMessage {
  readonly caseId: string;
  readonly problems: readonly Problem[];
  readonly bytes: Buffer;
}
export const caseSeal = (orderKey: string, caseId: string): string => `case ${orderKey} ${caseId}`;

const isOver = (seen: Seen | null): boolean => seen?.view.status === 'cancelled' || seen?.view.status === 'closed';
const openIds = (seen: Seen | null): ReadonlySet<string> =>
  new Set(seen === null || isOver(seen) ? [] : seen.view.holds.filter((hold) => hold.kind === 'review').map((hold) => hold.id));

export function changedCases(
  keys: FoldKeys,
  order: Order,
  before: Seen | null,
  after: Seen,
  entry: Entry,
  blocked: SealedMessage | undefined,
): CaseRow[] {
  const [had, has] = [openIds(before), openIds(after)];
  const born = blocked && !(before && Object.hasOwn(before.facts.cases, blocked.caseId)) ? [blocked.caseId] : [];
  const stayed = [...has].filter((id) => had.has(id));
  const touched = new Set([
    ...[...has].filter((id) => !had.has(id)),
    ...[...had].filter((id) => !has.has(id)),
    ...(stayed.length > 0 ? otherwise(before, after, stayed) : []),
    ...born,
  ]);
  return [...touched].map((caseId) => {
    const isOpen = has.has(caseId);
    const message = blocked?.caseId === caseId ? blocked : undefined;
    const problems = message?.problems ?? derivedProblems(after, caseId);
    return {
      partition: order.partition,
      orderKey: order.orderKey,
      caseId,
      channel: order.channel,
      shop: order.shop,
      state: isOpen ? 'open' : closedAs(after, caseId),
      cause: entry.position,
      at: entry.receivedAt,
      by: entry.by,
      problems: JSON.stringify(problems),
      reason: reasonOf(problems),
      // Of an erased order no message is kept: it can be rejected, and a later whole one closes the case.
      sealed: after.facts.erasedAt === undefined ? message && keys.box.seal(message.bytes, caseSeal(order.orderKey, caseId)) : undefined,
    };
  });
}

/** Cases that follow from the facts and are about other values now: a person must see what she would accept. */
function otherwise(before: Seen | null, after: Seen, ids: readonly string[]): string[] {
  const printsOf = (seen: Seen | null): ReadonlyMap<string, string> =>
    new Map(seen === null ? [] : derivedCases(seen.facts).map(({ id, fingerprint }) => [id, fingerprint]));
  const [was, is] = [printsOf(before), printsOf(after)];
  return ids.filter((id) => was.get(id) !== is.get(id));
}

function closedAs(after: Seen, caseId: string): string {
  const known = Object.hasOwn(after.facts.cases, caseId) ? after.facts.cases[caseId] : undefined;
  if (known && known.state !== 'open') return known.state;
  if (isOver(after)) return 'ended';
  return Object.hasOwn(after.facts.accepted, caseId) ? 'released' : 'resolved';
}

const derivedProblems = (after: Seen, caseId: string): Problem[] =>
  derivedCases(after.facts)
    .filter((found) => found.id === caseId)
    .map(({ code, pointer, reading, expected, expectedZh = expected }) => problem(code, pointer, { reading, expected, expectedZh }));
