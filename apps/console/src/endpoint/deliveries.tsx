import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { deliveriesQuery } from '../api/queries.ts';
import type { Delivery } from '../api/types.ts';
import { Card, Mark, Moment } from '../shared/parts.tsx';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { useEventWord } from './event-word.ts';

export interface DeliverySearch {
  readonly outcome?: string;
  readonly orderKey?: string;
  readonly open?: string;
}
export interface DeliveriesCardProps {
  readonly endpointId: string;
  readonly filter: Omit<DeliverySearch, 'open'>;
  readonly open: string | undefined;
  readonly go: (search: DeliverySearch) => void;
}
const OUTCOMES = [undefined, 'delivered', 'failed'] as const;

export function DeliveriesCard({ endpointId, filter, open, go }: DeliveriesCardProps) {
  const { t } = useWords();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetching, isFetchingNextPage } = useInfiniteQuery(
    deliveriesQuery(endpointId, filter),
  );
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = filter.outcome !== undefined || filter.orderKey !== undefined;
  return (
    <Card
      title={t('endpoint.deliveries')}
      extra={
        <Button size="small" loading={isFetching && !isFetchingNextPage} onClick={() => void refetch()}>
          {t('do.refresh')}
        </Button>
      }
    >
      <p className="soft padded">{t('endpoint.deliveriesLead')}</p>
      <Filters filter={filter} go={go} />
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {data && items.length === 0 && (
        <Empty>{t(hasNextPage ? 'endpoint.goOn' : isFiltered ? 'endpoint.noneMatch' : 'endpoint.noDeliveries')}</Empty>
      )}
      {items.length > 0 && <Rows items={items} open={open} choose={(id) => go({ ...filter, open: id })} />}
      {hasNextPage && (
        <Button block loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('do.more')}
        </Button>
      )}
    </Card>
  );
}

function Filters({ filter, go }: Pick<DeliveriesCardProps, 'filter' | 'go'>) {
  const { t } = useWords();
  const [order, setOrder] = useState(filter.orderKey ?? '');
  const { outcome: _, ...rest } = filter;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const { orderKey: __, ...others } = filter;
    go(order.trim() === '' ? others : { ...others, orderKey: order.trim() });
  };
  return (
    <div className="delivery-filters">
      <nav className="tabs" aria-label={t('endpoint.deliveries')}>
        {OUTCOMES.map((outcome) => (
          <button
            key={outcome ?? 'any'}
            type="button"
            className={filter.outcome === outcome ? 'tab is-on' : 'tab'}
            aria-pressed={filter.outcome === outcome}
            onClick={() => go(outcome === undefined ? rest : { ...rest, outcome })}
          >
            {t(outcome === undefined ? 'endpoint.any' : `endpoint.${outcome}`)}
          </button>
        ))}
      </nav>
      <form onSubmit={submit}>
        <Input
          className="text-input mono"
          size="small"
          allowClear
          value={order}
          aria-label={t('endpoint.order')}
          placeholder={t('endpoint.order')}
          onChange={(event) => setOrder(event.target.value)}
        />
      </form>
    </div>
  );
}

interface RowsProps {
  readonly items: readonly Delivery[];
  readonly open: string | undefined;
  readonly choose: (id: string) => void;
}
function Rows({ items, open, choose }: RowsProps) {
  const { t } = useWords();
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label={t('endpoint.deliveries')}>
      <table className="table">
        <thead>
          <tr>
            <th>{t('endpoint.at')}</th>
            <th>{t('orders.title')}</th>
            <th>{t('endpoint.what')}</th>
            <th>{t('endpoint.answer')}</th>
            <th className="number">{t('endpoint.took')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <Row key={item.id} item={item} isOpen={item.id === open} choose={choose} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ item, isOpen, choose }: { readonly item: Delivery; readonly isOpen: boolean; readonly choose: (id: string) => void }) {
  const { t } = useWords();
  const eventWord = useEventWord();
  return (
    <tr className={isOpen ? 'is-chosen' : undefined}>
      <td>
        <button type="button" className="text-button" aria-expanded={isOpen} onClick={() => choose(item.id)}>
          <Moment at={item.at} />
        </button>
      </td>
      <td className="mono">
        {item.subjectKey === null ? (
          '—'
        ) : (
          <Link to="/orders/$orderKey" params={{ orderKey: item.subjectKey }}>
            {item.subjectKey}
          </Link>
        )}{' '}
        <span className="soft">v{item.version}</span>
      </td>
      <td>{eventWord(item)}</td>
      <td>
        <AnswerMark item={item} /> {item.attempt > 1 && <span className="soft">{t('endpoint.attempt', { n: item.attempt })}</span>}
      </td>
      <td className="number">{item.durationMs.toLocaleString('en')} ms</td>
    </tr>
  );
}

export function AnswerMark({ item }: { readonly item: Delivery }) {
  const { t } = useWords();
  if (item.outcome === 'delivered') return <Mark tone="calm">● {item.status}</Mark>;
  return (
    <Mark tone="bad">
      ✕ {t('endpoint.failed')} {item.status ?? item.error}
    </Mark>
  );
}
