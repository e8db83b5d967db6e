/** What a seller's program may do on the simulated platform: ship by the older and the newer call, correct a number, write the memo. */
import * as act from '../market/actions.ts';
import { hasLeft, type Order, type Parcel, piecesLeft } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import { type Pack, type ShippingDesk, shipPacks, type WhyNot } from '../market/shipping.ts';
import { type House, isSplit, listIn } from './queries.ts';
import { REFUSALS, type Refusal } from './refusals.ts';
import { COMPANIES } from './words.ts';

export type Desk = House & ShippingDesk;
const MAX_MEMO_BYTES = 1_000;
const YES = { shipping: { is_success: true } };

const WHY: Readonly<Record<WhyNot, Refusal>> = {
  unpaid: REFUSALS.state,
  deposit_only: REFUSALS.state,
  under_check: REFUSALS.state,
  refunded: REFUSALS.state,
  cancelled: REFUSALS.state,
  finished: REFUSALS.state,
  already_shipped: REFUSALS.shipped,
  no_such_line: REFUSALS.split,
  refund_open: REFUSALS.state,
  number_used: REFUSALS.numberUsed,
};

function leave(desk: Desk, order: Order, packs: readonly Pack[], now: number): Refusal | null {
  if (packs.some(({ company }) => !COMPANIES.has(company))) return REFUSALS.company;
  if (packs.some(({ number }) => number === '')) return REFUSALS.number;
  const why = shipPacks(desk, order, packs, now);
  return why === null ? null : WHY[why];
}
const numbersIn = (params: Params): Pick<Pack, 'company' | 'number'> => ({
  company: textIn(params, 'company_code'),
  number: textIn(params, 'out_sid'),
});

/** logistics.offline.send: all that is here, or whole lines of it. */
export function sendOffline(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'tid'));
  if (order === undefined) return REFUSALS.noParcelTrade;
  const wanted = textIn(params, 'sub_tid')
    .split(',')
    .filter((id) => id !== '');
  if (wanted.length > 0 !== (textIn(params, 'is_split') === '1')) return REFUSALS.split;
  const pieces = piecesLeft(order).filter(({ lineId }) => wanted.length === 0 || wanted.includes(lineId));
  if (wanted.length !== 0 && pieces.length !== wanted.length) return REFUSALS.split;
  return leave(desk, order, [{ ...numbersIn(params), pieces }], now) ?? YES;
}

/** ascp.logistics.offline.send: 0 as the older call, 1 with pieces, 3 once more; whether a line is complete must be said, and said right. */
export function sendPackages(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'tid'));
  if (order === undefined) return REFUSALS.noParcelTrade;
  const packages = listIn(textIn(params, 'consign_pkgs'));
  if (packages === null || packages.length === 0) return REFUSALS.invalid('consign_pkgs');
  const packs = packages.map((each) => ({ ...numbersIn(each), pieces: goodsIn(each) }));
  if (textIn(params, 'consign_type') === '3') return sendAgain(desk, order, packs, now);
  if (textIn(params, 'consign_type') !== '1') return REFUSALS.invalid('consign_type');
  if (!saysWhatIsComplete(order, packs, listIn(textIn(params, 'consign_status')) ?? [])) return REFUSALS.split;
  return leave(desk, order, packs, now) ?? { result: { success: true } };
}

function goodsIn(pack: Params): Parcel['pieces'] {
  const goods = pack['goods'];
  return (Array.isArray(goods) ? (goods as readonly Params[]) : []).map((each) => ({
    lineId: textIn(each, 'sub_tid'),
    quantity: Number(each['num']),
  }));
}

function saysWhatIsComplete(order: Order, packs: readonly Pack[], told: readonly Params[]): boolean {
  const sent = packs.flatMap(({ pieces }) => pieces);
  return [...new Set(sent.map(({ lineId }) => lineId))].every((lineId) => {
    const line = order.lines.find(({ id }) => id === lineId);
    const after = (line?.shipped ?? 0) + sent.reduce((sum, each) => sum + (each.lineId === lineId ? each.quantity : 0), 0);
    const said = told.find((each) => textIn(each, 'sub_tid') === lineId)?.['is_part_consign'];
    return line === undefined || hasLeft(line) || said === after < line.quantity;
  });
}

/** A parcel beside those that hold the pieces: no piece leaves twice in the books. */
function sendAgain(desk: Desk, order: Order, packs: readonly Pack[], now: number): object | Refusal {
  const isLeft = packs
    .flatMap(({ pieces }) => pieces)
    .every(({ lineId }) => order.lines.some((line) => line.id === lineId && hasLeft(line)));
  if (!isLeft || order.state !== 'paid') return REFUSALS.state;
  if (packs.some(({ company }) => !COMPANIES.has(company))) return REFUSALS.company;
  for (const { company, number } of packs)
    desk.tell(
      order,
      act.ship(order, { packId: desk.nextId(), company, number, shippedAt: Math.max(now, order.updatedAt + 1), pieces: [] }, now),
    );
  return { result: { success: true } };
}

const isIn = ({ pieces }: Parcel, id: string): boolean => pieces.some(({ lineId }) => lineId === id);
/** What came into a parcel later stands as one of its own, under the same number. */
const parcelsByNumber = ({ parcels }: Order): (readonly Parcel[])[] => [...Map.groupBy(parcels, ({ number }) => number).values()];

/** logistics.consign.resend: of a trade that left in several parcels the lines say which. */
export function correctNumber(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'tid'));
  if (order === undefined) return REFUSALS.noParcelTrade;
  const { company, number } = numbersIn(params);
  if (!COMPANIES.has(company)) return REFUSALS.correctCompany;
  if (order.parcels.length === 0) return REFUSALS.correctNotShipped;
  if (order.state !== 'paid') return REFUSALS.correctState;
  const lines = textIn(params, 'sub_tid')
    .split(',')
    .filter((id) => id !== '');
  if (lines.length === 0 && isSplit(order)) return REFUSALS.correctSplit;
  const named = parcelsByNumber(order).find((parcels) => lines.every((id) => parcels.some((parcel) => isIn(parcel, id))));
  if (named === undefined) return REFUSALS.correctSplit;
  if (named.every((parcel) => parcel.number === number && parcel.company === company)) return REFUSALS.correctNothing;
  for (const parcel of named) desk.tell(order, act.correctNumber(order, parcel, { company, number }, now));
  return YES;
}

/** Replaces the memo. A flag that is not sent becomes grey; an empty memo is left unless `reset`. */
export function updateMemo(desk: Desk, params: Params, now: number): object | Refusal {
  const order = desk.orders.get(textIn(params, 'tid'));
  if (order === undefined) return REFUSALS.noTrade;
  const memo = textIn(params, 'memo');
  if (Buffer.byteLength(memo) > MAX_MEMO_BYTES) return REFUSALS.memoTooLong;
  const flag = Number(textIn(params, 'flag') || '0');
  if (!(flag >= 0 && flag <= 5)) return REFUSALS.invalid('flag');
  desk.flags.set(order.id, flag);
  const words = textIn(params, 'reset') === 'true' ? '' : memo === '' ? order.sellerWords : memo;
  desk.tell(order, act.writeNote(order, words, now));
  return { trade: { tid: order.id } };
}
