/** j and k move the focus from one letter's link to the next, as in the list of orders; a panel that closes gives it back to its row. */
import { type RefObject, useEffect, useRef } from 'react';
import { stepTo } from '../orders/live-rows.ts';
import { isTyping } from '../shared/keyboard.ts';

export function useRowFocus(table: RefObject<HTMLTableElement | null>, opened: string | undefined): void {
  const last = useRef(opened);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.key !== 'j' && event.key !== 'k') || isTyping(event)) return;
      const links = linksOf(table.current);
      const at = links.findIndex((link) => link === document.activeElement);
      links[stepTo(at, event.key === 'j' ? 1 : -1, links.length)]?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [table]);
  useEffect(() => {
    if (opened === undefined)
      linksOf(table.current)
        .find((link) => link.dataset['row'] === last.current)
        ?.focus();
    last.current = opened;
  }, [table, opened]);
}

const linksOf = (table: HTMLTableElement | null): readonly HTMLAnchorElement[] => [
  ...(table?.querySelectorAll<HTMLAnchorElement>('a[data-row]') ?? []),
];
