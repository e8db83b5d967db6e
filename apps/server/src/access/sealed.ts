/**
 * `Sealed<T>` is the only form in which personal data travels inside the server. Printed anywhere (JSON, log, error) it is its mask.
 * There is one door, `reveal`, which checks the role's policy and quota and writes the audit record before any text comes out.
 */
import type { NeutralMessage, Role } from '@weir/contract';
import { maskName, maskPhone } from './masks.ts';

export interface PersonalBundle {
  readonly receiver?: NeutralMessage['receiver'];
  readonly buyer?: NeutralMessage['buyer'];
  readonly remark?: string | null;
  readonly contexts?: Readonly<Record<string, NonNullable<NeutralMessage['context']>>>;
  /** What people wrote when they placed a hold, by the hold's id: what people write is about people. */
  readonly holdWords?: Readonly<Record<string, string>>;
  /** What a person wrote when the order was cancelled here; read by those who read words on holds. */
  readonly cancelReason?: string;
}

const open = Symbol('open');
export class Sealed<T> {
  readonly [open]: () => T;
  constructor(opener: () => T) {
    Object.defineProperty(this, open, { value: opener, enumerable: false });
    this[open] = opener;
  }
  toJSON(): string {
    return '***';
  }
  toString(): string {
    return '***';
  }
}
/** Only this room may call it: the door and the masks below. */
export const openSealed = <T>(sealed: Sealed<T>): T => sealed[open]();

type Receiver = NonNullable<NeutralMessage['receiver']>;
const has = <K extends string, V>(name: K, value: V | undefined): Record<K, V> | object => (value === undefined ? {} : { [name]: value });
const maskReceiver = (r: Receiver, toDistrict: boolean): Receiver => ({
  ...has('name', r.name && maskName(r.name)),
  ...has('phone', r.phone && maskPhone(r.phone)),
  ...(toDistrict ? { ...has('province', r.province), ...has('city', r.city), ...has('district', r.district) } : {}),
  ...has('detail', r.detail && '***'),
  ...has('token', r.token && '***'),
});

/** People who work with the order. Programs read codes, and the owner sees nothing of a single person. */
const READS_WORDS: Readonly<Record<Role, boolean>> = {
  admin: true,
  operations: true,
  customer_service: true,
  finance: true,
  warehouse: true,
  owner: false,
  integration: false,
};
export const holdWordsFor = (sealed: Sealed<PersonalBundle>, role: Role): NonNullable<PersonalBundle['holdWords']> =>
  READS_WORDS[role] ? (openSealed(sealed).holdWords ?? {}) : {};

/** What everybody of a role sees without asking. The owner sees nothing of a single person. */
export function maskedBundle(sealed: Sealed<PersonalBundle>, role: Role): PersonalBundle {
  if (role === 'owner') return {};
  const { receiver, buyer, remark, cancelReason } = openSealed(sealed);
  return {
    ...(receiver === undefined ? {} : { receiver: receiver && maskReceiver(receiver, true) }),
    ...(buyer === undefined
      ? {}
      : {
          buyer: buyer && {
            ...has('name', buyer.name && maskName(buyer.name)),
            ...has('phone', buyer.phone && maskPhone(buyer.phone)),
            ...has('channelBuyerId', buyer.channelBuyerId && '***'),
          },
        }),
    ...(remark === undefined ? {} : { remark: remark && '***' }),
    ...(cancelReason === undefined ? {} : { cancelReason: READS_WORDS[role] ? cancelReason : '***' }),
  };
}

export const REVEAL_FIELDS = [
  'receiver.name',
  'receiver.phone',
  'receiver.address',
  'receiver.token',
  'buyer.name',
  'buyer.phone',
  'buyer.channelBuyerId',
  'remark',
  'context',
] as const;
export type RevealField = (typeof REVEAL_FIELDS)[number];
/** Which fields a role may open at all. Rules are data: this table is the default. */
export const REVEAL_POLICY: Readonly<Record<Role, readonly RevealField[]>> = {
  admin: REVEAL_FIELDS,
  operations: ['receiver.name', 'receiver.phone', 'receiver.address', 'remark', 'buyer.name'],
  customer_service: ['receiver.name', 'remark'],
  finance: ['receiver.name', 'receiver.address'],
  warehouse: ['receiver.name', 'receiver.phone', 'receiver.address', 'remark'],
  owner: [],
  integration: [],
};

export function pick(bundle: PersonalBundle, field: RevealField): unknown {
  const { receiver, buyer } = bundle;
  switch (field) {
    case 'receiver.address':
      return receiver && { province: receiver.province, city: receiver.city, district: receiver.district, detail: receiver.detail };
    case 'remark':
      return bundle.remark;
    case 'context':
      return bundle.contexts;
    case 'receiver.name':
      return receiver?.name;
    case 'receiver.phone':
      return receiver?.phone;
    case 'receiver.token':
      return receiver?.token;
    case 'buyer.name':
      return buyer?.name;
    case 'buyer.phone':
      return buyer?.phone;
    case 'buyer.channelBuyerId':
      return buyer?.channelBuyerId;
  }
}
