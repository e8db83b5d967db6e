import { Link } from '@tanstack/react-router';
import { type MouseEvent, type ReactNode, useEffect, useRef } from 'react';
import { stepTo } from '../orders/live-rows.ts';
import { channelName } from '../shared/channel-name.ts';
import { useNow } from '../shared/clock.ts';
import { isTyping } from '../shared/keyboard.ts';
import { Ago } from '../shared/parts.tsx';
import { spanText } from '../shared/time.ts';
import { useWords } from '../words/context.tsx';
import type { Asked } from './dialogs.tsx';
import { LateBy, LinkState, StateMark } from './parts.tsx';
import { Troubles } from './troubles.tsx';
import { isLate, lagNow, type ShopRow } from './view-model.ts';

export interface ShopTableProps {
  readonly rows: readonly ShopRow[];
  readonly opened: string | undefined;
  readonly open: (key: string) => void;
  readonly ask: (asked: Asked) => void;
  /** Links and signatures are the app's, which not everybody may see. */
  readonly seesApps: boolean;
}
const COLUMNS = 7;

/** j and k move the focus from one shop's link to the next, as in the list of orders. */
export function ShopTable({ rows, opened, open, ask, seesApps }: ShopTableProps) {
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
              {seesApps && <th>{t('channels.link')}</th>}
              {seesApps && <th className="number">{t('channels.signatures')}</th>}
            </tr>
          </thead>
          {rows.map((row) => (
            <tbody key={row.key}>
              <Row row={row} isOpened={row.key === opened} open={open} seesApps={seesApps} />
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

interface RowProps extends Pick<ShopTableProps, 'open' | 'seesApps'> {
  readonly row: ShopRow;
  readonly isOpened: boolean;
}

function Row({ row, isOpened, open, seesApps }: RowProps) {
  const { t } = useWords();
  const { shop, ranAt, waiting, dead } = row;
  const isPulled = shop.app !== undefined;
  return (
    <tr className={isOpened ? 'is-open' : undefined}>
      <td className="col-shop">
        <ShopName row={row} open={open} />
      </td>
      <td className="col-state">
        <StateMark row={row} />
      </td>
      <Cell name="ran" isNone={!isPulled}>
        {ranAt === null ? <span className="soft">{t('channels.never')}</span> : <Ago at={ranAt} />}
      </Cell>
      <Cell name="lag" isNone={row.cursor === null} isNumber>
        <Lag row={row} />
      </Cell>
      <Cell name="fetches" isNone={!isPulled} isNumber>
        {waiting.toLocaleString('en')}
        {dead > 0 && <span className="tone-waiting"> ▲ {t('channels.deadOf', { n: dead })}</span>}
      </Cell>
      {seesApps && <AppCells row={row} />}
    </tr>
  );
}

function ShopName({ row: { shop, key }, open }: Pick<RowProps, 'row' | 'open'>) {
  const { t, language } = useWords();
  const openBeside = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return; // a new tab is the person's wish
    event.preventDefault();
    open(key);
  };
  return (
    <>
      <span className="shop-channel">{channelName(shop.channel, language)}</span>
      <Link to="/channels" search={{ open: key }} data-row={key} onClick={openBeside} aria-label={t('channels.open', { shop: shop.name })}>
        <b>{shop.name}</b>
      </Link>
      <span className="soft mono">{shop.shop}</span>
    </>
  );
}

function AppCells({ row: { app } }: Pick<RowProps, 'row'>) {
  const links = app?.links ?? [];
  return (
    <>
      <Cell name="link" isNone={links.length === 0}>
        {links.map((link) => (
          <LinkState key={link.kind} link={link} />
        ))}
      </Cell>
      <Cell name="signatures" isNone={app === null} isQuiet={app?.wrongSignatures.total === 0} isNumber>
        {app?.wrongSignatures.total.toLocaleString('en')}
      </Cell>
    </>
  );
}

interface CellProps {
  readonly name: 'ran' | 'lag' | 'fetches' | 'link' | 'signatures';
  /** There is nothing to say: a dash, and on a phone nothing at all. */
  readonly isNone: boolean;
  /** So little that a phone need not show it. */
  readonly isQuiet?: boolean;
  readonly isNumber?: boolean;
  readonly children: ReactNode;
}

function Cell({ name, isNone, isQuiet = false, isNumber = false, children }: CellProps) {
  const { t } = useWords();
  const names = [`col-${name}`, ...(isNumber ? ['number'] : []), ...(isNone || isQuiet ? ['is-none'] : [])];
  return (
    <td className={names.join(' ')} data-label={t(`channels.${name}`)}>
      {isNone ? '—' : children}
    </td>
  );
}

function Lag({ row }: { readonly row: ShopRow }) {
  const lag = lagNow(row, useNow());
  if (lag === null) return null;
  return isLate(row, lag) ? <LateBy ms={lag} isMoving={row.state === 'behind'} /> : <>{spanText(lag)}</>;
}
