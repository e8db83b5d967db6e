/**
 * The receiver as Douyin gives it: masks to look at, ciphertexts to print and to decrypt with. Masks go into the fields of people's eyes, the
 * ciphertexts together into `token`; nothing is decrypted here. A ciphertext changes when the address changes, so equal tokens are equal people.
 */
import type { NeutralOrder } from '@weir/contract';
import { Fields } from '../fields.ts';
import { parseLossless } from '../lossless-json.ts';

export type Receiver = NonNullable<NeutralOrder['receiver']>;

/** Limits of the contract; a ciphertext is kept whole or not at all, text for the eye is cut. */
const MAX = { name: 100, phone: 40, place: 60, detail: 500, token: 2_048 } as const;

/** Parts of a token, each `name=ciphertext`, joined by a space: Base64 and its marks hold neither. */
export function tokenOf(ciphers: Readonly<Record<'tel' | 'name' | 'detail', string | undefined>>): string | undefined {
  const parts = Object.entries(ciphers).flatMap(([name, cipher]) => (cipher === undefined ? [] : [`${name}=${cipher}`]));
  const token = parts.join(' ');
  return parts.length > 0 && token.length <= MAX.token ? token : undefined;
}

/** From a shop order of a list or a detail; undefined when there is nobody to send to (a voucher, say). */
export function receiverOf(order: Fields): Receiver | undefined {
  const address = order.child('post_addr');
  const masked = order.child('mask_post_addr');
  return build({
    name: order.text('post_receiver') ?? order.text('mask_post_receiver'),
    phone: order.text('post_tel') ?? order.text('mask_post_tel'),
    address: address.has('province') ? address : masked,
    detail: address.text('detail') ?? masked.text('detail'),
    token: tokenOf({
      tel: order.text('encrypt_post_tel'),
      name: order.text('encrypt_post_receiver'),
      detail: address.text('encrypt_detail'),
    }),
  });
}

/** From `receiver_msg` of a push. `addr` is JSON text inside the JSON in real traffic, a list in some documents, an object in others. */
export function pushedReceiver(message: Fields): Receiver | undefined {
  const address = addressOf(message);
  return build({
    name: message.text('name'),
    phone: message.text('tel'),
    address,
    detail: address.text('detail'),
    token: tokenOf({ tel: message.text('encrypt_tel'), name: message.text('encrypt_name'), detail: address.text('encrypt_detail') }),
  });
}

function addressOf(message: Fields): Fields {
  const { pointer, problems } = message.child('addr');
  const told = message.at('addr');
  const value = typeof told === 'string' ? parseLossless(told) : told;
  return new Fields(Array.isArray(value) ? value[0] : value, pointer, problems);
}

interface Parts {
  readonly name: string | undefined;
  readonly phone: string | undefined;
  readonly address: Fields;
  readonly detail: string | undefined;
  readonly token: string | undefined;
}

function build({ name, phone, address, detail, token }: Parts): Receiver | undefined {
  const place = (part: string): string | undefined => address.child(part).text('name');
  const rest = `${place('street') ?? ''}${detail ?? ''}`;
  const told = {
    name: cut(name, MAX.name),
    phone: cut(phone, MAX.phone),
    province: cut(place('province'), MAX.place),
    city: cut(place('city'), MAX.place),
    district: cut(place('town'), MAX.place),
    detail: cut(rest === '' ? undefined : rest, MAX.detail),
    token,
  };
  const entries = Object.entries(told).filter(([, value]) => value !== undefined);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

const cut = (text: string | undefined, length: number): string | undefined => text?.slice(0, length).toWellFormed();
