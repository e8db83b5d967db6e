import { ReloadOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { countQuery } from '../api/queries.ts';
import { AsOf } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';

export interface ListTopProps {
  readonly filter: Readonly<Record<string, string>>;
  readonly loaded: number;
  /** There is no further page: what is loaded is all there is. */
  readonly isAll: boolean;
  /** More than this list loads at all. */
  readonly isAtLimit: boolean;
  readonly at: number;
  readonly isOld: boolean;
  readonly error: unknown;
  readonly isReloading: boolean;
  readonly reload: () => void;
}

/** How many there are, of when, and the way to look again. */
export function ListTop({ filter, loaded, isAll, isAtLimit, at, isOld, error, isReloading, reload }: ListTopProps) {
  const { t } = useWords();
  const { data: total } = useQuery(countQuery(filter));
  const n = (total?.count ?? loaded).toLocaleString('en');
  const isKnown = total !== undefined || isAll;
  const word = !isKnown ? 'orders.loaded' : total?.isExact === false ? 'orders.countMany' : 'orders.count';
  return (
    <div className="list-top">
      {loaded > 0 && (
        <span>
          <b className="list-count">{t(word, { n })}</b>
          {isAtLimit && <span className="soft"> {t('orders.tooMany', { n: loaded.toLocaleString('en') })}</span>}
        </span>
      )}
      <AsOf at={at} error={error} isOld={isOld} />
      <button type="button" className="text-button" disabled={isReloading} onClick={reload}>
        <ReloadOutlined aria-hidden="true" spin={isReloading} /> {t('do.refresh')}
      </button>
      <span className="soft keys">{t('orders.keys')}</span>
    </div>
  );
}
