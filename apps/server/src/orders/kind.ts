/** The kind `order`, as the batch runner knows it. */
import { subjectText } from '@weir/contract/subject';
import type { Kind } from '#intake';
import type { FoldKeys } from './apply.ts';
import { type After, foldOrders } from './fold.ts';
import type { Order } from './order.ts';
import { insertOrders, loadOrders, saveBlindIndex, saveCases, saveList, updateOrders } from './store.ts';
import { saveTracking } from './tracking-store.ts';

const withText = (order: Order) => ({ ...order, factsText: JSON.stringify(order.facts) });

export function orderKind(keys: FoldKeys): Kind<ReadonlyMap<string, Order>, After> {
  return {
    async load(sql, entries) {
      const wanted = new Map(entries.map((entry) => [subjectText(entry.subject), { partition: entry.partition, ...entry.subject }]));
      const orders = await loadOrders(sql, [...wanted.values()]);
      return new Map(orders.map((o) => [subjectText({ kind: 'order', channel: o.channel, shop: o.shop, id: o.channelOrderId }), o]));
    },
    fold: (before, entries, issuer, now, poisoned) => foldOrders(keys, before, entries, issuer, now, poisoned),
    async save(tx, after) {
      await insertOrders(tx, after.inserted.map(withText));
      await updateOrders(tx, after.updated.map(withText));
      await saveList(tx, after.list);
      await saveBlindIndex(tx, after.blind);
      await saveTracking(tx, [...after.inserted, ...after.updated]);
      await saveCases(tx, after.cases);
    },
  };
}
