/** Everything about one order; the same on its own page and in the list's side panel. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { orderQuery } from '../api/queries.ts';
import { useChanges } from '../api/stream.ts';
import { isMissing } from '../shared/sentence.ts';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { HoldsCard } from './holds-card.tsx';
import { KnowledgeCard } from './knowledge-card.tsx';
import { LinesCard } from './lines-card.tsx';
import { MoneyCard } from './money-card.tsx';
import { OrderHead } from './order-head.tsx';
import type { Contexts } from './person.ts';
import { PersonCard } from './person-card.tsx';
import { RefundsCard, ShipmentsCard, WarningsCard } from './parcels-cards.tsx';
import { TimelineCard } from './timeline-card.tsx';

export function OrderView({ orderKey }: { readonly orderKey: string }) {
  const client = useQueryClient();
  const [contexts, setContexts] = useState<Contexts | null>(null);
  const { data: order, error, refetch, dataUpdatedAt } = useQuery(orderQuery(orderKey));
  useChanges((items) => {
    const newest = Math.max(0, ...items.filter((item) => item.orderKey === orderKey).map(({ version }) => version));
    if (order !== undefined && newest > order.version) void client.invalidateQueries({ queryKey: ['order', orderKey] });
  });
  if (order === undefined)
    return (
      <>
        <h1 className="mono">{orderKey}</h1>
        <NotThere error={error} retry={() => void refetch()} />
      </>
    );
  return (
    <article className="order">
      <OrderHead order={order} asOf={<AsOf at={dataUpdatedAt} error={error} />} />
      <div className="order-columns">
        <div className="order-main">
          <LinesCard order={order} />
          <TimelineCard orderKey={orderKey} contexts={contexts} />
        </div>
        <div className="order-side">
          {order.holds.length > 0 && <HoldsCard order={order} />}
          <MoneyCard order={order} />
          <PersonCard order={order} open={setContexts} />
          <ShipmentsCard order={order} />
          <RefundsCard order={order} />
          <KnowledgeCard orderKey={orderKey} />
          {order.holds.length === 0 && <HoldsCard order={order} />}
          <WarningsCard order={order} />
        </div>
      </div>
    </article>
  );
}

function NotThere({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useWords();
  if (isMissing(error)) return <Empty>{t('order.missing')}</Empty>;
  return error ? <Failed error={error} retry={retry} /> : <Loading />;
}
