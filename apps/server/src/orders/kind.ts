/** The kind `order`, as the batch runner knows it. */
import { subjectText } from '@weir/contract/subject';
import { packFacts } from '@weir/core';
import type { Kind } from '#intake';
import type { Step } from '#platform';
import type { FoldKeys } from './apply.ts';
import type { Asked, Readers } from './fold-channel.ts';
import { type After, foldOrders } from './fold.ts';
import type { Loaded, Order } from './order.ts';
import { insertList, insertOrders, saveBlindIndex, saveCases, updateList, updateOrders } from './save-store.ts';
import { saveErased } from './erase-store.ts';
import { saveForgotten } from './forget-store.ts';
import { loadOrders } from './store.ts';
import { saveTracking } from './tracking-store.ts';

const withText = (order: Order) => ({ ...order, factsText: packFacts(order.facts) });

export interface Channels {
  readonly readers: Readers;
  /** Stores what must be asked for, in the batch's own transaction. */
  readonly saveAsked: (asked: readonly Asked[], now: number) => readonly Step[];
}
export function orderKind(keys: FoldKeys, channels: Channels): Kind<ReadonlyMap<string, Loaded>, After> {
  return {
    async load(sql, entries, unsaved) {
      const orders = new Map<string, Loaded>();
      const wanted = new Map<string, Parameters<typeof loadOrders>[1][number]>();
      for (const { subject, partition } of entries) {
        const text = subjectText(subject);
        const known = unsaved?.orders.get(text);
        if (known) orders.set(text, known);
        else wanted.set(text, { partition, ...subject });
      }
      for (const order of await loadOrders(sql, [...wanted.values()]))
        orders.set(subjectText({ kind: 'order', channel: order.channel, shop: order.shop, id: order.channelOrderId }), order);
      return orders;
    },
    fold: (before, entries, issuer, now, poisoned) => foldOrders(keys, channels.readers, before, entries, issuer, now, poisoned),
    save: (after) => [
      ...saveForgotten(after.forgotten, after.at),
      ...insertOrders(after.inserted.map(withText)),
      ...updateOrders(after.updated.map(withText)),
      ...insertList(after.listed),
      ...updateList(after.relisted),
      ...saveBlindIndex(after.blind),
      ...saveTracking([...after.inserted, ...after.updated]),
      ...saveCases(after.cases),
      ...saveErased(after.erased, after.at), // behind all that might keep a message of it
      ...channels.saveAsked(after.asked, after.at),
    ],
  };
}
