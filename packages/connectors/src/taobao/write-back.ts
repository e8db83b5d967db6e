/** Taobao's half of write-back: what it holds is asked first, so that a call whose answer was lost may be made again without harm. */
import { sameNumber } from '@weir/core';
import type { Ask, Call, Failure, LeftParcel, Told, WriteBack } from '../adapter.ts';
import { field, filled } from '../fields.ts';
import { strangeAnswer } from '../no-answer.ts';
import { withOrderKey } from '../note-mark.ts';
import { companyBook, type SameCompany } from './companies.ts';
import { type Cause, isWhole, mayHaveBeenTold, mayNotTell, refusedCause, restOf, shipCall } from './compare.ts';
import { readMemo, writeMemo, MAX_MEMO_BYTES } from './memo.ts';
import { correctTracking, isThere, readShipAnswer, type Remedy, remedyOf } from './shipping.ts';
import { holds, look, type Standing, type StandingParcel } from './standing.ts';

type Failed = Extract<Told, { done: false }>;

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
    const desk: Desk = { ask, tid, all: parcels, isSameCompany: companyBook(ask) };
    let { standing } = looked;
    for (const parcel of parcels) {
      const told = await tellParcel(desk, parcel, standing);
      if (!told.done) return told;
      standing = withParcel(standing, parcel);
    }
    return DONE;
  },
  async writeOrderKey(ask, { id: tid }, orderKey) {
    const answer = await ask(readMemo(tid));
    if (!answer.ok) return notRead(answer.failure);
    const trade = field(answer.data, 'trade');
    // The memo is replaced as a whole: an answer that is not about this trade must not look like one without a memo.
    if (filled(field(trade, 'tid')) !== tid) return notRead(strangeAnswer(answer).failure);
    const told = field(trade, 'seller_memo');
    const memo = withOrderKey(typeof told === 'string' ? told : '', orderKey);
    if (memo === null) return DONE;
    if (Buffer.byteLength(memo) > MAX_MEMO_BYTES) return failed(CAUSES.ask_person, TOO_LONG);
    const written = await ask(writeMemo(tid, memo, filled(field(trade, 'seller_flag'))));
    return written.ok ? DONE : notRead(written.failure);
  },
};

/** What one round of telling works with. */
interface Desk {
  readonly ask: Ask;
  readonly tid: string;
  readonly all: readonly LeftParcel[];
  readonly isSameCompany: SameCompany;
}

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

/** Nothing was asked: the platform says of no parcel how many pieces of a line lie in it. */
const IN_PART: Failure = {
  ...AMBIGUOUS,
  subCode: 'in_part',
  message: 'the platform holds a part of a line in this parcel, and all of it has left; complete the parcel on the platform',
};
const UNLISTED: Failure = {
  ...AMBIGUOUS,
  subCode: 'unlisted',
  message: 'the list of parcels may not be read, and pieces of a line may stand there already; compare on the platform',
};

/** What we have just told stands there: the next parcel is judged beside it. */
function withParcel(standing: Standing, { trackingNumber, former, lines }: LeftParcel): Standing {
  const isIt = (each: StandingParcel): boolean => [trackingNumber, ...former].some((number) => sameNumber(number, each.trackingNumber));
  const before = standing.parcels.filter(isIt).flatMap(({ oids }) => oids);
  const oids = [...new Set([...before, ...lines.map(({ lineId }) => lineId)])];
  const isSplit = standing.isSplit || standing.parcels.length > 0;
  return { ...standing, isSplit, parcels: [...standing.parcels.filter((each) => !isIt(each)), { trackingNumber, oids }] };
}

async function tellParcel(desk: Desk, parcel: LeftParcel, standing: Standing): Promise<Told> {
  const numbers = [parcel.trackingNumber, ...parcel.former];
  const before = numbers.map((number) => holds(standing, number)).find((each) => each !== undefined);
  if (before === undefined) return tellLines(desk, parcel, standing);
  const isNumber = sameNumber(before.trackingNumber, parcel.trackingNumber);
  const isCompany = isNumber ? await desk.isSameCompany(before.company, parcel.carrier) : null;
  if (isCompany?.ok === false) return notRead(isCompany.failure);
  if (isCompany?.value === true) return tellRest(desk, parcel, standing);
  const corrected = await correct(desk, parcel, before, standing);
  if (!corrected.done) return corrected;
  const parcels = standing.parcels.map((each) => (each === before ? { ...each, trackingNumber: parcel.trackingNumber } : each));
  return tellRest(desk, parcel, { ...standing, parcels });
}

/** Another number, or another carrier under the same one. */
async function correct(desk: Desk, parcel: LeftParcel, before: StandingParcel, standing: Standing): Promise<Told> {
  const others = standing.parcels.filter((each) => each !== before);
  if (others.some(({ oids }) => oids.length === 0 || before.oids.length === 0 || before.oids.some((oid) => oids.includes(oid))))
    return failed(CAUSES.ask_person, AMBIGUOUS);
  const isAll = !standing.isSplit && standing.lines.every(({ oid }) => before.oids.includes(oid));
  const call = correctTracking(desk.tid, parcel, isAll ? [] : before.oids);
  const isNew = !sameNumber(before.trackingNumber, parcel.trackingNumber);
  return judged(desk, parcel, call, (then, said) => (isNew ? holds(then, parcel.trackingNumber) !== undefined : isThere(said)));
}

/** Under a number that stands there: lines that have come into the parcel since. What seems to stand in part is looked at again: a call may still be on its way. */
async function tellRest(desk: Desk, parcel: LeftParcel, before: Standing): Promise<Told> {
  let standing = before;
  if (restOf(parcel, desk.all, standing) === 'in_part') {
    const again = await look(desk.ask, desk.tid);
    if (!again.ok) return notRead(again.failure);
    ({ standing } = again);
  }
  const rest = restOf(parcel, desk.all, standing);
  if (rest === 'in_part') return failed(CAUSES.ask_person, IN_PART);
  return isWhole(rest) ? DONE : tellLines(desk, { ...parcel, lines: rest }, standing);
}

async function tellLines(desk: Desk, parcel: LeftParcel, standing: Standing): Promise<Told> {
  const refusal = mayNotTell(parcel, desk.all, standing);
  if (refusal !== null) return failed(refusal);
  if (mayHaveBeenTold(parcel, standing)) return failed(CAUSES.ask_person, UNLISTED);
  return judged(desk, parcel, shipCall(desk.tid, parcel, desk.all, standing), (then) => isWhole(restOf(parcel, desk.all, then)));
}

/** Whether what stands there after a refusal is what was to be told. */
type IsSettled = (then: Standing, said: Failure) => boolean;

/** Makes the call; where it is refused because of how the trade stands, what stands there decides. */
async function judged(desk: Desk, parcel: LeftParcel, call: Call, isSettled: IsSettled): Promise<Told> {
  const answer = readShipAnswer(await desk.ask(call));
  if (answer.done) return DONE;
  if (answer.remedy !== 'look') return failed(CAUSES[answer.remedy], answer.failure);
  const again = await look(desk.ask, desk.tid);
  if (!again.ok) return notRead(again.failure);
  if (isSettled(again.standing, answer.failure)) return DONE;
  return failed(refusedCause(parcel, desk.all, again.standing), answer.failure);
}
