/** One message as it will be told to the hub, and how it may be spoiled. Pure. */
import type { NeutralOrder } from '@weir/contract';

/** A neutral order, whole or in part, right or wrong. */
export type Message = Readonly<Record<string, unknown>>;
export interface Edit {
  readonly pointer: string;
  readonly value?: unknown;
}
/** `broken` and `unreadable` messages must be held; `poison` is one on which our own code fails (see `hub.ts`). */
export type Kind = 'right' | 'broken' | 'unreadable' | 'poison';
export interface Telling {
  /** Index of its order in the script. */
  readonly order: number;
  readonly kind: Kind;
  /** Source time, ms UTC. */
  readonly at: number;
  readonly message: Message;
  /** What a person would make of it, and how; for messages that a person can mend. */
  readonly fixed?: Message;
  readonly edits?: readonly Edit[];
}

/** Stands in every personal text of the script and nowhere else: ids are spelled without i, o and u, so that none holds it by chance. */
export const CANARY = 'cuiocuio';
/** Every phone number of the script begins so; no mask shows more than three digits of the beginning. */
export const CANARY_PHONE = '1397777';
export const POISON = `${CANARY} poison`;

type Receiver = NonNullable<NeutralOrder['receiver']>;
const phoneOf = (phone: string | undefined): string => `${CANARY_PHONE}${(phone ?? '').slice(-4)}`;

/** The same receiver gives the same canaries, so that equal addresses stay equal. Masks show a name's first character and the district. */
export const plantReceiver = (receiver: Receiver): Receiver => ({
  ...receiver,
  name: `鲸${CANARY}${receiver.name ?? ''}`,
  phone: phoneOf(receiver.phone),
  detail: `${CANARY}${receiver.detail ?? ''}`,
});

/** `message` with a canary in everything that is about a person. */
export function plant(message: NeutralOrder, withContext: boolean): NeutralOrder {
  const { buyer, receiver, remark } = message;
  return {
    ...message,
    ...(buyer ? { buyer: { name: `鲲${CANARY}${buyer.name ?? ''}`, channelBuyerId: `${CANARY}-${buyer.channelBuyerId ?? ''}` } } : {}),
    ...(receiver ? { receiver: plantReceiver(receiver) } : {}),
    ...(remark ? { remark: `${CANARY} ${remark}` } : {}),
    ...(withContext
      ? { context: { operator: `${CANARY} op`, deviceFingerprint: `${CANARY}-device`, geo: { lat: 30.123456, lng: 120.654321 } } }
      : {}),
  };
}

/** Later than the hub's clock ever runs while messages are sent. */
const FUTURE_MS = 60 * 86_400_000;
const tenFenMore = (text: string): string => `${text.slice(0, -2)}${String((Number(text.slice(-2)) + 10) % 100).padStart(2, '0')}`;

interface Spoiled {
  readonly message: Message;
  readonly edits: readonly Edit[];
  readonly at?: number;
}
type Spoil = (message: NeutralOrder, at: number) => Spoiled;
const replaced =
  (name: keyof NeutralOrder, wrong: (message: NeutralOrder) => unknown): Spoil =>
  (message) => ({ message: { ...message, [name]: wrong(message) }, edits: [{ pointer: `/${name}`, value: message[name] }] });

/** Ways to be wrong that a person may accept as they are. */
export const BROKEN: readonly Spoil[] = [
  replaced('shippingFee', ({ shippingFee }) => tenFenMore(shippingFee)),
  (message, at) => ({
    message: { ...message, modifiedAt: new Date(at + FUTURE_MS).toISOString() },
    edits: [{ pointer: '/modifiedAt', value: message.modifiedAt }],
    at: at + FUTURE_MS,
  }),
];
/** Ways to be wrong that nobody may accept: some value cannot be read. Personal text stands where it must not be quoted. */
export const UNREADABLE: readonly Spoil[] = [
  replaced('payable', ({ payable }) => Number(payable)),
  replaced('placedAt', ({ placedAt }) => placedAt.slice(0, 19).replace('T', ' ')),
  replaced('status', () => 'lost_in_space'),
  replaced('lines', ({ lines }) => [...lines, ...lines]),
  replaced('receiver', () => `${CANARY} ${CANARY_PHONE}0000`),
  (message) => ({ message: { ...message, extra: `${CANARY} extra` }, edits: [{ pointer: '/extra' }] }),
  (message) => ({
    message: { ...message, remark: `${CANARY}\uD800` },
    edits: [message.remark === undefined ? { pointer: '/remark' } : { pointer: '/remark', value: message.remark }],
  }),
];
