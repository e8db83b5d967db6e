/**
 * What an order must be in the end, from the whole list of what was told of it.
 *
 * Why this is independent enough: it shares no code with the hub's fold and none of its ideas. It keeps no registers, merges nothing and has no
 * memory of what came first: it has the list of all accepted messages and looks up, for each question, the newest that speaks of it. The script
 * knows each message's right form, so no validation is repeated either. Written from the design's page (facts and steps, status from the set, holds),
 * not from the code. Where a life is simple, `judge.ts` holds the shop's own books against the hub as well, which know no messages at all.
 */
import type { NeutralOrder, OrderStatus } from '@weir/contract';
import type { Story } from './story.ts';

const ORDERED = ['awaiting_payment', 'paid', 'allocated', 'picked', 'packed', 'shipped', 'in_delivery', 'delivered', 'completed'] as const;
const stage = (status: string | undefined): number => (ORDERED as readonly (string | undefined)[]).indexOf(status);
const LEFT = stage('shipped');
const isEnd = (status: string | undefined): boolean => status === 'cancelled' || status === 'closed';
const fen = (text: string): number => Math.round(Number(text) * 100);
const yuan = (amount: number): string => (amount / 100).toFixed(2);
const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);

export interface Expected {
  readonly status: OrderStatus | null;
  readonly payment: 'none' | 'deposit' | 'full';
  readonly refund: 'none' | 'requested' | 'partial' | 'full';
  readonly payable: string;
  readonly paid: string;
  readonly refunded: string;
  /** [lineId, quantity, status, pieces that left] */
  readonly lines: readonly (readonly [string, number, OrderStatus, number])[];
  /** Kinds of holds, sorted, each once. */
  readonly holds: readonly string[];
  readonly personHolds: number;
  readonly receiver: NeutralOrder['receiver'];
  readonly remark: string | null | undefined;
  readonly buyer: string | undefined;
  /** Told two ways at one time: nobody can say which one it is. */
  readonly isOpen: { readonly remark: boolean; readonly receiver: boolean };
}
type Word = Story['words'][number];
type Message = Word['message'];
type Said<T> = readonly { readonly at: number; readonly value: T }[];

/** The newest that `words` say of something; several when they contradict each other at one time. */
function newest<T>(words: readonly Word[], look: (message: Message) => T | undefined): Said<T> {
  const said = words.flatMap(({ at, message }) => {
    const value = look(message);
    return value === undefined ? [] : [{ at, value }];
  });
  const last = Math.max(...said.map(({ at }) => at));
  const texts = new Map(said.filter(({ at }) => at === last).map((each) => [JSON.stringify(each.value), each]));
  return [...texts.values()];
}
const valueOf = <T>(words: readonly Word[], look: (message: Message) => T | undefined): T | undefined => newest(words, look)[0]?.value;
const furthest = (said: Said<OrderStatus>): { at: number; value: OrderStatus } | undefined =>
  said.toSorted((a, b) => stage(b.value) - stage(a.value))[0];

/** Things with ids of their own, each as it was told last. */
function byId<T extends { readonly id: string }>(words: readonly Word[], look: (message: Message) => readonly T[] | undefined): T[] {
  const ids = new Set(words.flatMap(({ message }) => (look(message) ?? []).map(({ id }) => id)));
  return [...ids].map((id) => valueOf(words, (message) => look(message)?.find((each) => each.id === id)) as T);
}

export function foretell(story: Story): Expected {
  const { words } = story;
  const road = roadOf(story);
  const lines = linesOf(story, road);
  const status = road.ending ?? statusOf(road, lines);
  return {
    status,
    payment: road.payment,
    ...road.money,
    payable: valueOf(words, (m) => m.payable) ?? '0.00',
    lines,
    holds: holdsOf(story, road, status, lines),
    personHolds: story.personHolds,
    receiver: story.correctedReceiver ?? valueOf(words, (m) => m.receiver) ?? undefined,
    remark: valueOf(words, (m) => m.remark),
    buyer: valueOf(words, (m) => m.buyer)?.name,
    isOpen: { remark: newest(words, (m) => m.remark).length > 1, receiver: story.correctedReceiver !== undefined && story.isAddressOpen },
  };
}

/** How far the order as a whole has come, and whether it is over. */
interface Road {
  readonly money: Pick<Expected, 'paid' | 'refunded' | 'refund'>;
  readonly payment: Expected['payment'];
  readonly live: { readonly at: number; readonly value: OrderStatus } | undefined;
  readonly everShipped: boolean;
  readonly everCompleted: boolean;
  readonly endingAsked: boolean;
  readonly ending: 'cancelled' | 'closed' | undefined;
}

function roadOf({ words, ownSteps, isCancelled }: Story): Road {
  const money = moneyOf(words);
  const live = furthest(newest(words, (m) => (isEnd(m.status) ? undefined : m.status)));
  const ended = newest(words, (m) => (isEnd(m.status) ? m.status : undefined))[0];
  const everShipped = words.some(({ message }) => saysShipped(message)) || [...ownSteps.values()].some((own) => stage(own) >= LEFT);
  const everCompleted = words.some(({ message }) => message.status === 'completed' || message.completedAt !== undefined);
  const endingAsked = isCancelled || (ended !== undefined && ended.at >= (live?.at ?? 0));
  const isOver = (money.refund === 'full' && !everCompleted) || (endingAsked && !everShipped);
  const closedUnseen = ended?.value === 'closed' && valueOf(words, (m) => m.paid) === undefined;
  const wasPaid = fen(money.paid) > 0 || (live !== undefined && live.value !== 'awaiting_payment') || closedUnseen;
  return {
    money,
    payment: paymentOf(
      money,
      valueOf(words, (m) => m.payable),
      live?.value,
    ),
    live,
    everShipped,
    everCompleted,
    endingAsked,
    ending: isOver ? (wasPaid ? 'closed' : 'cancelled') : undefined,
  };
}

function linesOf({ words, ownSteps }: Story, { live, payment, ending }: Road): Expected['lines'] {
  const lines = valueOf(words, (m) => m.lines) ?? [];
  const parcels = byId(words, (m) => m.shipments).flatMap((parcel) => (parcel.lines.length > 0 ? parcel.lines : lines));
  const piecesOf = (id: string): number => sum(parcels.filter(({ lineId }) => lineId === id).map(({ quantity }) => quantity));
  const statusOfLine = (lineId: string, quantity: number): OrderStatus => {
    const [told, own, pieces] = [toldOfLine(words, lineId), ownSteps.get(lineId), piecesOf(lineId)];
    if (told && isEnd(told.value) && pieces === 0 && own !== 'shipped') return told.value;
    const speaksLast = told !== undefined && told.at >= (live?.at ?? 0);
    const reached = [
      told?.value,
      speaksLast ? undefined : live?.value,
      own,
      pieces >= quantity ? 'shipped' : undefined,
      payment === 'full' ? 'paid' : undefined,
    ];
    return ORDERED[Math.max(0, ...reached.map(stage))] as OrderStatus;
  };
  return lines.map(({ lineId, quantity }) => [lineId, quantity, ending ?? statusOfLine(lineId, quantity), piecesOf(lineId)] as const);
}

/** That of the least advanced line that lives. */
function statusOf({ live, money }: Road, lines: Expected['lines']): OrderStatus | null {
  if (lines.length === 0) return live?.value ?? null;
  const alive = lines.map(([, , status]) => status).filter((status) => !isEnd(status));
  return alive.toSorted((a, b) => stage(a) - stage(b))[0] ?? (fen(money.paid) > 0 ? 'closed' : 'cancelled');
}

function holdsOf(story: Story, road: Road, status: OrderStatus | null, lines: Expected['lines']): string[] {
  const { words } = story;
  const isOver = status !== null && isEnd(status);
  const reasons: [kind: string, isSo: boolean][] = [
    ['review', !isOver && (story.openCases > 0 || contradicts(story) || !addsUp(words))],
    ['incomplete', !isOver && words.every(({ message }) => message.partial === true)],
    ['after_sale', road.everShipped && road.endingAsked && !road.everCompleted],
    ['after_sale', refundWaits(words, lines)],
    ['after_sale', !road.everCompleted && !road.endingAsked && lineEndedTooLate(words, lines)],
    ['deposit', road.payment === 'deposit' && valueOf(words, (m) => m.payable) !== undefined],
    ['person', story.personHolds > 0],
    ...(valueOf(words, (m) => m.doNotShip) ?? []).map(({ kind }): [string, boolean] => [kind, true]),
  ];
  return [...new Set(reasons.filter(([, isSo]) => isSo).map(([kind]) => kind))].sort();
}

/** Money is asked back for what has not left yet. */
function refundWaits(words: readonly Word[], lines: Expected['lines']): boolean {
  const hasLeft = ([, , status]: Expected['lines'][number]): boolean => stage(status) >= LEFT;
  const allLeft = lines.length > 0 && lines.every(hasLeft);
  const left = (lineId: string | undefined): boolean =>
    lineId === undefined ? allLeft : lines.some((line) => line[0] === lineId && hasLeft(line));
  return byId(words, (m) => m.refunds).some(({ status, lineId }) => (status === 'requested' || status === 'agreed') && !left(lineId));
}

/** The channel ended a line that had left, and its money did not go back. */
function lineEndedTooLate(words: readonly Word[], lines: Expected['lines']): boolean {
  const done = byId(words, (m) => m.refunds).filter(({ status }) => status === 'done');
  const paidBack = new Set(done.map(({ lineId }) => lineId));
  return lines.some(([id, , status]) => isEnd(toldOfLine(words, id)?.value) && !isEnd(status) && !paidBack.has(id));
}

/** Money only grows: what was listed one by one or said in one figure, whichever is more. */
function moneyOf(words: readonly Word[]): Pick<Expected, 'paid' | 'refunded' | 'refund'> {
  const figure = (look: (message: Message) => string | undefined): number => fen(newest(words, look)[0]?.value ?? '0.00');
  const refunds = byId(words, (m) => m.refunds);
  const paid = Math.max(
    sum(byId(words, (m) => m.payments).map(({ amount }) => fen(amount))),
    figure((m) => m.paid),
  );
  const back = Math.max(
    sum(refunds.filter((r) => r.status === 'done').map(({ amount }) => fen(amount))),
    figure((m) => m.refunded),
  );
  const isAsked = refunds.some((refund) => refund.status === 'requested' || refund.status === 'agreed');
  return {
    paid: yuan(paid),
    refunded: yuan(back),
    refund: back > 0 ? (back >= paid ? 'full' : 'partial') : isAsked ? 'requested' : 'none',
  };
}

function paymentOf({ paid }: { paid: string }, payable: string | undefined, live: OrderStatus | undefined): Expected['payment'] {
  if (payable !== undefined && fen(payable) === 0 && live !== undefined && live !== 'awaiting_payment') return 'full';
  if (fen(paid) === 0) return 'none';
  return payable !== undefined && fen(paid) >= fen(payable) ? 'full' : 'deposit';
}

const toldOfLine = (words: readonly Word[], lineId: string) =>
  furthest(newest(words, (m) => m.lines?.find((line) => line.lineId === lineId)?.status));

const saysShipped = (message: Message): boolean =>
  (message.shipments ?? []).length > 0 ||
  message.shippedAt !== undefined ||
  [message.status, ...(message.lines ?? []).map((line) => line.status)].some((status) => stage(status) >= LEFT);

/** Parts of the price that were told by different messages must still make the price. */
function addsUp(words: readonly Word[]): boolean {
  const parts = [
    newest(words, (m) => m.lines),
    newest(words, (m) => m.discounts),
    newest(words, (m) => m.shippingFee),
    newest(words, (m) => m.payable),
  ];
  const isWhole = words.some(({ message }) => message.partial !== true);
  if (!isWhole || parts.some(([part]) => part === undefined) || new Set(parts.map(([part]) => part?.at)).size === 1) return true;
  const [lines, discounts, shippingFee, payable] = parts.map(([part]) => part?.value) as [
    NeutralOrder['lines'],
    NeutralOrder['discounts'],
    string,
    string,
  ];
  const goods = sum(lines.map((line) => fen(line.unitPrice) * line.quantity - fen(line.discount)));
  return goods - sum(discounts.map(({ amount }) => fen(amount))) + fen(shippingFee) === fen(payable);
}

/** Values that contradict each other at the newest time, and that nobody accepted. The script lets only remarks do so. */
const contradicts = ({ words, acceptedConflicts }: Story): boolean =>
  newest(words, (m) => m.remark).length > 1 && !acceptedConflicts.has('conflict:remark');
