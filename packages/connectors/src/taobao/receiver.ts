/** The receiver as the trade gives it: masks for the eye, the OAID that stands for all of it as `token`. A changed address has a new OAID, so equal tokens are equal people. */
import type { NeutralOrder } from '@weir/contract';
import type { Fields } from '../fields.ts';

export type Receiver = NonNullable<NeutralOrder['receiver']>;

/** Limits of the contract; a token is kept whole or not at all, text for the eye is cut. */
const MAX = { name: 100, phone: 40, place: 60, detail: 500, token: 2_048 } as const;
const cut = (text: string | undefined, length: number): string | undefined => text?.slice(0, length).toWellFormed();

/** Undefined when there is nobody to send to. County-level cities may stand in the district alone. */
export function receiverOf(trade: Fields): Receiver | undefined {
  const token = trade.text('oaid');
  const told = {
    name: cut(trade.text('receiver_name'), MAX.name),
    phone: cut(trade.text('receiver_mobile') ?? trade.text('receiver_phone'), MAX.phone),
    province: cut(trade.text('receiver_state'), MAX.place),
    city: cut(trade.text('receiver_city'), MAX.place),
    district: cut(trade.text('receiver_district'), MAX.place),
    detail: cut(detailOf(trade.text('receiver_town'), trade.text('receiver_address')), MAX.detail),
    token: token !== undefined && token.length <= MAX.token ? token : undefined,
  };
  const entries = Object.entries(told).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Town and street in one, as people write it; older addresses begin with the town already. */
export function detailOf(town: string | undefined, address: string | undefined): string | undefined {
  const detail = town === undefined || address?.startsWith(town) ? address : `${town}${address ?? ''}`;
  return detail ?? town;
}
