/** What waits at an endpoint, and what it says it holds otherwise. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { mismatchesQuery, parkedQuery } from '../api/queries.ts';
import type { Mismatch, ParkedOrder } from '../api/types.ts';
import { More } from '../shared/more.tsx';
import { Ago, Card, Mark, Moment } from '../shared/parts.tsx';
import { Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';

export function ParkedCard({ endpointId }: { readonly endpointId: string }) {
  const { t } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(parkedQuery(endpointId));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card title={t('endpoint.parked')}>
      <p className="soft padded">{t('endpoint.parkedLead')}</p>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={2} />)}
      {data && items.length === 0 && <p className="soft padded">{t('endpoint.noParked')}</p>}
      {items.length > 0 && (
        <Table label={t('endpoint.parked')} heads={[t('orders.title'), t('endpoint.since'), t('endpoint.why'), t('endpoint.next')]}>
          {items.map((item) => (
            <Parked key={item.subjectKey} item={item} />
          ))}
        </Table>
      )}
      {hasNextPage && <More isLoading={isFetchingNextPage} load={() => void fetchNextPage()} />}
    </Card>
  );
}

function Parked({ item: { subjectKey, fromVersion, since, tries, nextAt, why } }: { readonly item: ParkedOrder }) {
  const { t, language } = useWords();
  return (
    <tr>
      <OrderCell orderKey={subjectKey} version={fromVersion} />
      <td>
        <Ago at={since} />
      </td>
      <td>
        {why[language]} {tries > 0 && <span className="soft">{t('endpoint.attempt', { n: tries })}</span>}
      </td>
      <td>{nextAt === null ? <Mark tone="bad">■ {t('endpoint.triesOver')}</Mark> : <Moment at={nextAt} />}</td>
    </tr>
  );
}

export function MismatchesCard({ endpointId }: { readonly endpointId: string }) {
  const { t } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(mismatchesQuery(endpointId));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Card title={t('endpoint.mismatches')}>
      <p className="soft padded">{t('endpoint.mismatchesLead')}</p>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={2} />)}
      {data && items.length === 0 && <p className="soft padded">{t('endpoint.noMismatches')}</p>}
      {items.length > 0 && (
        <Table label={t('endpoint.mismatches')} heads={[t('orders.title'), t('endpoint.since'), t('endpoint.ours'), t('endpoint.theirs')]}>
          {items.map((item) => (
            <Differing key={item.subjectKey} item={item} />
          ))}
        </Table>
      )}
      {hasNextPage && <More isLoading={isFetchingNextPage} load={() => void fetchNextPage()} />}
    </Card>
  );
}

function Differing({ item: { subjectKey, version, since, ours, theirs } }: { readonly item: Mismatch }) {
  return (
    <tr>
      <OrderCell orderKey={subjectKey} version={version} />
      <td>
        <Ago at={since} />
      </td>
      <td className="mono">{ours}</td>
      <td className="mono">{theirs}</td>
    </tr>
  );
}

function OrderCell({ orderKey, version }: { readonly orderKey: string; readonly version: number }) {
  return (
    <td className="mono">
      <Link to="/orders/$orderKey" params={{ orderKey }}>
        {orderKey}
      </Link>{' '}
      <span className="soft">v{version}</span>
    </td>
  );
}

function Table({ label, heads, children }: { readonly label: string; readonly heads: readonly string[]; readonly children: ReactNode }) {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={label}>
      <table className="table">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head}>{head}</th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
