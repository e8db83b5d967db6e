/** Our parcels beside what stands at the platform: what of them is missing there, and whether and how it may be told. Pure. */
import type { WriteBackCause } from '@weir/contract';
import { sameNumber } from '@weir/core';
import type { Call, LeftParcel, Told } from '../adapter.ts';
import { shipParcel, shipWhole } from './shipping.ts';
import { holds, type Standing, type StandingLine } from './standing.ts';
import { FORBIDDEN, letsGo, REFUND_STATUS, TRADE_STATUS } from './status-tables.ts';

/** What it is called for people, and whether time alone may settle it. */
export type Cause = readonly [WriteBackCause, Extract<Told, { done: false }>['next']];
type Pieces = LeftParcel['lines'];

const isOpen = ({ status }: StandingLine): boolean => TRADE_STATUS.get(status) === 'paid';
const isLeft = ({ status }: StandingLine): boolean => ['shipped', 'delivered', 'completed'].includes(TRADE_STATUS.get(status) ?? '');
const linesIn = (parcel: LeftParcel, { lines }: Standing): StandingLine[] =>
  lines.filter(({ oid }) => parcel.lines.some(({ lineId }) => lineId === oid));
const piecesOf = (lines: Pieces, oid: string): number =>
  lines.reduce((sum, { lineId, quantity }) => sum + (lineId === oid ? quantity : 0), 0);

/** The parcel of this number holds pieces of the line. */
function holdsLine(standing: Standing, trackingNumber: string, oid: string): boolean {
  const there = holds(standing, trackingNumber);
  return there !== undefined && (there.oids.length === 0 || there.oids.includes(oid));
}

/**
 * What of the parcel does not stand under its number. `in_part`: a line stands there in part, and here all of it has left; nobody tells how many pieces stand there.
 */
export function restOf(parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): Pieces | 'in_part' {
  if (holds(standing, parcel.trackingNumber) === undefined) return parcel.lines;
  const isIn = ({ oid }: StandingLine): boolean => holdsLine(standing, parcel.trackingNumber, oid);
  const lines = linesIn(parcel, standing);
  const isWholeHere = ({ oid, quantity }: StandingLine): boolean =>
    piecesOf(parcel.lines, oid) + toldBefore(oid, parcel, all, standing) >= quantity;
  if (lines.some((line) => isIn(line) && isOpen(line) && isWholeHere(line))) return 'in_part';
  const missing = lines.filter((line) => !isIn(line) && !(isLeft(line) && isOurs(line, all, standing)));
  return parcel.lines.filter(({ lineId }) => missing.some(({ oid }) => oid === lineId));
}
export const isWhole = (rest: Pieces | 'in_part'): boolean => rest !== 'in_part' && rest.length === 0;

/** Why the trade, as it stands, takes no parcel of these lines; null when its state does not speak against it. */
function stateCause(parcel: LeftParcel, standing: Standing): Cause | null {
  const status = TRADE_STATUS.get(standing.status);
  const lines = linesIn(parcel, standing);
  // Money that went back before the goods left does not come again, also where the line's own status lags behind: time settles nothing here.
  const isOver = (line: StandingLine): boolean =>
    ['closed', 'cancelled'].includes(TRADE_STATUS.get(line.status) ?? '') || (!isLeft(line) && line.isPaidBack);
  if (status === 'closed' || status === 'cancelled' || status === 'completed' || lines.some(isOver)) return ['ended_there', 'person'];
  if (status === 'awaiting_payment') return ['unpaid_there', 'person'];
  if (standing.status === FORBIDDEN || lines.some((line) => line.status === FORBIDDEN)) return ['risk_check', 'later'];
  if (lines.some((line) => !isLeft(line) && isAsked(line))) return ['after_sale_open', 'later'];
  return null;
}

const isAsked = ({ refundStatus }: StandingLine): boolean =>
  refundStatus !== '' && !letsGo(refundStatus) && REFUND_STATUS.get(refundStatus) !== 'done';

/** Before the call: its state, and parcels of somebody else that hold the same lines. Ours there mean that it is sent once more. */
export function mayNotTell(parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): Cause | null {
  const state = stateCause(parcel, standing);
  if (state !== null) return state;
  const left = linesIn(parcel, standing).filter(isLeft);
  return left.every((line) => isOurs(line, all, standing)) ? null : ['shipped_otherwise', 'person'];
}

/** After a refusal because of how the trade stands: where nothing in it speaks against the call, what we see is older than the refusal, and the next try sees more. */
export function refusedCause(parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): Cause {
  const cause = mayNotTell(parcel, all, standing);
  if (cause !== null) return cause;
  return linesIn(parcel, standing).every(isLeft) ? ['refused', 'person'] : ['no_answer', 'later'];
}

/** Without the list of parcels a line names only its newest: whether these pieces of it have been told before, nobody can say. */
export const mayHaveBeenTold = (parcel: LeftParcel, standing: Standing): boolean =>
  !standing.isListed && linesIn(parcel, standing).some((line) => isOpen(line) && piecesOf(parcel.lines, line.oid) < line.quantity);

/** Every line of it has left there before. */
const isAgain = (parcel: LeftParcel, standing: Standing): boolean => {
  const lines = linesIn(parcel, standing);
  return lines.length > 0 && lines.every(isLeft);
};
const isOurs = ({ oid }: StandingLine, all: readonly LeftParcel[], { parcels }: Standing): boolean =>
  parcels
    .filter(({ oids }) => oids.length === 0 || oids.includes(oid))
    .every(({ trackingNumber }) =>
      all.some((ours) => [ours.trackingNumber, ...ours.former].some((each) => sameNumber(each, trackingNumber))),
    );

export function shipCall(tid: string, parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): Call {
  if (isAgain(parcel, standing))
    return shipParcel(
      tid,
      parcel,
      parcel.lines.map((line) => ({ ...line, isPart: false })),
      'again',
    );
  const isAll = ({ oid, quantity }: StandingLine): boolean =>
    parcel.lines.some((line) => line.lineId === oid && line.quantity === quantity);
  if (standing.parcels.length === 0 && standing.lines.every((line) => isOpen(line) && isAll(line))) return shipWhole(tid, parcel);
  const lines = parcel.lines.map(({ lineId, quantity }) => {
    const whole = standing.lines.find(({ oid }) => oid === lineId)?.quantity ?? quantity;
    return { lineId, quantity, isPart: quantity + toldBefore(lineId, parcel, all, standing) < whole };
  });
  return shipParcel(tid, parcel, lines, 'first');
}

/** Pieces of the line in other parcels of ours that stand there with it; what has come into one since may not be told yet. */
const toldBefore = (lineId: string, parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): number =>
  all
    .filter((each) => each.id !== parcel.id && [each.trackingNumber, ...each.former].some((number) => holdsLine(standing, number, lineId)))
    .reduce((sum, each) => sum + piecesOf(each.lines, lineId), 0);
