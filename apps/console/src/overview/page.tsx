/** What must I do now? */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { overviewQuery } from '../api/queries.ts';
import { useChanges } from '../api/stream.ts';
import { AsOf, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { useShops } from '../channels/use-shops.ts';
import { AwayCard } from './away-card.tsx';
import { HoursCard } from './hours-card.tsx';
import { EndpointsCard, SourcesCard } from './systems.tsx';
import { StatusCard, TodoCard } from './todo.tsx';

/** Live changes refresh the figures at most this often. */
const REFRESH_MS = 3_000;

export function OverviewPage() {
  const { t } = useWords();
  const client = useQueryClient();
  const overview = useQuery(overviewQuery);
  const shops = useShops();
  const asked = useRef(0);
  useChanges(() => {
    if (Date.now() - asked.current < REFRESH_MS) return;
    asked.current = Date.now();
    void client.invalidateQueries({ queryKey: overviewQuery.queryKey });
  });
  const { data, error, dataUpdatedAt, refetch } = overview;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('overview.title')}</h1>
        {data && <AsOf at={Math.min(Date.parse(data.asOf) || dataUpdatedAt, dataUpdatedAt)} error={error} />}
      </div>
      {!data && error && <Failed error={error} retry={() => void refetch()} />}
      {!data && !error && <Loading />}
      {data?.away && (
        <div className="away">
          <AwayCard away={data.away} />
        </div>
      )}
      {data && (
        <div className="overview">
          <TodoCard overview={data} shops={shops} />
          <HoursCard overview={data} />
          <StatusCard overview={data} />
          <SourcesCard sources={data.sources} rows={shops.rows ?? []} />
          <EndpointsCard endpoints={data.endpoints} workerHolds={data.worker.holds} />
        </div>
      )}
    </div>
  );
}
