/** Live changes in a list that stands still: rows learn their new status in place, none comes or goes. Pure. */
import type { ListItem, Page, StreamItem } from '../api/types.ts';

export function withStatuses(pages: readonly Page<ListItem>[], changes: readonly StreamItem[]): Page<ListItem>[] {
  const newest = new Map(changes.map((change) => [change.orderKey, change.status]));
  return pages.map((page) =>
    page.items.some(({ orderKey, status }) => newest.has(orderKey) && newest.get(orderKey) !== status)
      ? {
          ...page,
          items: page.items.map((item) => (newest.has(item.orderKey) ? { ...item, status: newest.get(item.orderKey) ?? null } : item)),
        }
      : page,
  );
}

/** Where j and k lead from `at` in a list of `length` rows. */
export const stepTo = (at: number, by: 1 | -1, length: number): number =>
  at < 0 ? (by > 0 ? 0 : length - 1) : Math.min(length - 1, Math.max(0, at + by));
