/** upload_shipping_info: what it is told, and what its refusals ask for. Source: guide of shipping information, read 2026-11-25 by way of our protocol notes and of public SDKs that quote its error table. */
import type { Call, LeftParcel } from '../adapter.ts';
import { UPLOAD_SHIPPING } from './requests.ts';
import { chinaTimeMs } from './times.ts';

/** 10 in the notes; the guide of today says 15. The smaller one is right in both. */
export const MAX_PARCELS = 10;
const MAX_ITEM_DESC = 120;
const ITEM_DESC = '商品';
const [IN_ONE, SPLIT] = [1, 2];
const BY_TRANSACTION = 2;
const BY_COURIER = 1;

export interface Known {
  readonly transactionId: string;
  readonly openid: string;
  readonly description: string | undefined;
}
type Told = Pick<LeftParcel, 'carrier' | 'trackingNumber' | 'contents'>;

/** One parcel that is all of the order, or some of several. `isAll`: nothing is to follow. */
export function uploadShipping(known: Known, parcels: readonly Told[], isAll: boolean, isSplit: boolean, now: number): Call {
  if (parcels.length < 1 || parcels.length > MAX_PARCELS) throw new RangeError(`an upload takes 1 to ${MAX_PARCELS} parcels`);
  const mode = isSplit ? { delivery_mode: SPLIT, is_all_delivered: isAll } : { delivery_mode: IN_ONE };
  return {
    method: UPLOAD_SHIPPING,
    params: {
      order_key: { order_number_type: BY_TRANSACTION, transaction_id: known.transactionId },
      logistics_type: BY_COURIER,
      ...mode,
      shipping_list: parcels.map(({ carrier, trackingNumber, contents }) => ({
        tracking_no: trackingNumber,
        express_company: carrier,
        item_desc: cut(contents ?? known.description ?? ITEM_DESC),
      })),
      upload_time: chinaTimeMs(now),
      payer: { openid: known.openid },
    },
  };
}

const cut = (words: string): string => Array.from(words.toWellFormed()).slice(0, MAX_ITEM_DESC).join('');

/** Carriers whose parcels need a phone of sender or receiver, masked. Source: as above. */
const NEEDS_CONTACT: ReadonlySet<string> = new Set(['SF']);
/** WeChat tells us no phone of the receiver, so the sender's of the app stands there; null when it is needed and not set. */
export function withContacts(params: Call['params'], senderContact: string | undefined): Call['params'] | null {
  const parcels = params['shipping_list'] as readonly Readonly<Record<string, unknown>>[];
  const isBare = (parcel: Readonly<Record<string, unknown>>): boolean =>
    NEEDS_CONTACT.has(String(parcel['express_company'])) && parcel['contact'] === undefined;
  if (!parcels.some(isBare)) return params;
  if (senderContact === undefined) return null;
  const contact = { consignor_contact: senderContact };
  return { ...params, shipping_list: parcels.map((parcel) => (isBare(parcel) ? { ...parcel, contact } : parcel)) };
}

/** What to do after a refusal. `look`: read the order again; only our own numbers there are a success. */
export type Remedy = 'look' | 'look_used' | 'wait' | 'look_ended' | 'number' | 'carrier' | 'contact' | 'too_many';
/** errcode → remedy; what is not here goes by its class. */
export const UPLOAD_REMEDIES: ReadonlyMap<string, Remedy> = new Map([
  ['10060001', 'wait'], // the payment is not known there yet
  ['10060002', 'look'], // finished: nothing may be added
  ['10060003', 'look_used'], // shipped anew once already
  ['10060004', 'look_ended'], // not to be shipped now: refunded, or over, or money is on its way back
  ['10060023', 'look'], // the very same is there
  ['10060024', 'too_many'],
  ['10060025', 'carrier'],
  ['10060026', 'number'],
  ['268440065', 'look'],
  ['268485226', 'number'],
  ['268485227', 'carrier'],
  ['contact', 'contact'],
]);
