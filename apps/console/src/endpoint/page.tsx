/** One endpoint: how it stands, what was delivered to it, and sending it again. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { meQuery, overviewQuery } from '../api/queries.ts';
import type { Endpoint } from '../api/types.ts';
import { endpointState } from '../overview/view-model.ts';
import { may } from '../shared/may.ts';
import { Mark, Moment } from '../shared/parts.tsx';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { EndpointActs } from './acts.tsx';
import { DeliveriesCard } from './deliveries.tsx';
import { DeliveryDrawer } from './delivery-drawer.tsx';
import { ReplaysCard } from './replays.tsx';
import { MismatchesCard, ParkedCard } from './waiting.tsx';

const route = getRouteApi('/inside/endpoints/$endpointId');

export function EndpointPage() {
  const { t } = useWords();
  const { endpointId } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, dataUpdatedAt } = useQuery(overviewQuery);
  const { data: me } = useQuery(meQuery);
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
          <SecretsLine endpoint={endpoint} />
          <EndpointActs endpoint={endpoint} />
          {endpoint.parked > 0 && may(me, 'GET /v1/endpoints/{id}/parked') && <ParkedCard endpointId={endpointId} />}
          {(endpoint.mismatches ?? 0) > 0 && may(me, 'GET /v1/endpoints/{id}/mismatches') && <MismatchesCard endpointId={endpointId} />}
          <ReplaysCard endpoint={endpoint} />
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

/** Only while a secret before is live. */
function SecretsLine({ endpoint: { oldSecretUntil, liveSecrets = 1 } }: { readonly endpoint: Endpoint }) {
  const { t } = useWords();
  if (!oldSecretUntil) return null;
  return (
    <p className="soft">
      {t('endpoint.oldUntil', { n: liveSecrets })} <Moment at={oldSecretUntil} />
    </p>
  );
}
