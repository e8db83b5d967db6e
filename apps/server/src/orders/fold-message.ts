/** One neutral order message: recorded, or held for a person with what is wrong. */
import { type Problem, problem } from '@weir/contract';
import { RANK, type Report } from '@weir/core';
import { type Entry, isBlocked, type Outcome, readNeutral } from '#intake';
import { apply, type Fold, outcomeOf } from './apply.ts';
import { findableBy } from './bundle.ts';
import type { Working } from './order.ts';

const CASE_ID_LENGTH = 16;
const parse = (entry: Entry): unknown => entry.parsed ?? JSON.parse(entry.bytes.toString('utf8'));
export const caseIdOf = (fold: Fold, bytes: Buffer): string => fold.keys.fingerprint(bytes.toString('utf8')).slice(0, CASE_ID_LENGTH);

/** `isBeside`: the order's channel tells of it as well. */
export const foldMessage = (fold: Fold, work: Working, entry: Entry, isBeside: boolean): Outcome =>
  foldNeutral(fold, work, entry, { value: parse(entry), bytes: entry.bytes, rank: RANK.detail, isBeside });

/** What the shop's own system says of shipping is kept apart from what the channel says, whose next word would end it. */
export function besideChannel(report: Report): Report {
  const { doNotShip, ...content } = report.content;
  return doNotShip === undefined ? report : { ...report, content: { ...content, shopSigns: doNotShip } };
}

/** A message in our own form, `bytes` its text: what a case keeps when it may not pass. */
interface Told {
  readonly value: unknown;
  readonly bytes: Buffer;
  readonly rank: number;
  /** A channel's own answer: the parcels in it are all that there are. */
  readonly listsShipments?: boolean;
  /** Its time of change is when we asked: it orders what is known and is not shown, or every look would be a change. */
  readonly hidesTime?: boolean;
  /** Newest time of what was heard beside it, ms UTC: its events happened then, however old its own words are. */
  readonly besideAt?: number;
  /** Where it stands in the inbox, when a channel told it of its own order: a case of it ends with the next whole answer. */
  readonly heardAs?: number;
  /** Told by the shop's own system, of an order that its channel tells of as well. */
  readonly isBeside?: boolean;
  /** It says nothing that is not known: what is wrong with it was judged when it was told, or is our own clock. */
  readonly isKnown?: boolean;
}
export function foldNeutral(fold: Fold, work: Working, entry: Entry, told: Told): Outcome {
  const { value, bytes, rank, listsShipments = false, hidesTime = false, besideAt = -Infinity, heardAs } = told;
  const { isBeside = false, isKnown = false } = told;
  const {
    at,
    problems: found,
    report,
    personal,
  } = readNeutral(value, {
    receivedAt: entry.receivedAt,
    rank,
    fingerprint: fold.keys.fingerprint,
    bytes,
    listsShipments,
  });
  const problems = [...found];
  if (work.order.facts.erasedAt !== undefined && Object.values(personal).some((part) => part !== undefined && part !== null))
    problems.push(problem('person.erased', ''));
  if (isBlocked(problems) || report === null) {
    if (isKnown) return outcomeOf(entry, work, 'unchanged');
    findableBy(work, value);
    return blockedOutcome(fold, work, entry, { at, problems, bytes, heardAs });
  }
  const isNew = work.order.version === 0;
  const { modifiedAt: _, ...timeless } = report;
  const said = isBeside ? besideChannel(report) : hidesTime ? timeless : report;
  const changed = apply(fold, work, entry, [{ type: 'reported', report: said }], {
    occurredAt: Math.max(at, besideAt),
    personal,
    prints: report.content,
  });
  return outcomeOf(entry, work, isNew ? 'created' : changed ? 'changed' : 'unchanged', { problems });
}

interface Blocked extends Pick<Told, 'bytes'> {
  readonly at: number;
  readonly problems: readonly Problem[];
  readonly heardAs?: number | undefined;
}
/** What may not pass opens a case, unless a newer whole message has settled it already. */
export function blockedOutcome(fold: Fold, work: Working, entry: Entry, { at, problems, bytes, heardAs }: Blocked): Outcome {
  const caseId = caseIdOf(fold, bytes);
  const codes = [...new Set(problems.filter((each) => each.severity === 'blocking').map((each) => each.code))];
  const opened = apply(
    fold,
    work,
    entry,
    [
      {
        type: 'case.opened',
        id: caseId,
        case: { at, state: 'open', since: entry.receivedAt, codes, ...(heardAs === undefined ? {} : { heardAs }) },
      },
    ],
    { occurredAt: at, blocked: { caseId, problems, bytes } },
  );
  const waits = work.order.facts.cases[caseId]?.state === 'open';
  return outcomeOf(entry, work, waits ? 'needs_review' : 'unchanged', { problems: opened || waits ? problems : [] });
}

/** A message that could not be worked on: its subject waits for a person; the message itself is a dead letter. */
export function foldPoisoned(fold: Fold, work: Working, entry: Entry): Outcome {
  const caseId = caseIdOf(fold, entry.bytes);
  const problems = [problem('message.failed', '')];
  const known = Object.hasOwn(work.order.facts.cases, caseId) ? work.order.facts.cases[caseId] : undefined;
  // The very same message again: it waits already, with its letter, or was decided about.
  if (known !== undefined)
    return known.state === 'open' ? outcomeOf(entry, work, 'needs_review', { problems }) : outcomeOf(entry, work, 'unchanged');
  apply(
    fold,
    work,
    entry,
    [
      {
        type: 'case.opened',
        id: caseId,
        case: {
          at: Math.max(entry.receivedAt, work.order.facts.fullAt ?? 0),
          state: 'open',
          since: entry.receivedAt,
          codes: ['message.failed'],
        },
      },
    ],
    {
      occurredAt: entry.receivedAt,
      blocked: { caseId, problems, bytes: entry.bytes },
    },
  );
  return outcomeOf(entry, work, 'failed', { code: 'message.failed', problems });
}
