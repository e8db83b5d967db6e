/** One decision on one case, asked for by a person or as part of a bulk decision. */
import type { Problem } from '@weir/contract';
import { RANK } from '@weir/core';
import { mayTouchShop } from '#access';
import { isAcceptable, isBlocked, readNeutral, type Submitted } from '#intake';
import { type Command, caseSeal, findOrder } from '#orders';
import type { Caller } from '#web';
import { applyEdits, type Change, EditImpossible } from './edits.ts';
import { editsOf, type Recipe } from './recipes.ts';
import type { ReviewRow } from './store.ts';
import { UNROUTED } from './unrouted-kind.ts';
import { closeUnrouted, type ReviewDeps } from './unrouted-routes.ts';

export const DECISIONS = ['release', 'reject', 'fix', 'retry'] as const;
/** `reopen` takes a rejection back; nobody asks for it but the undo of a bulk decision. */
export type Decision = (typeof DECISIONS)[number] | 'reopen';

/** What would become of one case. `passes` is null where only trying can tell. */
export interface Forecast {
  readonly passes: boolean | null;
  readonly code: string | null;
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
}
const refused = (code: string, more: Partial<Forecast> = {}): Forecast => ({ passes: false, code, changes: [], problems: [], ...more });
const FINE: Forecast = { passes: true, code: null, changes: [], problems: [] };

interface Planned extends Forecast {
  /** The message after its fix. */
  readonly message?: unknown;
}
type Box = Pick<ReviewDeps['keys'], 'box'>;

const textOf = (keys: Box, row: ReviewRow): string | undefined =>
  row.sealed === null ? undefined : keys.box.open(row.sealed, caseSeal(row.orderKey, row.caseId)).toString('utf8');

/** What `decision` would do, judged by the message alone; the order may still refuse it. */
export function plan(keys: Box, row: ReviewRow, decision: Decision, recipes: readonly Recipe[], now: number): Planned {
  const isUnrouted = row.orderKey === UNROUTED;
  if (decision === 'retry') return isUnrouted && row.sealed !== null ? { ...FINE, passes: null } : refused('review.not_retriable');
  if (decision === 'reject') return isUnrouted || row.sealed !== null ? FINE : refused('review.not_acceptable');
  if (decision === 'reopen') return FINE;
  if (isUnrouted) return refused('review.not_acceptable');
  if (row.sealed === null) return decision === 'release' ? FINE : refused('review.not_acceptable');
  return planMessage(textOf(keys, row) ?? '', row, decision, recipes, now);
}

function planMessage(text: string, row: ReviewRow, decision: 'release' | 'fix', recipes: readonly Recipe[], now: number): Planned {
  try {
    const came: unknown = JSON.parse(text);
    const edits = decision === 'fix' ? editsOf(came, JSON.parse(row.problems) as Problem[], recipes) : [];
    if (decision === 'fix' && edits.length === 0) return refused('review.nothing_to_fix');
    const { message, changes } = edits.length === 0 ? { message: came, changes: [] } : applyEdits(came, edits);
    const { problems, report } = readNeutral(message, { receivedAt: now, rank: RANK.detail, fingerprint: () => '' });
    const passes = report !== null && (decision === 'fix' ? !isBlocked(problems) : isAcceptable(problems));
    if (passes) return { ...FINE, changes, message };
    return refused(decision === 'fix' ? 'review.still_wrong' : 'review.not_acceptable', { changes, problems });
  } catch (error) {
    // A channel's bytes that are no JSON, an edit of what may not be edited, or nesting beyond any order.
    if (error instanceof EditImpossible || error instanceof SyntaxError || error instanceof RangeError)
      return refused('review.not_acceptable');
    throw error;
  }
}

export interface Asked {
  readonly decision: Decision;
  readonly recipes: readonly Recipe[];
}
/** The end of one case: what became of it, or `null` when the house could not take it just now. */
export interface Decided {
  readonly result: 'accepted' | 'refused';
  readonly code: string | null;
}

/**
 * Travels the road of any command. Under the same `key` it may be tried again, also on a case that is closed by now: then the answer is what
 * became of the first try, so that a run which died between deciding and writing that down counts right.
 */
export async function decideCase(deps: ReviewDeps, caller: Caller, row: ReviewRow, asked: Asked, key: string): Promise<Decided | null> {
  const planned = plan(deps.keys, row, asked.decision, asked.recipes, deps.clock.now());
  if (planned.passes === false) return { result: 'refused', code: planned.code };
  if (row.orderKey === UNROUTED) return decideUnrouted(deps, caller, row, asked.decision, key);
  const order = await findOrder(deps.db, row.partition, row.orderKey);
  if (order === null || !(await mayTouchShop(deps.db, caller, row.channel, row.shop)))
    return { result: 'refused', code: 'request.shop_forbidden' };
  const command = commandOf(deps.keys, row, asked.decision, planned.message);
  const subject = { kind: 'order', channel: order.channel, shop: order.shop, id: order.channelOrderId } as const;
  return endOf(await deps.submit({ kind: 'command', subject, bytes: Buffer.from(JSON.stringify(command)), parsed: command }, caller, key));
}

async function decideUnrouted(deps: ReviewDeps, caller: Caller, row: ReviewRow, decision: Decision, key: string): Promise<Decided | null> {
  if (decision === 'retry' && row.state === 'open') {
    const text = row.sealed === null ? null : deps.keys.box.open(row.sealed, caseSeal(UNROUTED, row.caseId));
    if (text === null || !(await deps.again(row.channel, text))) return { result: 'refused', code: 'review.still_unrouted' };
  }
  const verb = decision === 'retry' ? 'retried' : decision === 'reopen' ? 'reopen' : 'reject';
  return endOf(await closeUnrouted(deps, caller, row, { verb }, key));
}

function commandOf(keys: Box, row: ReviewRow, decision: Decision, fixed: unknown): Command {
  const { caseId } = row;
  const message = decision === 'release' ? textOf(keys, row) : undefined;
  if (decision === 'fix') return { verb: 'review.fix', caseId, message: JSON.stringify(fixed) };
  if (decision === 'release') return { verb: 'review.release', caseId, ...(message === undefined ? {} : { message }) };
  return { verb: decision === 'reopen' ? 'review.reopen' : 'review.reject', caseId };
}

function endOf(submitted: Submitted): Decided | null {
  if (submitted.kind === 'outcome') {
    const { result, code = null } = submitted.outcome;
    return result === 'refused' || result === 'failed' ? { result: 'refused', code } : { result: 'accepted', code: null };
  }
  return submitted.kind === 'refused' && submitted.code === 'request.key_reused' ? { result: 'refused', code: submitted.code } : null;
}
