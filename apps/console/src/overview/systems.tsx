import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { meQuery } from '../api/queries.ts';
import type { Endpoint, Source } from '../api/types.ts';
import { LateBy, StateMark } from '../channels/parts.tsx';
import { keyOf, type ShopRow } from '../channels/view-model.ts';
import { channelName } from '../shared/channel-name.ts';
import { useNow } from '../shared/clock.ts';
import { may, OPENS_ENDPOINT } from '../shared/may.ts';
import { Ago, Card, Mark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { endpointState, failureText, type SourceLag, sourceLag } from './view-model.ts';

/** Few create one: its form is fetched when it is asked for. */
const NewEndpointDialog = lazy(() => import('../endpoint/new-dialog.tsx').then((module) => ({ default: module.NewEndpointDialog })));

export interface SourcesCardProps {
  readonly sources: readonly Source[];
  /** How each connected shop stands, as the page of channels tells it. */
  readonly rows: readonly ShopRow[];
}
export function SourcesCard({ sources, rows }: SourcesCardProps) {
  const { t, language } = useWords();
  return (
    <Card title={t('overview.sources')}>
      {sources.length === 0 ? (
        <p className="soft padded">{t('overview.noSources')}</p>
      ) : (
        <div className="table-box" tabIndex={0} role="region" aria-label={t('overview.sources')}>
          <table className="table">
            <thead>
              <tr>
                <th>{t('overview.source')}</th>
                <th>{t('overview.state')}</th>
                <th>{t('overview.lastOrder')}</th>
                <th className="number">{t('overview.lag')}</th>
                <th className="number">{t('orders.today')}</th>
              </tr>
            </thead>
            <tbody>
              {sources.map((source) => (
                <SourceRow
                  key={keyOf(source)}
                  source={source}
                  row={rows.find(({ key }) => key === keyOf(source))}
                  channel={channelName(source.channel, language)}
                />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

interface SourceRowProps {
  readonly source: Source;
  readonly row: ShopRow | undefined;
  readonly channel: string;
}
function SourceRow({ source, row, channel }: SourceRowProps) {
  const { t } = useWords();
  const last = source.lastReceivedAt ?? source.lastPlacedAt ?? null;
  return (
    <tr>
      <td>
        {source.connected ? (
          <Link to="/channels" search={{ open: `${source.channel}/${source.shop}` }}>
            {channel} {source.name ?? source.shop}
          </Link>
        ) : (
          <>
            {channel} <span className="soft">{source.name ?? source.shop}</span>
          </>
        )}
      </td>
      <td>
        {row !== undefined && <StateMark row={row} />}
        {row === undefined && source.connected && <Mark tone="calm">● {t('overview.connected')}</Mark>}
        {!source.connected && <Mark tone="waiting">▲ {t('overview.notConnected')}</Mark>}
      </td>
      <td>{last === null ? '—' : <Ago at={last} />}</td>
      <td className="number" title={t('overview.lagHint')}>
        <Lag {...sourceLag(source.lagMs ?? null, row, useNow())} />
      </td>
      <td className="number">
        <Link to="/orders" search={{ channel: source.channel, shop: source.shop, since: 'today' }}>
          {source.today.toLocaleString('en')}
        </Link>
      </td>
    </tr>
  );
}

function Lag({ ms, isLate, isMoving }: SourceLag) {
  if (ms === null) return <>—</>;
  return isLate ? <LateBy ms={ms} isMoving={isMoving} /> : <>{(Math.max(0, ms) / 1_000).toFixed(1)} s</>;
}

export function EndpointsCard({ endpoints, workerHolds }: { readonly endpoints: readonly Endpoint[]; readonly workerHolds: boolean }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  return (
    <Card title={t('overview.endpoints')} extra={may(me, 'POST /v1/endpoints') && <NewEndpoint />}>
      {!workerHolds && <Alert type="warning" banner title={t('overview.workerIdle')} />}
      {endpoints.length === 0 ? (
        <p className="soft padded">{t('overview.noEndpoints')}</p>
      ) : (
        <ul className="endpoints">
          {endpoints.map((endpoint) => (
            <EndpointRow key={endpoint.id} endpoint={endpoint} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function NewEndpoint() {
  const { t } = useWords();
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <Button size="small" className="endpoint-new" onClick={() => setAsked(true)}>
        {t('endpoint.new')}
      </Button>
      {isAsked && (
        <Suspense fallback={null}>
          <NewEndpointDialog close={() => setAsked(false)} />
        </Suspense>
      )}
    </>
  );
}

function EndpointRow({ endpoint }: { readonly endpoint: Endpoint }) {
  const words = useWords();
  const { t } = words;
  const { data: me } = useQuery(meQuery);
  const { word, tone, shape } = endpointState(endpoint);
  return (
    <li>
      <div className="endpoint-line">
        {may(me, OPENS_ENDPOINT) ? (
          <Link to="/endpoints/$endpointId" params={{ endpointId: endpoint.id }} search={{}}>
            <b>{endpoint.name}</b>
          </Link>
        ) : (
          <b>{endpoint.name}</b>
        )}
        <Mark tone={tone}>
          {shape} {t(`endpoint.${word}`)}
        </Mark>
        <span className="spacer" />
        {endpoint.lag !== null && (
          <span className={endpoint.lag > 0 ? 'figure' : 'soft'}>
            {endpoint.lag > 0 ? t('overview.lagOf', { n: endpoint.lag.toLocaleString('en') }) : t('overview.noLag')}
          </span>
        )}
      </div>
      <div className="soft mono ellipsis" title={endpoint.url}>
        {endpoint.url}
      </div>
      {endpoint.parked > 0 && (
        <div className="tone-waiting">
          {t('overview.parkedOf', { n: endpoint.parked })}
          {endpoint.oldestParkedSince && (
            <>
              {' · '}
              <ParkedSince at={endpoint.oldestParkedSince} />
            </>
          )}
        </div>
      )}
      {(endpoint.mismatches ?? 0) > 0 && <div className="tone-bad">{t('overview.mismatchesOf', { n: endpoint.mismatches ?? 0 })}</div>}
      {endpoint.lastError && endpoint.state !== 'paused' && (endpoint.parked > 0 || endpoint.state === 'broken') && (
        <div className="tone-bad">{t('overview.lastError', { text: failureText(endpoint.lastError, words) })}</div>
      )}
    </li>
  );
}

function ParkedSince({ at }: { readonly at: string }) {
  const { t } = useWords();
  const [before, after] = t('overview.parkedSince', { ago: '\0' }).split('\0');
  return (
    <>
      {before}
      <Ago at={at} />
      {after}
    </>
  );
}
