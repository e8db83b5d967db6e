/** One step that somebody asked for: decided, and recorded as a fact when accepted. A refusal changes nothing. */
import { type CaseFact, decide, derivedCases, type Fact, NO_FACTS, RANK, type Report, type Seen, type Step } from '@weir/core';
import { type Entry, isAcceptable, isBlocked, orderedReceiver, type Outcome, type Personal, readNeutral } from '#intake';
import type { Command } from './command.ts';
import { announce, apply, type Fold, outcomeOf } from './apply.ts';
import { openBundle } from './bundle.ts';
import { besideChannel } from './fold-message.ts';
import { isForgotten, seenOf, type Working } from './order.ts';
import { trackingNumbersOf } from './tracking-store.ts';
import { OWN_WORDS } from './shown.ts';

/** `isBeside`: the order's channel tells of it, beside whoever else does. */
export function foldCommand(fold: Fold, work: Working, entry: Entry, isBeside: boolean): Outcome {
  const command = (entry.parsed ?? JSON.parse(entry.bytes.toString('utf8'))) as Command;
  const refused = (code: string, params: Outcome['params'] = {}, problems?: readonly unknown[]): Outcome =>
    outcomeOf(entry, work, 'refused', { code, params, ...(problems ? { problems } : {}) });
  if (command.ifMatch !== undefined && command.ifMatch !== work.order.version)
    return refused('request.version_mismatch', { version: work.order.version });
  if (command.verb === 'forget') return foldForget(work, entry, command.before);
  if (isForgotten(work.order.facts)) return refused('order.forgotten');
  if (isReview(command)) return foldReview(fold, work, entry, command, isBeside, refused);
  if (command.verb === 'retell') {
    announce(fold, work, entry, 'order.restored');
    return outcomeOf(entry, work, 'changed');
  }
  if (command.verb === 'erase') return foldErase(fold, work, entry, command.evenOpen ?? false, refused);
  if (command.verb === 'changeAddress' && work.order.facts.erasedAt !== undefined) return refused('order.erased');
  if (command.verb === 'hold' && isPlaced(fold, work, entry, command.why)) return outcomeOf(entry, work, 'unchanged');
  const step = toStep(fold, entry, command);
  const decision = decide(work.seen as Seen, step, entry.receivedAt);
  if (!decision.ok) return refused(decision.code, decision.params);
  const changed = apply(fold, work, entry, decision.facts, {
    occurredAt: entry.receivedAt,
    personal: personalOf(entry, command),
    ...(step.verb === 'changeAddress' ? { prints: { address: step.address } } : {}),
  });
  return outcomeOf(entry, work, changed ? 'changed' : 'unchanged');
}

/** Who repeats herself, because our answer was lost, places no second hold that would have to be released as well. */
function isPlaced(fold: Fold, work: Working, entry: Entry, why: string): boolean {
  const mine = Object.entries(work.order.facts.placedHolds).filter(([, hold]) => hold.who === entry.by && hold.releasedBy === undefined);
  if (mine.length === 0) return false;
  work.bundle ??= openBundle(fold.keys, work.order);
  const { holdWords = {} } = work.bundle;
  return mine.some(([id]) => Object.hasOwn(holdWords, id) && holdWords[id] === why);
}

const holdIdOf = (entry: Entry): string => `hold_${entry.position}`;

function personalOf(entry: Entry, command: Command): Personal {
  if (command.verb === 'changeAddress') return { receiver: command.receiver };
  if (command.verb === 'cancel') return command.reason === undefined ? {} : { cancelReason: command.reason };
  return command.verb === 'hold' ? { holdWords: { [holdIdOf(entry)]: command.why } } : {};
}

function toStep(fold: Fold, entry: Entry, command: Exclude<Command, { verb: `review.${string}` | 'retell' | 'erase' | 'forget' }>): Step {
  switch (command.verb) {
    case 'cancel':
      return { verb: 'cancel' };
    case 'move':
      return { verb: 'move', to: command.to, ...(command.lines ? { lines: command.lines } : {}) };
    case 'ship':
      return { verb: 'ship', parcels: command.shipments };
    case 'hold':
      return {
        verb: 'hold',
        id: holdIdOf(entry),
        hold: { kind: 'person', who: entry.by, since: entry.receivedAt, why: OWN_WORDS },
      };
    case 'release':
      return { verb: 'release', holdId: command.holdId, by: entry.by };
    case 'changeAddress':
      return { verb: 'changeAddress', address: fold.keys.fingerprint(JSON.stringify(orderedReceiver(command.receiver))) };
  }
}

const ENDED: ReadonlySet<string | null | undefined> = new Set(['completed', 'cancelled', 'closed']);
/** Messages that wait for a person go with the person's data; their cases end as rejected, for nobody could judge them any more. */
function foldErase(fold: Fold, work: Working, entry: Entry, evenOpen: boolean, refused: Refuse): Outcome {
  const { facts } = work.order;
  if (!evenOpen && !ENDED.has(work.seen?.view.status)) return refused('order.still_open');
  const waiting = Object.entries(facts.cases).filter(([, known]) => known.state === 'open');
  const closed = waiting.map(([id, known]) => closing(id, known, 'rejected'));
  const changed = apply(fold, work, entry, [...closed, { type: 'erased', at: entry.receivedAt }], { occurredAt: entry.receivedAt });
  work.isErasureAsked = entry.who !== undefined;
  return outcomeOf(entry, work, changed ? 'changed' : 'unchanged');
}

/** No event tells of it: who holds the order elsewhere keeps it by rules of his own. The row stays, so that a late message goes on under the same key. */
function foldForget(work: Working, entry: Entry, before: number): Outcome {
  const { order } = work;
  if (isForgotten(order.facts) || !ENDED.has(work.seen?.view.status) || order.lastPosition >= before)
    return outcomeOf(entry, work, 'unchanged');
  work.forgotten = { numbers: trackingNumbersOf(order.facts) };
  work.order = { ...order, facts: NO_FACTS, sealedBundle: undefined, withheldFrom: undefined };
  work.seen = seenOf(NO_FACTS);
  work.bundle = {};
  work.bundleDirty = false;
  work.listBefore = undefined;
  work.phones.clear();
  work.dirty = true;
  return outcomeOf(entry, work, 'changed');
}

/** What a channel sent may be no JSON at all; then it is no message that could be released. */
function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}

const isReview = (command: Command): command is Review => command.verb.startsWith('review.');

type Refuse = (code: string, params?: Outcome['params'], problems?: readonly unknown[]) => Outcome;
type Review = Extract<Command, { verb: `review.${string}` }>;

function foldReview(fold: Fold, work: Working, entry: Entry, command: Review, isBeside: boolean, refused: Refuse): Outcome {
  const known = Object.hasOwn(work.order.facts.cases, command.caseId) ? work.order.facts.cases[command.caseId] : undefined;
  if (known === undefined) return releaseDerived(fold, work, entry, command, refused);
  if (command.verb === 'review.reopen') return reopen(fold, work, entry, command.caseId, known, refused);
  if (known.state !== 'open') return refused('review.closed', { state: known.state });
  if (command.verb === 'review.reject') {
    apply(fold, work, entry, [closing(command.caseId, known, 'rejected')], { occurredAt: entry.receivedAt });
    return outcomeOf(entry, work, 'changed');
  }
  const isRelease = command.verb === 'review.release';
  const { problems, report, personal, ...read } = readNeutral(parsed(command.message), {
    receivedAt: isRelease ? known.since : entry.receivedAt,
    rank: RANK.detail,
    fingerprint: fold.keys.fingerprint,
  });
  // Let through as it is, a message is as new as it was when it came, whatever time it names and however long it waited: what was said since then is newer.
  const at = isRelease ? Math.min(read.at, known.since) : read.at;
  if (isRelease && (report === null || !isAcceptable(problems))) return refused('review.not_acceptable', {}, problems);
  if (command.verb === 'review.fix' && (report === null || isBlocked(problems))) return refused('review.still_wrong', {}, problems);
  const said = { ...(report as Report), at };
  const facts: Fact[] = [
    closing(command.caseId, known, isRelease ? 'released' : 'fixed'),
    { type: 'reported', report: isBeside && known.heardAs === undefined ? besideChannel(said) : said },
  ];
  apply(fold, work, entry, facts, { occurredAt: at, personal, prints: (report as Report).content });
  return outcomeOf(entry, work, 'changed', { problems });
}

const closing = (id: string, { round }: CaseFact, state: 'rejected' | 'fixed' | 'released'): Fact => ({
  type: 'case.closed',
  id,
  state,
  ...(round === undefined ? {} : { round }),
});

/** Only a rejection can be taken back: what was let through has been told to others. What a newer whole message overtook stays closed. */
function reopen(fold: Fold, work: Working, entry: Entry, caseId: string, known: CaseFact, refused: Refuse): Outcome {
  if (known.state === 'open') return outcomeOf(entry, work, 'unchanged');
  if (work.order.facts.erasedAt !== undefined) return refused('order.erased');
  if (known.state !== 'rejected') return refused('review.not_reopenable', { state: known.state });
  const { facts, view } = work.seen as Seen;
  if (view.status === 'cancelled' || view.status === 'closed') return refused('order.already_ended');
  if (facts.fullAt !== undefined && known.at < facts.fullAt) return refused('review.not_reopenable', { state: 'superseded' });
  apply(fold, work, entry, [{ type: 'case.reopened', id: caseId, round: (known.round ?? 0) + 1 }], { occurredAt: entry.receivedAt });
  return outcomeOf(entry, work, 'changed');
}

/** A case that follows from the facts is accepted as it is, by the fingerprint of what was seen; other values would open it again. */
function releaseDerived(fold: Fold, work: Working, entry: Entry, command: Review, refused: Refuse): Outcome {
  const derived = derivedCases(work.order.facts).find((found) => found.id === command.caseId);
  if (derived === undefined) return refused('review.not_found');
  if (command.verb !== 'review.release') return refused('review.not_acceptable');
  apply(fold, work, entry, [{ type: 'derived.accepted', id: derived.id, fingerprint: derived.fingerprint }], {
    occurredAt: entry.receivedAt,
  });
  return outcomeOf(entry, work, 'changed');
}
