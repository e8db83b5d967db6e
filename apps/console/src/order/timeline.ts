/** Stored events as a history people can read: one entry per message, with what it changed, before → after. Pure. */
import type { OrderState, StoredEvent } from '@weir/contract';
import { shownAmount } from '../shared/money.ts';
import { exactText, spanText } from '../shared/time.ts';
import type { Words } from '../words/words.ts';

/** Closer than this the two clocks say the same. */
const CLOCKS_AGREE_MS = 60_000;

export interface ChangeText {
  readonly id: string;
  readonly label: string;
  readonly before: string | null;
  readonly after: string;
}
export interface Entry {
  readonly id: string;
  readonly versions: readonly [first: number, last: number];
  readonly types: readonly string[];
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** How much later we recorded it than it happened, when that is worth saying. */
  readonly lagMs: number | null;
  readonly by: string;
  readonly cause: number;
  readonly withheld: boolean;
  readonly changes: readonly ChangeText[];
}

/** `events` in any order; the entries come oldest first. */
export function timelineOf(events: readonly StoredEvent[], words: Words): readonly Entry[] {
  const sorted = [...events].sort((a, b) => a.version - b.version);
  const groups: StoredEvent[][] = [];
  for (const event of sorted) {
    const last = groups.at(-1);
    if (last?.[0]?.cause === event.cause) last.push(event);
    else groups.push([event]);
  }
  let before: OrderState | null = null;
  return groups.map((group) => {
    const entry = entryOf(group, before, words);
    before = (group.at(-1) as StoredEvent).state;
    return entry;
  });
}

function entryOf(group: readonly StoredEvent[], before: OrderState | null, words: Words): Entry {
  const [first, last] = [group[0] as StoredEvent, group.at(-1) as StoredEvent];
  const lag = Date.parse(first.recordedAt) - Date.parse(first.occurredAt);
  return {
    id: String(first.version),
    versions: [first.version, last.version],
    types: typesOf(group),
    occurredAt: first.occurredAt,
    recordedAt: first.recordedAt,
    lagMs: Math.abs(lag) > CLOCKS_AGREE_MS ? lag : null,
    by: first.by,
    cause: first.cause,
    withheld: group.some((event) => event.withheld),
    changes: [...changesOf(before, last.state, words), ...unseenOf(group, words)],
  };
}

/** How the two clocks differ; null when they say the same. What we knew before it happened tells of a clock that is ahead. */
export function clockText({ lagMs, recordedAt }: Pick<Entry, 'lagMs' | 'recordedAt'>, { t }: Words): string | null {
  if (lagMs === null) return null;
  const said = { time: exactText(Date.parse(recordedAt)), lag: spanText(Math.abs(lagMs)) };
  return t(lagMs < 0 ? 'timeline.recordedBefore' : 'timeline.recorded', said);
}

/** "Status changed" adds nothing beside the milestone that it led to. */
const MILESTONES: ReadonlySet<string> = new Set([
  'order.paid',
  'order.shipped',
  'order.delivered',
  'order.completed',
  'order.cancelled',
  'order.closed',
]);
function typesOf(group: readonly StoredEvent[]): readonly string[] {
  const types = [...new Set(group.map(({ type }) => type))];
  const hasMilestone = types.some((type) => MILESTONES.has(type));
  return types.filter((type) => !(hasMilestone && (type === 'order.status_changed' || type === 'order.payment_changed')));
}

export function changesOf(before: OrderState | null, after: OrderState, words: Words): readonly ChangeText[] {
  const { t, name } = words;
  const changes: ChangeText[] = [];
  const add = (id: string, label: string, from: string | null, to: string): void => {
    if (from !== to) changes.push({ id, label, before: from, after: to });
  };
  const was = <T>(read: (state: OrderState) => T): T | null => (before === null ? null : read(before));
  const statusOf = ({ status }: OrderState): string => (status === null ? t('orders.noStatus') : name('status', status));
  add('status', t('change.status'), was(statusOf), statusOf(after));
  for (const field of ['payable', 'paid', 'refunded', 'shippingFee'] as const) {
    if (before === null && field !== 'payable') continue;
    add(
      field,
      t(`change.${field}`),
      was((state) => shownAmount(state[field], state.currency)),
      shownAmount(after[field], after.currency),
    );
  }
  if (before === null) {
    for (const { id, kind } of after.holds) add(`hold.${id}`, t('change.hold'), null, name('hold', kind));
    return changes;
  }
  add('payment', t('change.payment'), name('payment', before.payment), name('payment', after.payment));
  add('refund', t('change.refund'), name('refund', before.refund), name('refund', after.refund));
  add('discounts', t('change.discounts'), discountText(before), discountText(after));
  add('shipBy', t('change.shipBy'), instantText(before.shipBy, words), instantText(after.shipBy, words));
  if (before.addressVersion !== after.addressVersion)
    add('address', t('change.address'), addressText(before, words), addressText(after, words));
  return [...changes, ...lineChanges(before, after, words), ...setChanges(before, after, words)];
}

const discountText = ({ discounts, currency }: OrderState): string =>
  discounts.map(({ name, amount }) => `${name} ${shownAmount(amount, currency)}`).join(' + ') || '—';
const instantText = (text: string | undefined, { t }: Words): string =>
  text === undefined ? t('timeline.none') : exactText(Date.parse(text));
const addressText = ({ addressVersion: n }: OrderState, { t }: Words): string =>
  n === 0 ? t('timeline.none') : t('timeline.addressVersion', { n });

type Line = OrderState['lines'][number];

/** Of each line only what differs; a status that merely follows the order's own would say the same thing twice. */
function lineChanges(before: OrderState, after: OrderState, words: Words): readonly ChangeText[] {
  const { t } = words;
  const old = new Map(before.lines.map((line) => [line.lineId, line]));
  const change = (line: Line, from: string, to: string): ChangeText => ({
    id: `line.${line.lineId}`,
    label: t('change.line', { id: line.lineId }),
    before: from,
    after: to,
  });
  const whole = (line: Line, state: OrderState): string => lineParts(line, state.currency, words).join(' · ');
  const changed = after.lines.flatMap((line) => {
    const known = old.get(line.lineId);
    if (known === undefined) return [change(line, t('timeline.none'), whole(line, after))];
    const isSaid = line.status === after.status && known.status === before.status && before.status !== after.status;
    const [was, is] = [lineParts(known, before.currency, words), lineParts(line, after.currency, words)];
    const differing = is.map((_, index) => index).filter((index) => is[index] !== was[index] && !(index === 0 && isSaid));
    const pick = (parts: readonly string[]): string => differing.map((index) => parts[index]).join(' · ');
    return differing.length === 0 ? [] : [change(line, pick(was), pick(is))];
  });
  const gone = before.lines.filter((line) => !after.lines.some(({ lineId }) => lineId === line.lineId));
  return [...changed, ...gone.map((line) => change(line, whole(line, before), t('timeline.none')))];
}

/** Always the same places, so that two lines can be compared: status, title, money, pieces shipped. */
function lineParts(line: Line, currency: string, { t, name }: Words): readonly string[] {
  const discount = line.discount === '0.00' ? '' : ` − ${shownAmount(line.discount, currency)}`;
  return [
    name('status', line.status),
    line.title,
    `${shownAmount(line.unitPrice, currency)} × ${line.quantity}${discount}`,
    t('lines.shipped', { n: line.shipped, all: line.quantity }),
  ];
}

/** Shipments and holds come and go whole. */
function setChanges(before: OrderState, after: OrderState, words: Words): readonly ChangeText[] {
  const { t, name } = words;
  const differences = (label: string, from: ReadonlyMap<string, string>, to: ReadonlyMap<string, string>): ChangeText[] =>
    [...new Set([...from.keys(), ...to.keys()])].flatMap((id) => {
      const [a, b] = [from.get(id) ?? t('timeline.none'), to.get(id) ?? t('timeline.none')];
      return a === b ? [] : [{ id: `${label}.${id}`, label, before: a, after: b }];
    });
  const shipments = ({ shipments: all }: OrderState) =>
    new Map(all.map(({ id, carrier, trackingNumber }) => [id, t('timeline.shipment', { carrier, number: trackingNumber })]));
  const holds = ({ holds: all }: OrderState) => new Map(all.map(({ id, kind }) => [id, name('hold', kind)]));
  return [
    ...differences(t('change.shipment'), shipments(before), shipments(after)),
    ...differences(t('change.hold'), holds(before), holds(after)),
  ];
}

/** Personal parts changed too, but a timeline holds none of them: it says only that they did. */
function unseenOf(group: readonly StoredEvent[], { t }: Words): readonly ChangeText[] {
  const fields = new Set(group.flatMap(({ detail }) => (Array.isArray(detail.fields) ? (detail.fields as unknown[]) : [])));
  return (['buyer', 'remark'] as const)
    .filter((name) => fields.has(name))
    .map((name) => ({ id: name, label: t(`change.${name}`), before: null, after: t('change.personal') }));
}
