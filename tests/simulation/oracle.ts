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
  readonly isOpen: { readonly remark: boolean };
}
type Word = Story['words'][number];
type Said<T> = readonly { readonly at: number; readonly value: T }[];

/** The newest that `words` say of something; several when they contradict each other at one time. */
function newest<T>(words: readonly Word[], look: (message: Word['message']) => T | undefined): Said<T> {
  const said = words.flatMap(({ at, message }) => {
    const value = look(message);
    return value === undefined ? [] : [{ at, value }];
  });
  const last = Math.max(...said.map(({ at }) => at));
  const texts = new Map(said.filter(({ at }) => at === last).map((each) => [JSON.stringify(each.value), each]));
  return [...texts.values()];
}
const furthest = (said: Said<OrderStatus>): { at: number; value: OrderStatus } | undefined =>
  said.toSorted((a, b) => stage(b.value) - stage(a.value))[0];

/** Things with ids of their own, each as it was told last. */
function byId<T extends { readonly id: string }>(
  words: readonly Word[],
  look: (message: Word['message']) => readonly T[] | undefined,
): T[] {
  const ids = new Set(words.flatMap(({ message }) => (look(message) ?? []).map(({ id }) => id)));
  return [...ids].map((id) => newest(words, (message) => look(message)?.find((each) => each.id === id))[0]?.value as T);
}

export function expect(story: Story): Expected {
  const { words } = story;
  const value = <T>(look: (message: Word['message']) => T | undefined): T | undefined => newest(words, look)[0]?.value;
  const lines = value((m) => m.lines) ?? [];
  const money = moneyOf(words);
  const live = furthest(newest(words, (m) => (isEnd(m.status) ? undefined : m.status)));
  const ended = newest(words, (m) => (isEnd(m.status) ? m.status : undefined))[0];
  const everShipped =
    [...words.map(({ message }) => message)].some(saysShipped) || [...story.ownSteps.values()].some((own) => stage(own) >= LEFT);
  const everCompleted = words.some(({ message }) => message.status === 'completed' || message.completedAt !== undefined);
  const endingAsked = story.isCancelled || (ended !== undefined && ended.at >= (live?.at ?? 0));
  const allBack = money.refund === 'full' && !everCompleted;
  const isOver = allBack || (endingAsked && !everShipped);
  const wasPaid =
    fen(money.paid) > 0 ||
    (live !== undefined && live.value !== 'awaiting_payment') ||
    (ended?.value === 'closed' && value((m) => m.paid) === undefined);
  const ending = isOver ? (wasPaid ? 'closed' : 'cancelled') : undefined;
  const payment = paymentOf(
    money,
    value((m) => m.payable),
    live?.value,
  );
  const pieces = (lineId: string): number =>
    sum(
      byId(words, (m) => m.shipments).flatMap((s) =>
        (s.lines.length > 0 ? s.lines : lines).filter((l) => l.lineId === lineId).map((l) => l.quantity),
      ),
    );
  const statusOfLine = (lineId: string, quantity: number): OrderStatus => {
    if (ending) return ending;
    const told = toldOfLine(words, lineId);
    const own = story.ownSteps.get(lineId);
    const left = pieces(lineId);
    if (told && isEnd(told.value) && left === 0 && own !== 'shipped') return told.value;
    const speaks = told !== undefined && told.at >= (live?.at ?? 0);
    const candidates = [
      told?.value,
      speaks ? undefined : live?.value,
      own,
      left >= quantity ? 'shipped' : undefined,
      payment === 'full' ? 'paid' : undefined,
    ];
    return ORDERED[Math.max(0, ...candidates.map((each) => stage(each)))] as OrderStatus;
  };
  const shownLines = lines.map(({ lineId, quantity }) => [lineId, quantity, statusOfLine(lineId, quantity), pieces(lineId)] as const);
  const alive = shownLines.map(([, , status]) => status).filter((status) => !isEnd(status));
  const status =
    ending ??
    (lines.length === 0
      ? (live?.value ?? null)
      : alive.length === 0
        ? fen(money.paid) > 0
          ? 'closed'
          : 'cancelled'
        : (alive.toSorted((a, b) => stage(a) - stage(b))[0] as OrderStatus));
  const holds = new Set<string>();
  if (!isEnd(status ?? undefined)) {
    if (story.openCases > 0 || contradictions(story) > 0 || !addsUp(words)) holds.add('review');
    if (!words.some(({ message }) => message.partial !== true)) holds.add('incomplete');
  }
  for (const sign of value((m) => m.doNotShip) ?? []) holds.add(sign.kind);
  if (everShipped && endingAsked && !everCompleted) holds.add('after_sale');
  const gone = (lineId: string | undefined): boolean =>
    lineId === undefined
      ? shownLines.length > 0 && shownLines.every(([, , each]) => stage(each) >= LEFT)
      : shownLines.some(([id, , each]) => id === lineId && stage(each) >= LEFT);
  const refunds = byId(words, (m) => m.refunds);
  if (refunds.some((refund) => ['requested', 'agreed'].includes(refund.status) && !gone(refund.lineId))) holds.add('after_sale');
  const paidBack = new Set(refunds.filter((refund) => refund.status === 'done').map((refund) => refund.lineId));
  if (
    !everCompleted &&
    !endingAsked &&
    shownLines.some(([id, , each]) => isEnd(toldOfLine(words, id)?.value) && !isEnd(each) && !paidBack.has(id))
  )
    holds.add('after_sale');
  if (payment === 'deposit' && value((m) => m.payable) !== undefined) holds.add('deposit');
  if (story.personHolds > 0) holds.add('person');
  return {
    status,
    payment,
    ...money,
    payable: value((m) => m.payable) ?? '0.00',
    lines: shownLines,
    holds: [...holds].sort(),
    personHolds: story.personHolds,
    receiver: story.correctedReceiver ?? value((m) => m.receiver) ?? undefined,
    remark: value((m) => m.remark),
    buyer: value((m) => m.buyer)?.name,
    isOpen: { remark: newest(words, (m) => m.remark).length > 1 },
  };
}

/** Money only grows: what was listed one by one or said in one figure, whichever is more. */
function moneyOf(words: readonly Word[]): Pick<Expected, 'paid' | 'refunded' | 'refund'> {
  const figure = (look: (message: Word['message']) => string | undefined): number => fen(newest(words, look)[0]?.value ?? '0.00');
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

const saysShipped = (message: Word['message']): boolean =>
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
const contradictions = ({ words, acceptedConflicts }: Story): number =>
  newest(words, (m) => m.remark).length > 1 && !acceptedConflicts.has('conflict:remark') ? 1 : 0;
