/** upload_shipping_info of the simulated WeChat: what it takes, adds, replaces once and refuses. */
import * as act from '../market/actions.ts';
import { hasLeft, openCase, type Order, type Parcel, piecesLeft } from '../market/order.ts';
import { type Params, textIn } from '../market/params.ts';
import type { ShippingDesk } from '../market/shipping.ts';
import { openidOf, transactionOf } from './payloads.ts';
import { REFUSALS, type Refusal } from './refusals.ts';

export interface UploadDesk extends ShippingDesk {
  readonly shop: string;
  /** How often all of an order was told. */
  readonly finishCounts: Map<string, number>;
  /** upload_time of the last upload of each order, ms. */
  readonly uploadTimes: Map<string, number>;
}
const MAX_PARCELS = 10;
const MAX_ITEM_DESC = 120;
const RFC_3339_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/;

const objectIn = (params: Params, name: string): Params => {
  const value = params[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Params) : {};
};

export function orderByKey(desk: Pick<UploadDesk, 'orders' | 'shop'>, key: Params): Order | Refusal {
  if (key['order_number_type'] !== 1 && key['order_number_type'] !== 2) return REFUSALS.orderKey;
  const found =
    key['order_number_type'] === 2
      ? [...desk.orders.values()].find((order) => transactionOf(order) === textIn(key, 'transaction_id'))
      : textIn(key, 'mchid') === desk.shop
        ? desk.orders.get(textIn(key, 'out_trade_no'))
        : undefined;
  return found === undefined || found.paidAt === 0 ? REFUSALS.noPayment : found;
}

export function uploadShipping(desk: UploadDesk, params: Params, now: number): object | Refusal {
  const order = orderByKey(desk, objectIn(params, 'order_key'));
  if ('no' in order) return order;
  const parcels = Array.isArray(params['shipping_list']) ? (params['shipping_list'] as readonly Params[]) : [];
  const refused = whyNot(desk, order, params, parcels);
  if (refused !== null) return refused;
  const told = parcels.map((parcel) => ({ company: textIn(parcel, 'express_company'), number: textIn(parcel, 'tracking_no') }));
  const isAll = params['delivery_mode'] === 1 || params['is_all_delivered'] === true;
  const answer = order.lines.every(hasLeft) ? shipAnew(desk, order, told, now) : add(desk, order, told, isAll, now);
  if (!('no' in answer)) desk.uploadTimes.set(order.id, Date.parse(textIn(params, 'upload_time')));
  return answer;
}

/** First the form, then the person, then the order. */
function whyNot(desk: UploadDesk, order: Order, params: Params, parcels: readonly Params[]): Refusal | null {
  const mode = params['delivery_mode'];
  if (params['logistics_type'] !== 1) return REFUSALS.logistics;
  if (mode !== 1 && mode !== 2) return REFUSALS.mode;
  if (mode === 2 && typeof params['is_all_delivered'] !== 'boolean') return REFUSALS.noAllDelivered;
  if (mode === 1 && parcels.length !== 1) return REFUSALS.oneParcel;
  if (parcels.length > MAX_PARCELS) return REFUSALS.manyParcels;
  if (parcels.length === 0) return REFUSALS.parameter;
  for (const parcel of parcels) {
    const refused = badParcel(parcel);
    if (refused !== null) return refused;
  }
  const time = textIn(params, 'upload_time');
  if (!RFC_3339_MS.test(time) || Number.isNaN(Date.parse(time))) return REFUSALS.uploadTime;
  if (textIn(objectIn(params, 'payer'), 'openid') !== openidOf(order)) return REFUSALS.openid;
  if (order.state !== 'paid' || order.lines.some((line) => openCase(order, line.id) !== undefined)) return REFUSALS.notShippable;
  return Date.parse(time) < (desk.uploadTimes.get(order.id) ?? 0) ? REFUSALS.unchanged : null;
}

function badParcel(parcel: Params): Refusal | null {
  if (textIn(parcel, 'tracking_no') === '') return REFUSALS.noNumber;
  if (textIn(parcel, 'express_company') === '') return REFUSALS.noCompany;
  const words = Array.from(textIn(parcel, 'item_desc')).length;
  if (words === 0 || words > MAX_ITEM_DESC) return words === 0 ? REFUSALS.noItemDesc : REFUSALS.longItemDesc;
  const contact = objectIn(parcel, 'contact');
  const phone = textIn(contact, 'receiver_contact') || textIn(contact, 'consignor_contact');
  return textIn(parcel, 'express_company') === 'SF' && !/\*\d{4}$/.test(phone) ? REFUSALS.parameter : null;
}

type Numbers = Pick<Parcel, 'company' | 'number'>;
const isSame = (a: Numbers, b: Numbers): boolean => a.company === b.company && a.number === b.number;

/** Parcel after parcel; what lies in the last one is all of it, for nobody says what lies in which. */
function add(desk: UploadDesk, order: Order, told: readonly Numbers[], isAll: boolean, now: number): object | Refusal {
  const fresh = told.filter((parcel) => !order.parcels.some((known) => isSame(known, parcel)));
  if (fresh.length === 0 && !isAll) return REFUSALS.unchanged;
  const made = (parcel: Numbers, pieces: Parcel['pieces']): Parcel => ({
    packId: desk.nextId(),
    ...parcel,
    shippedAt: Math.max(now, order.updatedAt + 1),
    pieces,
  });
  fresh.forEach((parcel, i) => {
    const isLast = isAll && i === fresh.length - 1;
    desk.tell(order, act.ship(order, made(parcel, isLast ? piecesLeft(order) : []), now));
  });
  if (isAll && fresh.length === 0) {
    for (const line of order.lines) line.shipped = line.quantity;
    act.drift(order, now);
  }
  if (isAll) desk.finishCounts.set(order.id, 1);
  return {};
}

/** Once, and it replaces everything that was told. */
function shipAnew(desk: UploadDesk, order: Order, told: readonly Numbers[], now: number): object | Refusal {
  if (told.length === order.parcels.length && told.every((parcel) => order.parcels.some((known) => isSame(known, parcel))))
    return REFUSALS.unchanged;
  if ((desk.finishCounts.get(order.id) ?? 1) > 1) return REFUSALS.reshipUsed;
  const pieces = order.lines.map((line) => ({ lineId: line.id, quantity: line.quantity }));
  act.drift(order, now);
  order.parcels.splice(
    0,
    order.parcels.length,
    ...told.map((parcel, i) => ({
      packId: desk.nextId(),
      ...parcel,
      shippedAt: order.updatedAt,
      pieces: i === told.length - 1 ? pieces : [],
    })),
  );
  desk.finishCounts.set(order.id, 2);
  return {};
}
