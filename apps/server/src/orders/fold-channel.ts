/** What a sales channel told of one order in its own form: read by its connector, then recorded like any neutral message, with the rank of its source. */
import type { ChannelKind, Heard, PersonAsked, Reader, Want } from '@weir/connectors/adapter';
import { CHANNEL_KINDS } from '@weir/connectors/adapter';
import type { NeutralMessage, Problem } from '@weir/contract';
import { derivedCases, type OrderFacts, paidOf, parseInstant, RANK, refundedOf } from '@weir/core';
import type { Entry, Outcome } from '#intake';
import { apply, type Fold, outcomeOf } from './apply.ts';
import { blockedOutcome, foldNeutral } from './fold-message.ts';
import type { Working } from './order.ts';

/** By the name of the channel. */
export type Readers = ReadonlyMap<string, Reader>;
/** An order of which the detail must be asked for. */
export interface Asked {
  readonly partition: number;
  readonly channel: string;
  readonly shop: string;
  readonly id: string;
  readonly wants: readonly Want[];
  /** Position of the message that asks. */
  readonly askedAt: number;
  /** An answer that asks again waits a little: the channel itself has not come to rest. */
  readonly waitMs: number;
  /** No hint, only a look that is due: everything else comes first. */
  readonly isIdle?: true;
}
const AGAIN_MS = 10_000;
/**
 * Channels count in seconds, and two answers of one second may differ. One that was asked for this long after its source time holds
 * everything of that second, also where the two clocks are apart by less.
 */
const SETTLED_MS = 60_000;

/** What seems to come from the future is asked about again, news or not: nearly always it is our own clock that was wrong, and then nobody has to look. */
const AHEAD_MS = 600_000;
const MOST_AHEAD_MS = 86_400_000;

export const isChannelKind = (kind: string): kind is ChannelKind => (CHANNEL_KINDS as readonly string[]).includes(kind);

/** What was read in the bytes, and whether its channel tells a time of change. */
export type HeardThere = Heard & Pick<Reader, 'tellsNoChange'>;
/** What the connector reads in the bytes. A channel without a connector is a message that cannot be worked on. */
export function hear(readers: Readers, entry: Entry): HeardThere {
  const reader = readers.get(entry.subject.channel);
  if (reader === undefined) throw new Error(`no connector reads ${entry.subject.channel}`);
  const heard = reader.read(entry.kind as ChannelKind, entry.bytes, entry.subject);
  return reader.tellsNoChange ? { ...heard, tellsNoChange: true } : heard;
}

export function foldChannel(fold: Fold, work: Working, entry: Entry, heard: HeardThere): Outcome {
  const before = work.order.facts;
  const newest = Math.max(...heard.messages.map(timeOf));
  const heardAs = entry.position;
  const tellsNews = isNews(before, entry.kind as ChannelKind, heard);
  // A row of what is known already is no reason to ask for the order, and nothing else would end a case of it.
  const isKnown = entry.kind === 'list' && !tellsNews;
  const outcomes = heard.messages.map((message) => {
    const bytes = Buffer.from(JSON.stringify(message));
    // A whole message beside others is what stands in for words that another tells (a payment that knows no lines): of old, so that any word of theirs wins.
    const besideAt = message.partial === true ? {} : { besideAt: newest };
    const listsShipments = entry.kind !== 'push' && heard.parcelsMayMiss !== true;
    const hidesTime = heard.tellsNoChange === true;
    return foldNeutral(fold, work, entry, {
      value: message,
      bytes,
      rank: rankOf(entry, message),
      listsShipments,
      hidesTime,
      ...besideAt,
      heardAs,
      isKnown,
    });
  });
  for (const asked of heard.asks ?? []) outcomes.push(heldOutcome(fold, work, entry, asked));
  if (heard.problems.some((each) => each.severity === 'blocking')) {
    // A push of a kind that we do not know is for a person, whatever its order's answer says.
    const ends = entry.kind === 'push' ? {} : { heardAs };
    outcomes.push(blockedOutcome(fold, work, entry, { at: entry.receivedAt, problems: heard.problems, bytes: entry.bytes, ...ends }));
  } else if (isWholeAnswer(entry, heard) && outcomes.every(({ result }) => result !== 'needs_review'))
    outcomes.push(answeredOutcome(fold, work, entry, newest));
  const { channel, shop, id } = entry.subject;
  const ask = (wants: readonly Want[], waitMs: number) =>
    fold.asked.push({ partition: entry.partition, channel, shop, id, wants, askedAt: entry.position, waitMs });
  if (heard.wants.length > 0 && tellsNews) ask(heard.wants, entry.kind === 'detail' ? AGAIN_MS : 0);
  // Two answers of one second contradict each other: a third one, once that second is over, ends the doubt before a person need look.
  // What else an answer tells may be of long ago (when it was paid): its newest word counts.
  else if (entry.kind === 'detail' && isInDoubt(work.order.facts) && heard.messages.some((message) => !isSettled(entry, message)))
    ask(['detail', 'after_sales'], SETTLED_MS);
  else if (outcomes.some(isAhead) && newest - entry.receivedAt <= MOST_AHEAD_MS) ask(['detail', 'after_sales'], AHEAD_MS);
  return worstOf(outcomes) ?? { position: entry.position, result: 'unchanged' };
}

const isWholeAnswer = ({ kind }: Entry, { messages }: HeardThere): boolean =>
  kind === 'detail' && messages.some(({ partial }) => partial !== true);
/** All that the channel knows of the order was told and accepted: what of it might not pass before is overtaken, whatever its time. */
function answeredOutcome(fold: Fold, work: Working, entry: Entry, at: number): Outcome {
  const changed = apply(fold, work, entry, [{ type: 'answered', as: entry.position }], { occurredAt: at });
  return outcomeOf(entry, work, changed ? 'changed' : 'unchanged');
}

/** The channel asks for somebody, who alone can say that it is done. */
function heldOutcome(fold: Fold, work: Working, entry: Entry, { id, why, since }: PersonAsked): Outcome {
  const hold = { kind: 'rule', who: entry.subject.channel, since, why } as const;
  const changed = apply(fold, work, entry, [{ type: 'hold.placed', id, hold }], { occurredAt: since });
  return outcomeOf(entry, work, changed ? 'changed' : 'unchanged');
}

/** Waits for a person for no other reason. */
const isAhead = ({ result, problems = [] }: Outcome): boolean =>
  result === 'needs_review' &&
  (problems as readonly Problem[]).every(({ severity, code }) => severity !== 'blocking' || code === 'time.in_future');

const timeOf = ({ modifiedAt }: NeutralMessage): number => parseInstant(modifiedAt ?? '') ?? -Infinity;
const isSettled = ({ receivedAt }: Entry, { modifiedAt }: NeutralMessage): boolean =>
  receivedAt - (parseInstant(modifiedAt ?? '') ?? Infinity) >= SETTLED_MS;
const rankOf = (entry: Entry, message: NeutralMessage): number =>
  entry.kind === 'detail' && isSettled(entry, message) ? RANK.settled : RANK[entry.kind as ChannelKind];
const isInDoubt = (facts: OrderFacts): boolean => derivedCases(facts).some(({ code }) => code === 'register.conflict');

const SEVERITY: readonly Outcome['result'][] = ['needs_review', 'created', 'changed', 'unchanged'];
const worstOf = (outcomes: readonly Outcome[]): Outcome | undefined =>
  outcomes.toSorted((a, b) => SEVERITY.indexOf(a.result) - SEVERITY.indexOf(b.result))[0];

/** Whether the channel may know more than we do. What is older than the last whole word, or says the same at the same time, tells nothing. */
function isNews(before: OrderFacts, kind: ChannelKind, { messages, tellsNoChange, paidBack, signs = [] }: HeardThere): boolean {
  const { fullAt } = before;
  if (kind === 'detail' || fullAt === undefined || messages.length === 0) return true;
  if (paidBack && refundedOf(before) < paidOf(before)) return true;
  if (signs.some((code) => !before.content.doNotShip?.value.some((known) => known.code === code))) return true;
  if (tellsNoChange && kind === 'list') return messages.some((message) => differs(before, unlessKnown(before, message)));
  return messages.some((message) => {
    const at = parseInstant(message.modifiedAt ?? '') ?? Infinity;
    return at > fullAt || (at === fullAt && (kind === 'push' || differs(before, message)));
  });
}

/** That it was paid is told for ever by such a list: no news once a payment is known, whatever somebody has said of the order since. */
function unlessKnown(before: OrderFacts, message: NeutralMessage): NeutralMessage {
  const { status, ...rest } = message;
  return status === 'paid' && paidOf(before) > 0 ? (rest as NeutralMessage) : message;
}

function differs({ content, live, ended, refunds, shipments }: OrderFacts, message: NeutralMessage): boolean {
  const { status, payable, paid } = message;
  const isOther = (told: string | undefined, known: string | undefined): boolean => told !== undefined && told !== known;
  return (
    (isOther(status, live?.value) && isOther(status, ended?.value)) ||
    isOther(payable, content.payable?.value) ||
    isOther(paid, content.paid?.value) ||
    (message.shipments ?? []).some(({ id }) => !Object.hasOwn(shipments, id)) ||
    (message.refunds ?? []).some((refund) =>
      isOther(refund.status, Object.hasOwn(refunds, refund.id) ? refunds[refund.id]?.value.status : undefined),
    )
  );
}
