import { Link } from '@tanstack/react-router';
import { type MouseEvent, useEffect, useRef } from 'react';
import { stepTo } from '../orders/live-rows.ts';
import { channelName } from '../shared/channel-name.ts';
import { useNow } from '../shared/clock.ts';
import { isTyping } from '../shared/keyboard.ts';
import { Ago } from '../shared/parts.tsx';
import { spanText } from '../shared/time.ts';
import { useWords } from '../words/context.tsx';
import type { Asked } from './dialogs.tsx';
import { LinkState, StateMark } from './parts.tsx';
import { Troubles } from './troubles.tsx';
import { isLate, lagNow, type ShopRow } from './view-model.ts';

export interface ShopTableProps {
  readonly rows: readonly ShopRow[];
  readonly opened: string | undefined;
  readonly open: (key: string) => void;
  readonly ask: (asked: Asked) => void;
}
const COLUMNS = 7;

/** j and k move the focus from one shop's link to the next, as in the list of orders. */
export function ShopTable({ rows, opened, open, ask }: ShopTableProps) {
  const { t } = useWords();
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.key !== 'j' && event.key !== 'k') || isTyping(event)) return;
      const links = [...(table.current?.querySelectorAll<HTMLAnchorElement>('a[data-row]') ?? [])];
      const at = links.findIndex((link) => link === document.activeElement);
      links[stepTo(at, event.key === 'j' ? 1 : -1, links.length)]?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <section className="card">
      <div className="table-box">
        <table className="table shops" ref={table}>
          <thead>
            <tr>
              {(['shop', 'state', 'ran'] as const).map((column) => (
                <th key={column}>{t(`channels.${column}`)}</th>
              ))}
              <th className="number">{t('channels.lag')}</th>
              <th className="number">{t('channels.fetches')}</th>
              <th>{t('channels.link')}</th>
              <th className="number">{t('channels.signatures')}</th>
            </tr>
          </thead>
          {rows.map((row) => (
            <tbody key={row.key}>
              <Row row={row} isOpened={row.key === opened} open={open} />
              {row.troubles.length > 0 && (
                <tr className="trouble-row">
                  <td colSpan={COLUMNS}>
                    <Troubles row={row} ask={ask} />
                  </td>
                </tr>
              )}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

function Row({ row, isOpened, open }: { readonly row: ShopRow; readonly isOpened: boolean; readonly open: (key: string) => void }) {
  const { t, language } = useWords();
  const { shop, app, key, ranAt, waiting, dead } = row;
  const openBeside = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return; // a new tab is the person's wish
    event.preventDefault();
    open(key);
  };
  const isPulled = shop.app !== undefined;
  return (
    <tr className={isOpened ? 'is-open' : undefined}>
      <td className="col-shop">
        <span className="shop-channel">{channelName(shop.channel, language)}</span>
        <Link
          to="/channels"
          search={{ open: key }}
          data-row={key}
          onClick={openBeside}
          aria-label={t('channels.open', { shop: shop.name })}
        >
          <b>{shop.name}</b>
        </Link>
        <span className="soft mono">{shop.shop}</span>
      </td>
      <td className="col-state">
        <StateMark row={row} />
      </td>
      <td className="col-ran" data-label={t('channels.ran')}>
        {ranAt === null ? isPulled ? <span className="soft">{t('channels.never')}</span> : '—' : <Ago at={ranAt} />}
      </td>
      <td className="col-lag number" data-label={t('channels.lag')}>
        <Lag row={row} />
      </td>
      <td className="col-fetches number" data-label={t('channels.fetches')}>
        {isPulled ? waiting.toLocaleString('en') : '—'}
        {dead > 0 && <span className="tone-waiting"> ▲ {t('channels.deadOf', { n: dead })}</span>}
      </td>
      <td className="col-link" data-label={t('channels.link')}>
        {app === null || app.links.length === 0 ? '—' : app.links.map((link) => <LinkState key={link.kind} link={link} />)}
      </td>
      <td className="col-signatures number" data-label={t('channels.signatures')}>
        {app === null ? '—' : app.wrongSignatures.total.toLocaleString('en')}
      </td>
    </tr>
  );
}

function Lag({ row }: { readonly row: ShopRow }) {
  const lag = lagNow(row, useNow());
  if (lag === null) return <>—</>;
  return isLate(lag) ? <span className="tone-waiting">▲ {spanText(lag)}</span> : <>{spanText(lag)}</>;
}
