/** Why an order waits. Holds are a set; some are placed by people, the others follow from the facts and end with them. */
import { type OrderStatus, type StateHold, type StateLine, WITHHOLDING } from '@weir/contract';
import { formatInstant } from '../instant.ts';
import { ofId, sortedIds } from './by-id.ts';
import { ADDRESS_WISHED, CONTENT, type ContentName, type OrderFacts, RANK, type Refund } from './facts.ts';
import type { Register } from './register.ts';
import { hasLeft } from './has-left.ts';
import { mergedSums } from './sums.ts';
import { endingAsked, paymentOf } from './amounts.ts';

/** A review case that follows from the facts: what it is about and the fingerprint of what a person would accept. */
export interface DerivedCase {
  readonly id: string;
  readonly code: 'register.conflict' | 'sum.after_merge';
  readonly since: number;
  readonly fingerprint: string;
  readonly pointer: string;
  readonly reading: string;
  readonly expected: string;
  readonly expectedZh?: string;
}

/** Conflicts and sums that no message alone shows; those that a person has accepted as they are do not appear. */
export function derivedCases(facts: OrderFacts): readonly DerivedCase[] {
  return [...conflicts(facts), ...mergedSums(facts)].filter((found) => ofId(facts.accepted, found.id) !== found.fingerprint);
}

/** Where the wire has another name for it. */
const FIELDS: Readonly<Partial<Record<ContentName, string>>> = { address: 'receiver', shopSigns: 'doNotShip' };

/** The facts hold fingerprints of these: how many values there are is all that can be told. */
const PERSONAL: ReadonlySet<string> = new Set(['address', 'buyer', 'remark'] satisfies ContentName[]);
const READING_LENGTH = 80;
function readingOf(name: string, values: readonly unknown[]): string {
  const shown = (value: unknown): string => {
    if (PERSONAL.has(name)) return '***';
    if (Array.isArray(value)) return `[…] (${value.length})`;
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    return text.length > READING_LENGTH ? `${text.slice(0, READING_LENGTH)}…` : text;
  };
  return values.map(shown).join(' | ');
}

/** Whoever corrected the address after both were told has decided between them. */
const isSettled = ({ content, corrected }: OrderFacts): boolean => corrected !== undefined && (content.address?.at ?? 0) <= corrected.at;

function conflicts(facts: OrderFacts): readonly DerivedCase[] {
  const found: DerivedCase[] = [];
  const tell = (name: string, pointer: string, register: Register<unknown>) => {
    const fingerprint = JSON.stringify([register.at, register.value, register.rivals]);
    found.push({
      id: `conflict:${name}`,
      code: 'register.conflict',
      since: register.at,
      fingerprint,
      pointer,
      reading: readingOf(name, [register.value, ...(register.rivals ?? [])]),
      expected: `one value at ${formatInstant(register.at)}`,
      expectedZh: `${formatInstant(register.at)} 只有一个值`,
    });
  };
  for (const name of CONTENT) {
    const register = facts.content[name];
    if (register?.rivals && (name !== 'address' || !isSettled(facts))) tell(name, `/${FIELDS[name] ?? name}`, register);
  }
  for (const set of ['payments', 'refunds', 'shipments'] as const)
    for (const id of sortedIds(facts[set])) {
      const register = facts[set][id];
      if (register?.rivals) tell(`${set}.${id}`, `/${set}`, register);
    }
  return found;
}

export function holdsOf(facts: OrderFacts, status: OrderStatus | null, lines: readonly StateLine[]): StateHold[] {
  const all = [
    ...reviewHolds(facts),
    ...incompleteHold(facts),
    ...channelHolds(facts),
    ...moneyHolds(facts, lines),
    ...placed(facts, status),
  ];
  const standing = all.filter((each) => !isLetPass(facts, each));
  return status !== null && isEnded(status) ? standing.filter((each) => !WITHHOLDING.has(each.kind)) : standing;
}

/** An after-sale that a person has looked at does not hold the order any more, until something of the refunds that it may be about is new. */
const isLetPass = (facts: OrderFacts, each: StateHold): boolean =>
  each.kind === 'after_sale' && ofId(facts.accepted, each.id) === fingerprintOfHold(facts, each);

export function fingerprintOfHold({ refunds }: OrderFacts, { kind, why, lineId }: StateHold): string {
  const about = sortedIds(refunds).flatMap((id) => {
    const { value } = refunds[id] as Register<Refund>;
    return lineId === undefined || value.lineId === undefined || value.lineId === lineId ? [[id, value.status, value.amount]] : [];
  });
  return JSON.stringify([kind, why, about]);
}

const hold = (
  id: string,
  kind: StateHold['kind'],
  since: number,
  why: string,
  more: { who?: string; lineId?: string } = {},
): StateHold => ({ id, kind, since: formatInstant(since), why, ...more });

const reviewHolds = (facts: OrderFacts): StateHold[] => [
  ...sortedIds(facts.cases).flatMap((id) => {
    const known = facts.cases[id];
    return known?.state === 'open' ? [hold(id, 'review', known.since, known.codes.join(' '))] : [];
  }),
  ...derivedCases(facts).map((found) => hold(found.id, 'review', found.since, found.code)),
];

/** Since the first message, right or blocked. */
function incompleteHold(facts: OrderFacts): StateHold[] {
  if (facts.fullAt !== undefined) return [];
  const since = Math.min(facts.firstAt ?? Infinity, ...Object.values(facts.cases).map((known) => known.since));
  return [hold('incomplete', 'incomplete', Number.isFinite(since) ? since : 0, 'order.no_detail_yet')];
}

/** What the channel says and what the shop's own system says, each for itself: neither lets go what the other holds. */
function channelHolds({ content: { doNotShip, shopSigns } }: OrderFacts): StateHold[] {
  const holds = [...(doNotShip?.value ?? []), ...(shopSigns?.value ?? [])].map((sign) => ({
    id: `channel:${sign.kind}:${sign.code}${sign.lineId ? `:${sign.lineId}` : ''}`,
    kind: sign.kind,
    since: sign.since,
    why: sign.code,
    ...(sign.lineId ? { lineId: sign.lineId } : {}),
  }));
  return shopSigns === undefined ? holds : holds.filter(({ id }, i) => holds.findIndex((each) => each.id === id) === i);
}

const isEnded = (status: OrderStatus): boolean => status === 'cancelled' || status === 'closed';
const lineLeft = (line: StateLine | undefined): boolean => hasLeft(line?.status);

function moneyHolds(facts: OrderFacts, lines: readonly StateLine[]): StateHold[] {
  const found: StateHold[] = [];
  if (facts.everShipped && endingAsked(facts) && !facts.everCompleted)
    found.push(hold('cancel_after_shipping', 'after_sale', facts.cancelledAt ?? facts.ended?.at ?? 0, 'order.cancelled_after_shipping'));
  const everythingLeft = lines.length > 0 && lines.every(lineLeft);
  for (const id of sortedIds(facts.refunds)) {
    const { value, ...source } = facts.refunds[id] as Register<Refund>;
    const open = value.status === 'requested' || value.status === 'agreed' || isUnsettled(facts, value, source);
    const left = value.lineId === undefined ? everythingLeft : lineLeft(lines.find((line) => line.lineId === value.lineId));
    if (open && !left)
      found.push({
        id: `refund:${id}`,
        kind: 'after_sale',
        since: value.at,
        why: 'order.refund_open',
        ...(value.lineId ? { lineId: value.lineId } : {}),
      });
  }
  if (paymentOf(facts) === 'deposit' && facts.content.payable !== undefined)
    found.push(hold('deposit', 'deposit', facts.content.paid?.at ?? 0, 'order.only_deposit_paid'));
  return [...found, ...lineHolds(facts, lines)];
}

/** The money is said to be back, and what that leaves to be sent is not told yet: what asks the channel for the whole order has not heard its answer. */
const isUnsettled = ({ fullAt }: OrderFacts, { status }: Refund, { at, rank }: Pick<Register<unknown>, 'at' | 'rank'>): boolean =>
  status === 'done' && rank === RANK.push && (fullAt === undefined || at > fullAt);

/** A line that the channel ended after it had left: it keeps its status, and a person looks, unless its money went back or the whole order is held for the same reason. */
function lineHolds(facts: OrderFacts, lines: readonly StateLine[]): StateHold[] {
  if (facts.everCompleted || endingAsked(facts)) return [];
  const paidBack = new Set(Object.values(facts.refunds).map(({ value }) => (value.status === 'done' ? value.lineId : undefined)));
  return lines.flatMap(({ lineId, status }) => {
    const told = ofId(facts.lineStatus, lineId);
    if (!told || !isEnded(told.value) || isEnded(status) || paidBack.has(lineId)) return [];
    return [hold(`cancel_after_shipping:${lineId}`, 'after_sale', told.at, 'order.cancelled_after_shipping', { lineId })];
  });
}

/** A buyer's wish is over with what it is about: nobody can answer it any more. */
const isOver = (why: string, status: OrderStatus | null): boolean =>
  why === ADDRESS_WISHED && status !== null && (hasLeft(status) || isEnded(status));

const placed = (facts: OrderFacts, status: OrderStatus | null): StateHold[] =>
  sortedIds(facts.placedHolds).flatMap((id) => {
    const known = ofId(facts.placedHolds, id);
    return known && known.releasedBy === undefined && !isOver(known.why, status)
      ? [hold(id, known.kind, known.since, known.why, { who: known.who })]
      : [];
  });

/** True while outward consumers must not see what happens to the order. */
export const isWithheld = (holds: readonly StateHold[]): boolean => holds.some((each) => WITHHOLDING.has(each.kind));
