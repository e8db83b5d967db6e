import { Link } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useRef } from 'react';
import { channelName } from '../shared/channel-name.ts';
import { isTyping } from '../shared/keyboard.ts';
import { shownAmount } from '../shared/money.ts';
import { Copy, DeadlineText, Moment, StatusMark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { type LiveItem, stepTo } from './live-rows.ts';

export interface OrderTableProps {
  readonly items: readonly LiveItem[];
  readonly opened: string | undefined;
  readonly open: (orderKey: string | null) => void;
}

/** j and k move the focus itself from one order's link to the next, so Enter, screen readers and the eye agree on where one is. */
export function OrderTable({ items, opened, open }: OrderTableProps) {
  const { t } = useWords();
  const body = useRef<HTMLTableSectionElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && opened !== undefined && !isTyping(event)) open(null);
      if ((event.key !== 'j' && event.key !== 'k') || isTyping(event)) return;
      const links = [...(body.current?.querySelectorAll<HTMLAnchorElement>('a[data-row]') ?? [])];
      const focused = links.findIndex((link) => link === document.activeElement);
      const at = focused >= 0 ? focused : links.findIndex((link) => link.dataset.row === opened);
      const next = links[stepTo(at, event.key === 'j' ? 1 : -1, links.length)];
      next?.focus();
      if (opened !== undefined && next?.dataset.row !== undefined) open(next.dataset.row);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [opened, open]);
  return (
    <div className="table-box">
      <table className="table orders">
        <thead>
          <tr>
            <th>{t('orders.key')}</th>
            <th>{t('orders.status')}</th>
            <th className="number">{t('orders.amount')}</th>
            <th>{t('orders.channel')}</th>
            <th className="col-content">{t('orders.content')}</th>
            <th>{t('orders.placed')}</th>
            <th>{t('orders.shipBy')}</th>
          </tr>
        </thead>
        <tbody ref={body}>
          {items.map((item) => (
            <Row key={item.orderKey} item={item} isOpened={item.orderKey === opened} open={open} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** After these a shipping deadline says nothing any more. */
const SHIPPED: ReadonlySet<string> = new Set(['shipped', 'in_delivery', 'delivered', 'completed', 'cancelled', 'closed']);

function Row({ item, isOpened, open }: { readonly item: LiveItem; readonly isOpened: boolean; readonly open: (orderKey: string) => void }) {
  const { t, language } = useWords();
  const openBeside = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return; // a new tab is the person's wish
    event.preventDefault();
    open(item.orderKey);
  };
  return (
    <tr className={isOpened ? 'is-open' : undefined} aria-current={isOpened ? 'true' : undefined}>
      <td className="col-key">
        <Link
          to="/orders/$orderKey"
          params={{ orderKey: item.orderKey }}
          preload={false}
          className="mono"
          data-row={item.orderKey}
          onClick={openBeside}
        >
          {item.orderKey}
        </Link>
        <Copy text={item.orderKey} />
      </td>
      <td className="col-status">
        <StatusMark status={item.status} held={item.held} />
        {item.isBehind && (
          <span className="soft" role="img" aria-label={t('orders.behind')} title={t('orders.behind')}>
            ↻
          </span>
        )}
      </td>
      <td className="number col-amount">{shownAmount(item.payable, item.currency)}</td>
      <td className="col-channel">
        {channelName(item.channel, language)} <span className="soft">{item.shop}</span>
      </td>
      <td className="col-content">
        <span className="ellipsis" title={item.title}>
          {item.lineCount > 1 ? t('orders.lines', { title: item.title, n: item.lineCount }) : item.title}
        </span>
      </td>
      <td className="col-placed">{item.placedAt === null ? '—' : <Moment at={item.placedAt} />}</td>
      <td className="col-shipby">
        {item.shipBy === null || SHIPPED.has(item.status ?? '') ? (
          <span className="soft">—</span>
        ) : (
          <DeadlineText at={item.shipBy} isBrief />
        )}
      </td>
    </tr>
  );
}
