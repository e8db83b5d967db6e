/** The order behind a key, for whoever may see it, and what the routes of orders need to work. */
import { isOrderKey, partitionOfKey } from '@weir/core';
import type { Asked, OpenedReceiver } from '@weir/connectors/adapter';
import type { Subject } from '@weir/contract/subject';
import type { Keys } from '#access';
import type { Submit } from '#intake';
import type { Clock, Db } from '#platform';
import { type Caller, Refusal } from '#web';
import { isForgotten, type Order } from './order.ts';
import { findOrder } from './store.ts';

/** What a channel said that was asked whom a token stands for; `usedUp`: it was not asked, for its share of today is. */
export type Opened =
  | Asked<OpenedReceiver>
  | { readonly ok: false; readonly usedUp: { readonly perDay: number; readonly againInMs: number } };

export interface OrderDeps {
  readonly db: Db;
  readonly keys: Keys;
  readonly submit: Submit;
  readonly clock: Clock;
  /** How long raw messages are kept. */
  readonly rawKeptMs: number;
  /** Asks the order's channel what the token of its receiver stands for; null where it cannot be asked. */
  readonly openReceiver: (order: Subject, token: string) => Promise<Opened | null>;
  /** Which consumer has seen how much of an order; `main.ts` asks the broadcast room. */
  readonly knowledge: (
    partition: number,
    orderKey: string,
  ) => Promise<
    readonly {
      readonly id: string;
      readonly name: string;
      readonly passedVersion: number;
      /** The newest version of which it is to hear; the order's own unless said. */
      readonly wantedVersion?: number;
      readonly parkedFrom: number | null;
      /** It said itself that it holds something else. */
      readonly differs?: boolean;
      /** Why it could not be told. */
      readonly why?: { readonly zh: string; readonly en: string };
    }[]
  >;
}

/** The order behind a key, if this caller may see its shop. A stranger's key and a missing one look the same. */
export async function orderOf(db: Db, caller: Caller, key: string): Promise<Order> {
  const order = isOrderKey(key) ? await findOrder(db, partitionOfKey(key), key) : null;
  if (order === null || (caller.shops !== null && !caller.shops.has(`${order.channel}/${order.shop}`)))
    throw new Refusal('order.not_found');
  if (isForgotten(order.facts)) throw new Refusal('order.forgotten');
  return order;
}
