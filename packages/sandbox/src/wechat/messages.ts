/** What WeChat tells the seller of, and how it looks on the wire: payment notifications are sealed and signed, message push is encrypted, in JSON or in XML. */
import type { News } from '../market/actions.ts';
import type { Order } from '../market/order.ts';
import type { SandboxApp } from '../market/platform.ts';
import type { Dice } from '../random.ts';
import { PLATFORM_KEYS, setting } from './app.ts';
import { encryptMessage, payHeaders, sealResource, sha1Sorted } from './crypto.ts';
import { paymentNews, refundNews, settlement, zoned } from './payloads.ts';

/** As it waits in the mailbox: sealed and signed when it is sent, for a signature ends after five minutes. */
export type Waiting =
  | {
      readonly kind: 'pay';
      readonly id: string;
      readonly at: number;
      readonly event: string;
      readonly about: string;
      readonly content: object;
    }
  | { readonly kind: 'push'; readonly content: object };

/** Null: of this WeChat tells nobody. That goods left and that money was asked back are the shop's own doings. */
export function messageOf(order: Order, { what, afterSale }: News, shop: string, appId: string, id: string): Waiting | null {
  const at = order.updatedAt;
  if (what === 'paid' || what === 'paid_under_check')
    return { kind: 'pay', id, at, event: 'TRANSACTION.SUCCESS', about: 'transaction', content: paymentNews(order, shop, appId) };
  if (what === 'finished') return { kind: 'push', content: settlement(order, shop) };
  if (afterSale === undefined || (what !== 'refund_paid_back' && what !== 'refund_withdrawn' && what !== 'refund_refused')) return null;
  const event = what === 'refund_paid_back' ? 'REFUND.SUCCESS' : 'REFUND.CLOSED';
  return { kind: 'pay', id, at, event, about: 'refund', content: refundNews(order, afterSale, shop) };
}

export interface Letter {
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
const JSON_TYPE = { 'content-type': 'application/json' };

export function letterOf(waiting: Waiting, app: SandboxApp, now: number, dice: Dice): Letter {
  return waiting.kind === 'pay' ? notification(waiting, app, now, dice) : push(waiting.content, app, now, dice);
}

function notification(
  { id, at, event, about, content }: Extract<Waiting, { kind: 'pay' }>,
  app: SandboxApp,
  now: number,
  dice: Dice,
): Letter {
  const nonce = String(dice.between(1e11, 9e11));
  const resource = {
    original_type: about,
    algorithm: 'AEAD_AES_256_GCM',
    ciphertext: sealResource(setting(app, 'apiV3Key'), nonce, about, JSON.stringify(content)),
    associated_data: about,
    nonce,
  };
  const body = JSON.stringify({
    id,
    create_time: zoned(at),
    resource_type: 'encrypt-resource',
    event_type: event,
    summary: event,
    resource,
  });
  return { query: '', headers: { ...JSON_TYPE, ...payHeaders(signerOf(dice), nonce, now, body) }, body };
}
/** While keys are rotated, now one and now the other. */
export const signerOf = (dice: Dice): (typeof PLATFORM_KEYS)[number] => PLATFORM_KEYS[dice.chance(0.2) ? 1 : 0];

function push(content: object, app: SandboxApp, now: number, dice: Dice): Letter {
  const isXml = dice.chance(0.5);
  const text = isXml ? toXml(content) : JSON.stringify(content);
  const encrypted = encryptMessage(setting(app, 'encodingAesKey'), String(dice.between(1e15, 9e15)), text, app.key);
  const [timestamp, nonce, token] = [String(now), String(dice.between(1, 1e9)), setting(app, 'pushToken')];
  const query = new URLSearchParams({
    signature: sha1Sorted([token, timestamp, nonce]),
    timestamp,
    nonce,
    encrypt_type: 'aes',
    msg_signature: sha1Sorted([token, timestamp, nonce, encrypted]),
  });
  const outer = { ToUserName: 'gh_97417a04a28d', Encrypt: encrypted };
  return isXml
    ? { query: query.toString(), headers: { 'content-type': 'text/xml' }, body: toXml(outer) }
    : { query: query.toString(), headers: JSON_TYPE, body: JSON.stringify(outer) };
}

const toXml = (content: object): string =>
  `<xml>${Object.entries(content)
    .map(([name, value]) => (typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`))
    .join('')}</xml>`;
