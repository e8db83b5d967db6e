import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import type { Backfill } from '../api/channel-types.ts';
import { backfillsQuery, meQuery } from '../api/queries.ts';
import { may } from '../shared/may.ts';
import { Ago, Mark } from '../shared/parts.tsx';
import { AsOf, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import type { Asked } from './dialogs.tsx';
import { Part } from './parts.tsx';
import { keyOf, rangeText, type ShopRow } from './view-model.ts';

/** Older ones are in the audit. */
const SHOWN = 5;

export interface BackfillsPartProps {
  readonly row: ShopRow;
  readonly days: number;
  readonly ask: (asked: Asked) => void;
}

export function BackfillsPart({ row, days, ask }: BackfillsPartProps) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch, dataUpdatedAt } = useQuery(backfillsQuery);
  const own = data?.items.filter((each) => keyOf(each) === row.key).slice(0, SHOWN) ?? [];
  const mayStart = may(me, 'POST /v1/shops/{channel}/{shop}:backfill');
  return (
    <Part
      title={t('channels.backfills')}
      extra={
        mayStart && (
          <Button size="small" className="backfill-new" onClick={() => ask({ what: 'backfill', key: row.key })}>
            {t('channels.backfillNew')}
          </Button>
        )
      }
    >
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={2} />)}
      {data && error && <AsOf at={dataUpdatedAt} error={error} />}
      {data && own.length === 0 && (
        <p className="soft">
          {t('channels.backfillsNone')} {t('channels.backfillDays', { n: days })}
        </p>
      )}
      <ul className="backfills">
        {own.map((backfill) => (
          <Row key={backfill.id} backfill={backfill} />
        ))}
      </ul>
    </Part>
  );
}

function Row({ backfill: { from, to, progress, orders, lastError, askedBy, askedAt, finishedAt } }: { readonly backfill: Backfill }) {
  const { t } = useWords();
  const isDone = finishedAt !== null;
  return (
    <li>
      <div className="line">
        <Mark tone={isDone ? 'calm' : 'moving'}>{isDone ? `● ${t('channels.backfillDone')}` : `▶ ${progress}%`}</Mark>
        <span>{rangeText(from, to)}</span>
        <span className="figure">{t('channels.backfillOf', { n: orders.toLocaleString('en') })}</span>
        <span className="spacer" />
        <span className="soft">
          {t('channels.backfillBy', { name: askedBy })} <Ago at={askedAt} />
        </span>
      </div>
      {!isDone && <progress value={progress} max={100} aria-label={t('channels.backfillRunning')} />}
      {lastError !== null && <p className="tone-waiting">{t('channels.theirWords', { text: lastError })}</p>}
    </li>
  );
}
