/** One endpoint: how it stands, what was delivered to it, and sending it again. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { overviewQuery } from '../api/queries.ts';
import type { Endpoint } from '../api/types.ts';
import { endpointState } from '../overview/view-model.ts';
import { Mark } from '../shared/parts.tsx';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { DeliveriesCard } from './deliveries.tsx';
import { DeliveryDrawer } from './delivery-drawer.tsx';
import { ReplaysCard } from './replays.tsx';

const route = getRouteApi('/inside/endpoints/$endpointId');

export function EndpointPage() {
  const { t } = useWords();
  const { endpointId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, dataUpdatedAt } = useQuery(overviewQuery);
  const endpoint = data?.endpoints.find(({ id }) => id === endpointId);
  const go = (next: typeof search): void => void navigate({ search: next, replace: true, resetScroll: false });
  const { open, ...filter } = search;
  return (
    <div className="page endpoint-page">
      <div className="page-head">
        <h1>{endpoint?.name ?? t('endpoint.title')}</h1>
        {endpoint && <StateMark endpoint={endpoint} />}
        {data && <AsOf at={dataUpdatedAt} error={error} />}
      </div>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {data && endpoint === undefined && <Empty>{t('endpoint.none')}</Empty>}
      {endpoint && (
        <>
          <p className="soft mono ellipsis lead" title={endpoint.url}>
            {endpoint.url}
          </p>
          <ReplaysCard endpointId={endpointId} />
          <DeliveriesCard endpointId={endpointId} filter={filter} open={open} go={go} />
          {open !== undefined && <DeliveryDrawer endpointId={endpointId} id={open} close={() => go(filter)} />}
        </>
      )}
    </div>
  );
}

function StateMark({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useWords();
  const { word, tone, shape } = endpointState(endpoint);
  return (
    <Mark tone={tone}>
      {shape} {t(`endpoint.${word}`)}
    </Mark>
  );
}
