import { Link } from '@tanstack/react-router';
import { type MouseEvent, useRef } from 'react';
import { Ago, Moment } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { Act, RetryFailed } from './act.tsx';
import type { Direction } from './filters.ts';
import { DirectionMark, Named, ShopName } from './parts.tsx';
import type { Retries } from './use-retries.ts';
import { useRowFocus } from './use-row-focus.ts';
import type { Letter } from './view-model.ts';

export interface LetterTableProps {
  readonly letters: readonly Letter[];
  readonly direction: Direction | undefined;
  readonly opened: string | undefined;
  readonly open: (id: string) => void;
  readonly retries: Retries;
}
const COLUMNS = ['at', 'direction', 'shop', 'order', 'what', 'cause', 'attempts', 'next'] as const;

export function LetterTable({ letters, ...row }: LetterTableProps) {
  const { t } = useWords();
  const table = useRef<HTMLTableElement>(null);
  useRowFocus(table, row.opened);
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={t('dead.title')}>
      <table className="table letters" ref={table}>
        <thead>
          <tr>
            {COLUMNS.map((column) => (
              <th key={column} scope="col" className={column === 'attempts' ? 'number' : undefined}>
                {t(`dead.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        {letters.map((letter) => (
          <Row key={letter.id} letter={letter} {...row} />
        ))}
      </table>
    </div>
  );
}

function Row({ letter, opened, open, retries, direction }: Omit<LetterTableProps, 'letters'> & { readonly letter: Letter }) {
  const { id, attempts, channel, whatWord } = letter;
  const wish = retries.wishOf(id);
  const openBeside = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest('a, button') === null) open(id);
  };
  return (
    <tbody>
      <tr className={id === opened ? 'letter is-open' : 'letter'} onClick={openBeside}>
        <td className="col-at">
          <Ago at={letter.at} />{' '}
          <small className="soft">
            <Moment at={letter.at} />
          </small>
        </td>
        <td className="col-direction">
          <DirectionMark letter={letter} />
        </td>
        <td className={channel === null ? 'col-shop is-none' : 'col-shop'}>
          <ShopName letter={letter} />
        </td>
        <td className="col-order">
          <Named letter={letter} />
        </td>
        <td className="col-what">{whatWord}</td>
        <td className="col-cause">
          <Cause letter={letter} open={open} direction={direction} />
        </td>
        <td className="col-attempts number">{attempts === 0 ? '—' : attempts}</td>
        <td className="col-next">
          <Act letter={letter} retries={retries} />
        </td>
      </tr>
      {wish?.state === 'failed' && (
        <tr className="error-row">
          <td colSpan={COLUMNS.length}>
            <RetryFailed error={wish.error} />
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** The cause opens the panel. */
function Cause({ letter: { id, why, code }, open, direction }: Pick<LetterTableProps, 'open' | 'direction'> & { readonly letter: Letter }) {
  const openBeside = (event: MouseEvent): void => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return; // a new tab is the person's wish
    event.preventDefault();
    open(id);
  };
  return (
    <>
      <Link to="/dead-letters" search={{ ...(direction === undefined ? {} : { direction }), open: id }} data-row={id} onClick={openBeside}>
        <span title={why}>{why}</span>
      </Link>
      {code !== null && <small className="soft mono"> {code}</small>}
    </>
  );
}
