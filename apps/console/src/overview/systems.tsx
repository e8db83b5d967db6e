import { Link } from '@tanstack/react-router';
import { Alert } from 'antd';
import type { Endpoint, Source } from '../api/types.ts';
import { channelName } from '../shared/channel-name.ts';
import { Ago, Card, Mark } from '../shared/parts.tsx';
import { spanText } from '../shared/time.ts';
import { useWords } from '../words/context.tsx';
import { endpointState } from './view-model.ts';

export function SourcesCard({ sources }: { readonly sources: readonly Source[] }) {
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
                <SourceRow key={`${source.channel}/${source.shop}`} source={source} channel={channelName(source.channel, language)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

function SourceRow({ source, channel }: { readonly source: Source; readonly channel: string }) {
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
        {source.connected ? (
          <Mark tone="calm">● {t('overview.connected')}</Mark>
        ) : (
          <Mark tone="waiting">▲ {t('overview.notConnected')}</Mark>
        )}
      </td>
      <td>{last === null ? '—' : <Ago at={last} />}</td>
      <td className="number" title={t('overview.lagHint')}>
        <Lag ms={source.lagMs ?? null} />
      </td>
      <td className="number">
        <Link to="/orders" search={{ channel: source.channel, shop: source.shop, since: 'today' }}>
          {source.today.toLocaleString('en')}
        </Link>
      </td>
    </tr>
  );
}

/** Later than this somebody should look at the source. */
const LATE_MS = 60_000;

function Lag({ ms }: { readonly ms: number | null }) {
  if (ms === null) return <>—</>;
  return ms > LATE_MS ? <span className="tone-waiting">▲ {spanText(ms)}</span> : <>{(Math.max(0, ms) / 1_000).toFixed(1)} s</>;
}

export function EndpointsCard({ endpoints, workerHolds }: { readonly endpoints: readonly Endpoint[]; readonly workerHolds: boolean }) {
  const { t } = useWords();
  return (
    <Card title={t('overview.endpoints')}>
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

function EndpointRow({ endpoint }: { readonly endpoint: Endpoint }) {
  const { t } = useWords();
  const { word, tone, shape } = endpointState(endpoint);
  return (
    <li>
      <div className="endpoint-line">
        <Link to="/endpoints/$endpointId" params={{ endpointId: endpoint.id }} search={{}}>
          <b>{endpoint.name}</b>
        </Link>
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
        <div className="tone-bad">{t('overview.lastError', { text: endpoint.lastError })}</div>
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
