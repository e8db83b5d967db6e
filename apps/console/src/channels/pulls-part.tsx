import { Ago, Moment } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { feedWord, Part } from './parts.tsx';
import type { ShopRow } from './view-model.ts';

/** Each list of the shop: behind which time all is here, and when it was last walked and swept. */
export function PullsPart({ row: { pulls } }: { readonly row: ShopRow }) {
  const { t } = useWords();
  return (
    <Part title={t('channels.pulls')}>
      {pulls.length === 0 ? (
        <p className="soft">{t('channels.pullsNone')}</p>
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label={t('channels.pulls')}>
          <table className="table">
            <thead>
              <tr>
                {(['feed', 'cursor', 'ran', 'rows', 'swept'] as const).map((column) => (
                  <th key={column} className={column === 'rows' ? 'number' : undefined}>
                    {t(`channels.${column}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {pulls.map(({ feed, cursor, ranAt, lastRows, sweptAt }) => (
                <tr key={feed}>
                  <td>{t(feedWord(feed))}</td>
                  <td>
                    <Moment at={cursor} />
                  </td>
                  <td>{ranAt === null ? t('channels.never') : <Ago at={ranAt} />}</td>
                  <td className="number">{lastRows?.toLocaleString('en') ?? '—'}</td>
                  <td>{sweptAt === null ? '—' : <Ago at={sweptAt} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Part>
  );
}
