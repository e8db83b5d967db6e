/**
 * The receiver. Ciphertexts are there only while the order waits for shipping and is not under check; before and after they are "". An answer without
 * them says nothing about the receiver: masks alone would take away what we need to print. Masks go into the fields of people's eyes, the
 * ciphertexts together into `token`; nothing is decrypted here.
 */
import type { NeutralOrder } from '@weir/contract';
import type { Fields } from '../fields.ts';

export type Receiver = NonNullable<NeutralOrder['receiver']>;

/** Limits of the contract; a ciphertext is kept whole or not at all, text for the eye is cut. */
const MAX = { name: 100, phone: 40, place: 60, detail: 500, token: 2_048 } as const;

/** Shapes of a ciphertext: `~…~…~n~~`, `$…$…$n$$`, and the form of ids `$…$…$n$`. Source: test data of a community SDK (our vectors), read 2026-11-25. */
const CIPHERTEXT = /^(?:~[A-Za-z0-9+/=]+~[A-Za-z0-9+/=]+~\d+~~|\$[A-Za-z0-9+/=]+\$[A-Za-z0-9+/=]+\$\d+\$\$?)$/;
export const isCiphertext = (text: string): boolean => CIPHERTEXT.test(text);

/** `$13800000000$#1234#`: a number of the platform's that rings the buyer for a while. Source: our protocol notes (one source), read 2026-11-25. */
const VIRTUAL = /^\$(\d{3,20})\$#(\d{1,8})#$/;
/** What one dials: `13800000000#1234`. Any other number is itself. */
export const dialForm = (phone: string): string => phone.replace(VIRTUAL, '$1#$2');

const PARTS = ['tel', 'name', 'detail'] as const;
export type Ciphers = Readonly<Partial<Record<(typeof PARTS)[number], string>>>;

/** Each `name=ciphertext`, joined by a space: Base64 and its marks hold neither. */
export function tokenOf(ciphers: Ciphers): string | undefined {
  const parts = PARTS.flatMap((part) => (ciphers[part] === undefined ? [] : [`${part}=${ciphers[part]}`]));
  const token = parts.join(' ');
  return parts.length > 0 && token.length <= MAX.token ? token : undefined;
}
export function ciphersOf(token: string): Ciphers {
  const told = token.split(' ').map((each) => [each.slice(0, each.indexOf('=')), each.slice(each.indexOf('=') + 1)] as const);
  return Object.fromEntries(told.filter(([part, cipher]) => (PARTS as readonly string[]).includes(part) && cipher !== ''));
}

/** Undefined when the answer says nothing of who it goes to. */
export function receiverOf(order: Fields): Receiver | undefined {
  const name = told(order, 'receiver_name');
  const phone = told(order, 'receiver_phone');
  const detail = told(order, order.has('receiver_address') ? 'receiver_address' : 'address');
  if ([name, phone, detail].every(({ cipher, clear }) => cipher === undefined && clear === undefined)) return undefined;
  const token = tokenOf({
    ...(phone.cipher === undefined ? {} : { tel: phone.cipher }),
    ...(name.cipher === undefined ? {} : { name: name.cipher }),
    ...(detail.cipher === undefined ? {} : { detail: detail.cipher }),
  });
  const receiver = {
    name: cut(name.clear ?? order.text('receiver_name_mask'), MAX.name),
    phone: cut(phone.clear === undefined ? order.text('receiver_phone_mask') : dialForm(phone.clear), MAX.phone),
    province: cut(order.text('province'), MAX.place),
    city: cut(order.text('city'), MAX.place),
    district: cut(order.text('town'), MAX.place),
    detail: cut(detail.clear ?? order.text('receiver_address_mask') ?? order.text('address_mask'), MAX.detail),
    token,
  };
  return Object.fromEntries(Object.entries(receiver).filter(([, value]) => value !== undefined));
}

function told(order: Fields, name: string): { readonly cipher?: string; readonly clear?: string } {
  const text = order.text(name);
  if (text === undefined) return {};
  return isCiphertext(text) ? { cipher: text } : { clear: text };
}

const cut = (text: string | undefined, length: number): string | undefined => text?.slice(0, length).toWellFormed();
