/** Live changes in a list that stands still: rows learn their new status in place, none comes or goes. Pure. */
import type { ListItem, Page, StreamItem } from '../api/types.ts';

/** The newest change of each order that is shown. */
export type Told = ReadonlyMap<string, StreamItem>;

export function toldOf(told: Told, pages: readonly Page<ListItem>[], changes: readonly StreamItem[]): Told {
  const shown = new Set(pages.flatMap(({ items }) => items.map(({ orderKey }) => orderKey)));
  const news = changes.filter(({ orderKey, version }) => shown.has(orderKey) && version > (told.get(orderKey)?.version ?? 0));
  return news.length === 0 ? told : new Map([...told, ...news.map((change) => [change.orderKey, change] as const)]);
}

/** A row with its new status; `isBehind` says that more than that may have changed. */
export interface LiveItem extends ListItem {
  readonly isBehind?: boolean;
}
export const withTold = (items: readonly ListItem[], told: Told): readonly LiveItem[] =>
  items.map((item) => {
    const change = told.get(item.orderKey);
    return change === undefined ? item : { ...item, status: change.status, isBehind: true };
  });

/** Where j and k lead from `at` in a list of `length` rows. */
export const stepTo = (at: number, by: 1 | -1, length: number): number =>
  at < 0 ? (by > 0 ? 0 : length - 1) : Math.min(length - 1, Math.max(0, at + by));
