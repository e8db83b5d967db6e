/** Telling Pinduoduo what left: the calls. Source: field texts of pdd.logistics.online.send (our protocol notes) and of pdd.order.upload.extra.logistics (community SDKs, [G]), read 2026-11-25. */
import type { Call } from '../adapter.ts';

export interface Parcel {
  /** The platform's number of the carrier (logistics_id), e.g. "44". */
  readonly carrier: string;
  readonly trackingNumber: string;
}
/** Carriers are numbers there; anything else is another platform's word for one. */
export const isCarrier = (carrier: string): boolean => /^[1-9]\d{0,8}$/.test(carrier);

/** 1: the first time, only while the order waits; 2: in place of what stands there, only after it has left. */
export const REDELIVERY = { first: 1, overwrite: 2 } as const;
/** The order's own parcel. With it the whole order has left there: Pinduoduo knows no part of an order. */
export const sendOrder = (orderSn: string, { carrier, trackingNumber }: Parcel, how: keyof typeof REDELIVERY): Call => ({
  method: 'pdd.logistics.online.send',
  params: { order_sn: orderSn, logistics_id: carrier, tracking_number: trackingNumber, redelivery_type: REDELIVERY[how] },
});

/** 1 分包发货, 3 发放赠品. (2 补发商品 answers an after-sale, and we are not told which parcel does.) */
export const EXTRA = { part: 1, gift: 3 } as const;
/** Further parcels, beside the order's own, for the buyer to see. */
export const addParcels = (orderSn: string, parcels: readonly Parcel[], what: keyof typeof EXTRA): Call => ({
  method: 'pdd.order.upload.extra.logistics',
  params: {
    order_sn: orderSn,
    extra_track_type: EXTRA[what],
    extra_track_list: parcels.map(({ carrier, trackingNumber }) => ({ shipping_id: Number(carrier), tracking_number: trackingNumber })),
  },
});
