/** Facts are never refused, in any order, any number of times; the result depends on the set alone. */
import { ENDED_STATUSES, type EndedStatus, LIVE_STATUSES, type LiveStatus, ORDER_STATUSES, type OrderStatus } from '@weir/contract';
import { hearCorrection } from './address.ts';
import { joinAll, ofId } from './by-id.ts';
import {
  type CaseFact,
  type Content,
  type ContentName,
  type Fact,
  type OrderFacts,
  REFUND_LADDER,
  type Refund,
  type Report,
  type Shipment,
  type Warning,
} from './facts.ts';
import { hasLeft } from './has-left.ts';
import { hearList, hearOwn } from './parcels.ts';
import { hear, hearFurthest, type Register } from './register.ts';
import { hearSigns } from './signs.ts';

const isEnded = (status: OrderStatus): status is EndedStatus => (ENDED_STATUSES as readonly string[]).includes(status);
const further = (a: LiveStatus | undefined, b: LiveStatus): LiveStatus =>
  a && LIVE_STATUSES.indexOf(a) > LIVE_STATUSES.indexOf(b) ? a : b;

/** The facts after one more is known; the very same object when it adds nothing. */
export function record(facts: OrderFacts, fact: Fact): OrderFacts {
  switch (fact.type) {
    case 'reported':
      return recordReport(facts, fact.report);
    case 'answered':
      return recordAnswer(facts, fact.as);
    case 'lines.moved':
      return recordMove(facts, fact.lines, fact.to);
    case 'shipped':
      return recordShipped(facts, fact.at, fact.shipments);
    case 'cancelled':
      return facts.cancelledAt !== undefined && facts.cancelledAt <= fact.at ? facts : { ...facts, cancelledAt: fact.at };
    case 'erased':
      return facts.erasedAt !== undefined && facts.erasedAt <= fact.at ? facts : { ...facts, erasedAt: fact.at };
    case 'address.corrected': {
      const corrected = hearCorrection(facts.corrected, { at: fact.at, value: fact.address, over: fact.over });
      return corrected === facts.corrected ? facts : { ...facts, corrected };
    }
    case 'hold.placed':
      return ofId(facts.placedHolds, fact.id) ? facts : { ...facts, placedHolds: { ...facts.placedHolds, [fact.id]: fact.hold } };
    case 'hold.released':
      return releaseHold(facts, fact.id, fact.by);
    case 'case.opened':
      return openCase(facts, fact.id, fact.case);
    case 'case.closed':
      return closeCase(facts, fact.id, fact.state, fact.round ?? 0);
    case 'case.reopened':
      return reopenCase(facts, fact.id, fact.round);
    case 'derived.accepted':
      return ofId(facts.accepted, fact.id) === fact.fingerprint
        ? facts
        : { ...facts, accepted: { ...facts.accepted, [fact.id]: fact.fingerprint } };
  }
}

/** A line that we shipped has left as surely as one that a channel saw leave. */
function recordMove(facts: OrderFacts, lines: readonly string[], to: LiveStatus): OrderFacts {
  const own = joinAll(facts.own, Object.fromEntries(lines.map((id) => [id, to])), further);
  const everShipped = facts.everShipped || (lines.length > 0 && hasLeft(to));
  return own === facts.own && everShipped === facts.everShipped ? facts : { ...facts, own, everShipped };
}

function recordShipped(facts: OrderFacts, at: number, shipments: Readonly<Record<string, Shipment>>): OrderFacts {
  const ownShipments = joinAll(facts.ownShipments, shipments, (before, value) => hearOwn(before, at, value));
  const everShipped = facts.everShipped || Object.keys(shipments).length > 0;
  return ownShipments === facts.ownShipments && everShipped === facts.everShipped ? facts : { ...facts, ownShipments, everShipped };
}

function releaseHold(facts: OrderFacts, id: string, by: string): OrderFacts {
  const hold = ofId(facts.placedHolds, id);
  return hold === undefined || hold.releasedBy !== undefined
    ? facts
    : { ...facts, placedHolds: { ...facts.placedHolds, [id]: { ...hold, releasedBy: by } } };
}

function recordAnswer(facts: OrderFacts, as: number): OrderFacts {
  if (facts.answeredAs !== undefined && facts.answeredAs >= as) return facts;
  return { ...facts, answeredAs: as, cases: supersede(facts.cases, ({ heardAs }) => heardAs !== undefined && heardAs < as) };
}

/** A source that sends what may not pass every few minutes makes one case after the other: of those that wait the newest are enough to judge. */
const MOST_OPEN = 20;
/** Those that are over and say nothing more; what is forgotten of them is superseded again when it is heard again. */
const MOST_SUPERSEDED = 100;

/** The newest of each kind, whatever the order in which they came. */
function bounded(cases: OrderFacts['cases']): OrderFacts['cases'] {
  const all = Object.entries(cases);
  if (all.length <= MOST_OPEN) return cases;
  const beyond = (state: CaseFact['state'], most: number, among: typeof all): typeof all =>
    among
      .filter(([, known]) => known.state === state)
      .sort(([a, x], [b, y]) => y.at - x.at || (a < b ? -1 : 1))
      .slice(most);
  const waitNoMore = new Set(beyond('open', MOST_OPEN, all).map(([id]) => id));
  const judged = all.map(([id, known]): (typeof all)[number] =>
    waitNoMore.has(id) ? [id, { ...known, state: 'superseded' }] : [id, known],
  );
  const gone = new Set(beyond('superseded', MOST_SUPERSEDED, judged).map(([id]) => id));
  return Object.fromEntries(judged.filter(([id]) => !gone.has(id)));
}

/** A blocked message that a whole one has already overtaken is superseded from birth. */
function openCase(facts: OrderFacts, id: string, opened: CaseFact): OrderFacts {
  if (ofId(facts.cases, id)) return facts;
  const overtaken =
    (facts.fullAt !== undefined && opened.at < facts.fullAt) ||
    (opened.heardAs !== undefined && facts.answeredAs !== undefined && opened.heardAs < facts.answeredAs);
  const cases = bounded({ ...facts.cases, [id]: overtaken ? { ...opened, state: 'superseded' } : opened });
  return ofId(cases, id) ? { ...facts, cases } : facts;
}

function closeCase(facts: OrderFacts, id: string, state: CaseFact['state'], round: number): OrderFacts {
  const known = ofId(facts.cases, id);
  if (known === undefined || known.state !== 'open' || (known.round ?? 0) !== round) return facts;
  return { ...facts, cases: { ...facts.cases, [id]: { ...known, state } } };
}

/** Begins a new round, each once, so that a repeat changes nothing, also when the message was rejected anew meanwhile. */
function reopenCase(facts: OrderFacts, id: string, round: number): OrderFacts {
  const known = ofId(facts.cases, id);
  if (known === undefined || known.state !== 'rejected' || round <= (known.round ?? 0)) return facts;
  return { ...facts, cases: { ...facts.cases, [id]: { ...known, state: 'open', round } } };
}

function recordReport(facts: OrderFacts, report: Report): OrderFacts {
  const { at, rank, status } = report;
  const live = status !== undefined && !isEnded(status) ? hearFurthest(LIVE_STATUSES, facts.live, at, rank, status) : facts.live;
  const ended = status !== undefined && isEnded(status) ? hearFurthest(ENDED_STATUSES, facts.ended, at, rank, status) : facts.ended;
  const fullAt = report.full ? Math.max(facts.fullAt ?? at, at) : facts.fullAt;
  const modifiedAt = report.modifiedAt === undefined ? facts.modifiedAt : newest(facts.modifiedAt, at, rank, report.modifiedAt);
  const parcelList = report.listsShipments ? hearList(facts.parcelList, at, Object.keys(report.shipments)) : facts.parcelList;
  const next: OrderFacts = {
    ...facts,
    content: hearContent(facts.content, report),
    lineStatus: joinAll(facts.lineStatus, report.lineStatus, (before, value) => hearFurthest(ORDER_STATUSES, before, at, rank, value)),
    payments: joinAll(facts.payments, report.payments, (before, value) => hear(before, at, rank, value)),
    refunds: joinAll(facts.refunds, report.refunds, (before, value) => hearRefund(before, at, rank, value)),
    shipments: joinAll(facts.shipments, report.shipments, (before, value) => hear(before, at, rank, value)),
    everShipped: facts.everShipped || saysShipped(report),
    everCompleted: facts.everCompleted || status === 'completed' || report.content.completedAt !== undefined,
    warnings: hearWarnings(facts.warnings, report),
    ...(parcelList ? { parcelList } : {}),
    ...(live ? { live } : {}),
    ...(ended ? { ended } : {}),
    firstAt: Math.min(facts.firstAt ?? at, at),
    ...(fullAt === undefined ? {} : { fullAt }),
    ...(modifiedAt ? { modifiedAt } : {}),
  };
  if (same(facts, next)) return facts;
  // Only a whole message with news gets here: a late repeat of an old one, at the very time of a blocked one, settles nothing.
  return report.full ? { ...next, cases: supersede(facts.cases, (known) => known.at <= at) } : next;
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
    const heard =
      name === 'doNotShip' || name === 'shopSigns'
        ? hearSigns(before[name], report.at, report.rank, report.content[name] ?? [])
        : hear<unknown>(register, report.at, report.rank, report.content[name]);
    if (heard === register) continue;
    after ??= { ...before } as Record<string, Register<unknown>>;
    after[name] = heard;
  }
  return (after as Content | undefined) ?? before;
}

function hearRefund(before: Register<Refund> | undefined, at: number, rank: number, value: Refund): Register<Refund> {
  if (before && before.at === at && before.rank === rank && before.value.status !== value.status)
    return REFUND_LADDER.indexOf(value.status) > REFUND_LADDER.indexOf(before.value.status) ? { at, rank, value } : before;
  return hear(before, at, rank, value);
}

const saysShipped = (report: Report): boolean =>
  Object.keys(report.shipments).length > 0 ||
  report.content.shippedAt !== undefined ||
  [report.status, ...Object.values(report.lineStatus)].some(hasLeft);

function supersede(cases: OrderFacts['cases'], isOvertaken: (known: CaseFact) => boolean): OrderFacts['cases'] {
  const overtaken = Object.entries(cases).filter(([, known]) => known.state === 'open' && isOvertaken(known));
  if (overtaken.length === 0) return cases;
  return { ...cases, ...Object.fromEntries(overtaken.map(([id, known]) => [id, { ...known, state: 'superseded' as const }])) };
}

/** Warnings of the newest message that spoke; whole and partial messages apart, so a clean newer message clears only its own. At equal times all stay. */
function hearWarnings(before: OrderFacts['warnings'], { full, at, rank, warnings }: Report): OrderFacts['warnings'] {
  const key = full ? 'full' : 'partial';
  const known = before[key];
  const newer = known === undefined || at > known.at || (at === known.at && rank > known.rank);
  if (!newer && (at < known.at || rank < known.rank)) return before;
  const texts = new Set([...(newer ? [] : known.value), ...warnings].map((each) => JSON.stringify(each)));
  if (!newer && texts.size === known.value.length) return before;
  return { ...before, [key]: { at, rank, value: [...texts].sort().map((text) => JSON.parse(text) as Warning) } };
}
