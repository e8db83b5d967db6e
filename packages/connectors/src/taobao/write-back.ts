/** Taobao's half of write-back: what it holds is asked first, so that a call whose answer was lost may be made again without harm. */
import type { WriteBackCause } from '@weir/contract';
import { sameNumber } from '@weir/core';
import type { Ask, Failure, LeftParcel, Told, WriteBack } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import { withOrderKey } from '../note-mark.ts';
import { readMemo, writeMemo, MAX_MEMO_BYTES } from './memo.ts';
import { correctTracking, readShipAnswer, type Remedy, remedyOf, shipParcel, shipWhole } from './shipping.ts';
import { holds, look, type Standing, type StandingLine } from './standing.ts';
import { FORBIDDEN, letsGo, REFUND_STATUS, TRADE_STATUS } from './status-tables.ts';

type Failed = Extract<Told, { done: false }>;
type Cause = readonly [WriteBackCause, Failed['next']];

/** What a remedy is called for people, and whether time alone may settle it. */
const CAUSES = {
  fix_number: ['number_wrong', 'person'],
  new_number: ['number_used', 'person'],
  other_carrier: ['carrier_wrong', 'person'],
  retry: ['no_answer', 'later'],
  slow_down: ['throttled', 'later'],
  new_token: ['no_token', 'later'],
  ask_person: ['refused', 'person'],
} as const satisfies Record<Exclude<Remedy, 'look'>, Cause>;

const DONE: Told = { done: true, packIds: {} };
const failed = ([cause, next]: Cause, failure?: Failure): Failed => ({
  done: false,
  packIds: {},
  cause,
  next,
  ...(failure === undefined ? {} : { failure }),
});
const notRead = (failure: Failure): Failed => {
  const remedy = remedyOf(failure);
  return failed(remedy === 'look' ? CAUSES.retry : CAUSES[remedy], failure);
};

export const taobaoWriteBack: WriteBack = {
  async tellShipped(ask, { id: tid }, parcels) {
    const looked = await look(ask, tid);
    if (!looked.ok) return notRead(looked.failure);
    let { standing } = looked;
    for (const parcel of parcels) {
      const told = await tellParcel(ask, tid, parcel, parcels, standing);
      if (!told.done) return told;
      standing = withParcel(standing, parcel);
    }
    return DONE;
  },
  async writeOrderKey(ask, { id: tid }, orderKey) {
    const answer = await ask(readMemo(tid));
    if (!answer.ok) return notRead(answer.failure);
    const trade = field(answer.data, 'trade');
    const told = field(trade, 'seller_memo');
    const memo = withOrderKey(typeof told === 'string' ? told : '', orderKey);
    if (memo === null) return DONE;
    if (Buffer.byteLength(memo) > MAX_MEMO_BYTES) return failed(CAUSES.ask_person, TOO_LONG);
    const written = await ask(writeMemo(tid, memo, filled(field(trade, 'seller_flag'))));
    return written.ok ? DONE : notRead(written.failure);
  },
};

/** Nothing was asked: people's words stay, and somebody makes room. */
const TOO_LONG: Failure = {
  class: 'do_not',
  isKnown: true,
  code: 'memo',
  subCode: 'too_long',
  message: `with our key the memo would be longer than ${MAX_MEMO_BYTES} bytes`,
  logId: '',
  mayHaveHappened: false,
};

/** Nothing was asked: a parcel is corrected by its lines, and pieces of one line lie in several. */
const AMBIGUOUS: Failure = {
  class: 'do_not',
  isKnown: true,
  code: 'parcels',
  subCode: 'ambiguous',
  message: 'several parcels hold pieces of the same line, and a number is corrected by line; correct it on the platform',
  logId: '',
  mayHaveHappened: false,
};

/** What we have just told stands there: the next parcel is judged beside it. */
const withParcel = (standing: Standing, { trackingNumber, lines }: LeftParcel): Standing => ({
  ...standing,
  parcels: [...standing.parcels, { trackingNumber, oids: lines.map(({ lineId }) => lineId) }],
});

async function tellParcel(ask: Ask, tid: string, parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): Promise<Told> {
  if (holds(standing, parcel.trackingNumber)) return DONE;
  const before = parcel.former.map((number) => holds(standing, number)).find((each) => each !== undefined);
  if (before !== undefined) {
    const others = standing.parcels.filter((each) => each !== before);
    if (others.some(({ oids }) => oids.length === 0 || before.oids.length === 0 || before.oids.some((oid) => oids.includes(oid))))
      return failed(CAUSES.ask_person, AMBIGUOUS);
    return judged(ask, tid, parcel, correctTracking(tid, parcel, others.length === 0 ? [] : before.oids));
  }
  const refusal = mayNotTell(parcel, all, standing);
  if (refusal !== null) return failed(refusal);
  return judged(ask, tid, parcel, shipCall(tid, parcel, all, standing));
}

/** Makes the call; where it is refused because of how the trade stands, what stands there decides. */
async function judged(ask: Ask, tid: string, parcel: LeftParcel, call: ReturnType<typeof shipWhole>): Promise<Told> {
  const answer = readShipAnswer(await ask(call));
  if (answer.done) return DONE;
  if (answer.remedy !== 'look') return failed(CAUSES[answer.remedy], answer.failure);
  const again = await look(ask, tid);
  if (!again.ok) return notRead(again.failure);
  if (holds(again.standing, parcel.trackingNumber)) return DONE;
  return failed(stateCause(parcel, again.standing) ?? ['shipped_otherwise', 'person'], answer.failure);
}

const isLeft = ({ status }: StandingLine): boolean => ['shipped', 'delivered', 'completed'].includes(TRADE_STATUS.get(status) ?? '');
const linesIn = (parcel: LeftParcel, { lines }: Standing): StandingLine[] =>
  lines.filter(({ oid }) => parcel.lines.some(({ lineId }) => lineId === oid));

/** Why the trade, as it stands, takes no parcel of these lines; null when its state does not speak against it. */
function stateCause(parcel: LeftParcel, standing: Standing): Cause | null {
  const status = TRADE_STATUS.get(standing.status);
  const lines = linesIn(parcel, standing);
  // Money that went back before the goods left does not come again, also where the line's own status lags behind: time settles nothing here.
  const isPaidBack = (line: StandingLine): boolean => !isLeft(line) && REFUND_STATUS.get(line.refundStatus) === 'done';
  const isOver = (line: StandingLine): boolean => ['closed', 'cancelled'].includes(TRADE_STATUS.get(line.status) ?? '') || isPaidBack(line);
  if (status === 'closed' || status === 'cancelled' || status === 'completed' || lines.some(isOver)) return ['ended_there', 'person'];
  if (status === 'awaiting_payment') return ['unpaid_there', 'person'];
  if (standing.status === FORBIDDEN || lines.some((line) => line.status === FORBIDDEN)) return ['risk_check', 'later'];
  if (lines.some((line) => !isLeft(line) && line.refundStatus !== '' && !letsGo(line.refundStatus))) return ['after_sale_open', 'later'];
  return null;
}

/** Before the call: its state, and parcels of somebody else that hold the same lines. Ours there mean that it is sent once more. */
function mayNotTell(parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): Cause | null {
  const state = stateCause(parcel, standing);
  if (state !== null || !isAgain(parcel, standing)) return state;
  return linesIn(parcel, standing).every((line) => isOurs(line, all, standing)) ? null : ['shipped_otherwise', 'person'];
}

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

function shipCall(tid: string, parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): ReturnType<typeof shipWhole> {
  if (isAgain(parcel, standing))
    return shipParcel(
      tid,
      parcel,
      parcel.lines.map((line) => ({ ...line, isPart: false })),
      'again',
    );
  const live = standing.lines.filter(({ status }) => TRADE_STATUS.get(status) === 'paid');
  const isAll = ({ oid, quantity }: StandingLine): boolean =>
    parcel.lines.some((line) => line.lineId === oid && line.quantity === quantity);
  if (standing.parcels.length === 0 && live.length === standing.lines.length && live.every(isAll)) return shipWhole(tid, parcel);
  const lines = parcel.lines.map(({ lineId, quantity }) => {
    const whole = standing.lines.find(({ oid }) => oid === lineId)?.quantity ?? quantity;
    return { lineId, quantity, isPart: quantity + toldBefore(lineId, parcel, all, standing) < whole };
  });
  return shipParcel(tid, parcel, lines, 'first');
}

/** Pieces of the line in parcels of ours that stand there. */
const toldBefore = (lineId: string, parcel: LeftParcel, all: readonly LeftParcel[], standing: Standing): number =>
  all
    .filter((each) => each !== parcel && [each.trackingNumber, ...each.former].some((number) => holds(standing, number)))
    .flatMap(({ lines }) => lines)
    .reduce((sum, line) => sum + (line.lineId === lineId ? line.quantity : 0), 0);
