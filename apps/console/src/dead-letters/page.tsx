/** What did our tries end with, what does it mean for the order, and what is to be done? */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { deadLettersQuery, isCut, shopsQuery } from '../api/queries.ts';
import { CutAt, More } from '../shared/more.tsx';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { type Direction, DIRECTIONS } from './filters.ts';
import { LetterDrawer } from './letter-drawer.tsx';
import { LetterTable } from './letter-table.tsx';
import { useRetries } from './use-retries.ts';
import { letterOf } from './view-model.ts';

const route = getRouteApi('/inside/dead-letters');
const EMPTY = { all: 'dead.empty', out: 'dead.emptyOut', in: 'dead.emptyIn' } as const;

export function DeadLettersPage() {
  const words = useWords();
  const { t } = words;
  const { direction, open } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, dataUpdatedAt } = useInfiniteQuery(
    deadLettersQuery(direction === undefined ? {} : { direction }),
  );
  const { data: shops } = useQuery({ ...shopsQuery, refetchInterval: false });
  const retries = useRetries(dataUpdatedAt);
  const letters = data?.pages.flatMap(({ items }) => items.map((item) => letterOf(item, shops?.items ?? [], words)));
  const show = (id: string | null): void =>
    void navigate({
      search: ({ open: _, ...old }) => ({ ...old, ...(id === null ? {} : { open: id }) }),
      replace: true,
      resetScroll: false,
    });
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('dead.title')}</h1>
        {letters && <AsOf at={dataUpdatedAt} error={error} />}
      </div>
      <p className="soft lead">{t('dead.lead')}</p>
      <Tabs chosen={direction} />
      {!letters && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {letters?.length === 0 && <Empty>{t(EMPTY[direction ?? 'all'])}</Empty>}
      {letters && letters.length > 0 && (
        <section className="card">
          <LetterTable letters={letters} direction={direction} opened={open} open={show} retries={retries} />
          {isCut(data?.pages) && <CutAt n={letters.length} />}
          {hasNextPage && <More isLoading={isFetchingNextPage} load={() => void fetchNextPage()} />}
        </section>
      )}
      {letters && open !== undefined && (
        <LetterDrawer letter={letters.find(({ id }) => id === open)} retries={retries} close={() => show(null)} />
      )}
    </div>
  );
}

function Tabs({ chosen }: { readonly chosen: Direction | undefined }) {
  const { t } = useWords();
  return (
    <nav className="tabs letter-tabs" aria-label={t('dead.direction')}>
      {([undefined, ...DIRECTIONS] as const).map((direction) => (
        <Link
          key={direction ?? 'all'}
          to="/dead-letters"
          search={direction === undefined ? {} : { direction }}
          className={direction === chosen ? 'tab is-on' : 'tab'}
          aria-current={direction === chosen ? 'page' : undefined}
        >
          {t(`dead.${direction ?? 'all'}`)}
        </Link>
      ))}
    </nav>
  );
}
