/** Facts are never refused, in any order, any number of times; the result depends on the set alone. */
import { ENDED_STATUSES, type EndedStatus, LIVE_STATUSES, type LiveStatus, ORDER_STATUSES, type OrderStatus } from '@weir/contract';
import { type CaseFact, type Content, type ContentName, type Fact, type OrderFacts, RANK, REFUND_LADDER, type Refund, type Report } from './facts.ts';
import { hear, hearFurthest, type Register } from './register.ts';

const isEnded = (status: OrderStatus): status is EndedStatus => (ENDED_STATUSES as readonly string[]).includes(status);
const further = (a: LiveStatus | undefined, b: LiveStatus): LiveStatus => (a && LIVE_STATUSES.indexOf(a) > LIVE_STATUSES.indexOf(b) ? a : b);

/** The facts after one more is known; the very same object when it adds nothing. */
export function record(facts: OrderFacts, fact: Fact): OrderFacts {
  switch (fact.type) {
    case 'reported':
      return recordReport(facts, fact.report);
    case 'lines.moved':
      return { ...facts, own: { ...facts.own, ...Object.fromEntries(fact.lines.map((id) => [id, further(facts.own[id], fact.to)])) } };
    case 'cancelled':
      return { ...facts, cancelledAt: Math.min(facts.cancelledAt ?? fact.at, fact.at) };
    case 'address.corrected':
      return { ...facts, content: { ...facts.content, address: hear(facts.content.address, fact.at, RANK.person, fact.address) } };
    case 'hold.placed':
      return fact.id in facts.placedHolds ? facts : { ...facts, placedHolds: { ...facts.placedHolds, [fact.id]: fact.hold } };
    case 'hold.released':
      return releaseHold(facts, fact.id, fact.by);
    case 'case.opened':
      return openCase(facts, fact.id, fact.case);
    case 'case.closed':
      return closeCase(facts, fact.id, fact.state);
    case 'derived.accepted':
      return { ...facts, accepted: { ...facts.accepted, [fact.id]: fact.fingerprint } };
  }
}

function releaseHold(facts: OrderFacts, id: string, by: string): OrderFacts {
  const hold = facts.placedHolds[id];
  return hold === undefined || hold.releasedBy !== undefined ? facts : { ...facts, placedHolds: { ...facts.placedHolds, [id]: { ...hold, releasedBy: by } } };
}

/** A blocked message that a whole one has already overtaken is superseded from birth. */
function openCase(facts: OrderFacts, id: string, opened: CaseFact): OrderFacts {
  if (id in facts.cases) return facts;
  const overtaken = facts.fullAt !== undefined && opened.at < facts.fullAt;
  return { ...facts, cases: { ...facts.cases, [id]: overtaken ? { ...opened, state: 'superseded' } : opened } };
}

function closeCase(facts: OrderFacts, id: string, state: CaseFact['state']): OrderFacts {
  const known = facts.cases[id];
  return known === undefined || known.state !== 'open' ? facts : { ...facts, cases: { ...facts.cases, [id]: { ...known, state } } };
}

function recordReport(facts: OrderFacts, report: Report): OrderFacts {
  const { at, rank, status } = report;
  const live = status !== undefined && !isEnded(status) ? hearFurthest(LIVE_STATUSES, facts.live, at, rank, status) : facts.live;
  const ended = status !== undefined && isEnded(status) ? hearFurthest(ENDED_STATUSES, facts.ended, at, rank, status) : facts.ended;
  const fullAt = report.full ? Math.max(facts.fullAt ?? at, at) : facts.fullAt;
  const modifiedAt = report.modifiedAt === undefined ? facts.modifiedAt : newest(facts.modifiedAt, at, rank, report.modifiedAt);
  const next: OrderFacts = {
    ...facts,
    content: hearContent(facts.content, report),
    lineStatus: hearAll(facts.lineStatus, report.lineStatus, (before, value) => hearFurthest(ORDER_STATUSES, before, at, rank, value)),
    payments: hearAll(facts.payments, report.payments, (before, value) => hear(before, at, rank, value)),
    refunds: hearAll(facts.refunds, report.refunds, (before, value) => hearRefund(before, at, rank, value)),
    shipments: hearAll(facts.shipments, report.shipments, (before, value) => hear(before, at, rank, value)),
    everShipped: facts.everShipped || saysShipped(report),
    everCompleted: facts.everCompleted || status === 'completed' || report.content.completedAt !== undefined,
    cases: report.full ? supersede(facts.cases, at) : facts.cases,
    warnings: hearWarnings(facts.warnings, report),
    ...(live ? { live } : {}), ...(ended ? { ended } : {}), ...(fullAt === undefined ? {} : { fullAt }), ...(modifiedAt ? { modifiedAt } : {}),
  };
  return same(facts, next) ? facts : next;
}

const same = (a: OrderFacts, b: OrderFacts): boolean => (Object.keys(b) as (keyof OrderFacts)[]).every((name) => a[name] === b[name]);

/** Of two spellings of the same instant the smaller text stays, so that the order of arrival does not show. */
function newest(register: Register<string> | undefined, at: number, rank: number, value: string): Register<string> {
  const { rivals: _, ...heard } = hear(register, at, rank, value);
  return register && heard.value === register.value && heard.at === register.at && heard.rank === register.rank ? register : heard;
}

function hearContent(before: Content, report: Report): Content {
  let after: Record<string, Register<unknown>> | undefined;
  for (const name of Object.keys(report.content) as ContentName[]) {
    const register = before[name] as Register<unknown> | undefined;
    const heard = hear<unknown>(register, report.at, report.rank, report.content[name]);
    if (heard === register) continue;
    after ??= { ...before } as Record<string, Register<unknown>>;
    after[name] = heard;
  }
  return (after as Content | undefined) ?? before;
}

function hearAll<T>(
  before: Readonly<Record<string, Register<T>>>, said: Readonly<Record<string, T>>, join: (before: Register<T> | undefined, value: T) => Register<T>,
): Readonly<Record<string, Register<T>>> {
  let after: Record<string, Register<T>> | undefined;
  for (const id of Object.keys(said)) {
    const heard = join(before[id], said[id] as T);
    if (heard === before[id]) continue;
    after ??= { ...before };
    after[id] = heard;
  }
  return after ?? before;
}

function hearRefund(before: Register<Refund> | undefined, at: number, rank: number, value: Refund): Register<Refund> {
  if (before && before.at === at && before.rank === rank && before.value.status !== value.status)
    return REFUND_LADDER.indexOf(value.status) > REFUND_LADDER.indexOf(before.value.status) ? { at, rank, value } : before;
  return hear(before, at, rank, value);
}

const SHIPPED_AT = LIVE_STATUSES.indexOf('shipped');
const saysShipped = (report: Report): boolean =>
  Object.keys(report.shipments).length > 0 || report.content.shippedAt !== undefined ||
  [report.status, ...Object.values(report.lineStatus)].some((status) => status !== undefined && LIVE_STATUSES.indexOf(status as LiveStatus) >= SHIPPED_AT);

function supersede(cases: OrderFacts['cases'], at: number): OrderFacts['cases'] {
  const overtaken = Object.entries(cases).filter(([, known]) => known.state === 'open' && known.at <= at);
  if (overtaken.length === 0) return cases;
  return { ...cases, ...Object.fromEntries(overtaken.map(([id, known]) => [id, { ...known, state: 'superseded' as const }])) };
}

/** Warnings of the newest message that spoke; whole and partial messages apart, so a clean newer message clears only its own. */
function hearWarnings(before: OrderFacts['warnings'], report: Report): OrderFacts['warnings'] {
  const key = report.full ? 'full' : 'partial';
  const { rivals: _, ...heard } = hear(before[key], report.at, report.rank, report.warnings);
  const known = before[key];
  return known && known.at === heard.at && known.rank === heard.rank && known.value === heard.value ? before : { ...before, [key]: heard };
}
