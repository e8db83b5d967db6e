/** Where is this order? One table; the filters stand in the address. */
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Button } from 'antd';
import { useMemo, useState } from 'react';
import { countQuery, isCut, ordersQuery } from '../api/queries.ts';
import { useChanges, useMissed } from '../api/stream.ts';
import { Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterOf, mayBelong, type OrderSearch } from './filters.ts';
import { ListTop } from './list-top.tsx';
import { type Told, toldOf, withTold } from './live-rows.ts';
import { NEW_LIMIT, NewOrdersBar } from './new-orders-bar.tsx';
import { OrderPanel } from './order-panel.tsx';
import { OrderTable } from './order-table.tsx';
import { usePhoneHits } from './phone-hits.ts';
import { ViewTabs } from './view-tabs.tsx';

const route = getRouteApi('/inside/orders');

export function OrdersPage() {
  const { t } = useWords();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { hits, forget } = usePhoneHits();
  const go = (next: OrderSearch): void => {
    forget();
    void navigate({ search: next });
  };
  const open = (orderKey: string | null): void => {
    const { open: _, ...rest } = search;
    void navigate({
      search: orderKey === null ? rest : { ...rest, open: orderKey },
      replace: search.open !== undefined,
      resetScroll: false,
    });
  };
  return (
    <div className={search.open === undefined ? 'page' : 'page with-panel'}>
      <div className="list-side">
        <h1 className="sr-only">{t('orders.title')}</h1>
        <ViewTabs search={search} go={go} isSearching={hits !== null} />
        <FilterBar search={search} go={go} phone={hits?.phone ?? null} forgetPhone={forget} />
        {hits === null ? (
          <OrderList key={questionOf(search)} search={search} open={open} />
        ) : (
          <>
            {hits.hasMore && <p className="soft padded">{t('orders.phoneMore', { n: hits.items.length })}</p>}
            <OrderTable items={hits.items} opened={search.open} open={open} />
          </>
        )}
      </div>
      {search.open !== undefined && <OrderPanel key={search.open} orderKey={search.open} close={() => open(null)} />}
    </div>
  );
}

/** Its own list for each question: what was gathered for another one does not carry over. */
function OrderList({ search, open }: { readonly search: OrderSearch; readonly open: (orderKey: string | null) => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const question = questionOf(search);
  // A span is measured when it is chosen, so that the same rows stay the same question meanwhile.
  const [chosenAt] = useState(() => Date.now());
  const filter = useMemo(() => filterOf(JSON.parse(question) as OrderSearch, chosenAt), [question, chosenAt]);
  const query = ordersQuery(filter);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetching, isFetchingNextPage } = useInfiniteQuery(query);
  const [news, setNews] = useState<ReadonlySet<string>>(new Set());
  const [told, setTold] = useState<Told>(new Map());
  const [hasMissed, setMissed] = useState(false);
  const rows = data?.pages.flatMap((page) => page.items) ?? [];
  useChanges((items) => {
    const shown = new Set(rows.map(({ orderKey }) => orderKey));
    const come = items.filter((item) => mayBelong(item, search) && !shown.has(item.orderKey)).map(({ orderKey }) => orderKey);
    if (come.length > 0) setNews(new Set([...news, ...come].slice(0, NEW_LIMIT + 1)));
    // Beside what was asked for and not into it: a hint makes no answer newer, and takes no fault away.
    setTold(toldOf(told, data?.pages ?? [], items));
  });
  useMissed(() => setMissed(true));
  const reload = async (): Promise<void> => {
    // From the first page on; what is shown stays until the answer is there, and stays (marked) if there is none.
    client.setQueryData(query.queryKey, (old) =>
      old === undefined ? old : { pages: old.pages.slice(0, 1), pageParams: old.pageParams.slice(0, 1) },
    );
    void client.invalidateQueries({ queryKey: countQuery(filter).queryKey });
    const { isSuccess } = await refetch();
    if (!isSuccess) return;
    setNews(new Set());
    setTold(new Map());
    setMissed(false);
  };
  if (data === undefined) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading rows={14} />;
  const items = withTold(rows, told);
  const isAtLimit = isCut(data.pages);
  return (
    <>
      <ListTop
        filter={filter}
        loaded={items.length}
        isAll={!hasNextPage && !isAtLimit}
        isAtLimit={isAtLimit}
        at={Math.min(...data.pages.map(({ fetchedAt }) => fetchedAt))}
        isOld={hasMissed}
        error={error}
        isReloading={isFetching && !isFetchingNextPage}
        reload={() => void reload()}
      />
      {error && <Failed error={error} retry={() => void (isFetchingNextPage ? fetchNextPage() : refetch())} />}
      <NewOrdersBar
        count={news.size}
        isOfStatus={search.status !== undefined || search.held !== undefined}
        hasMissed={hasMissed}
        load={() => void reload()}
      />
      {items.length === 0 ? (
        <Empty>{t(question === '{}' ? 'orders.emptyAll' : 'orders.empty')}</Empty>
      ) : (
        <OrderTable items={items} opened={search.open} open={open} />
      )}
      {hasNextPage && (
        <div className="list-foot">
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
            {t('do.more')}
          </Button>
        </div>
      )}
    </>
  );
}

function questionOf({ open: _, ...asked }: OrderSearch): string {
  return JSON.stringify(asked);
}
