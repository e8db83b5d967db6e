/** Messages that a machine must not accept for a person. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useEffect } from 'react';
import { isCut, reviewQuery, reviewsQuery } from '../api/queries.ts';
import type { ReviewCase } from '../api/types.ts';
import { channelName } from '../shared/channel-name.ts';
import { isTyping } from '../shared/keyboard.ts';
import { CutAt } from '../shared/more.tsx';
import { Ago, Mark } from '../shared/parts.tsx';
import { isMissing } from '../shared/sentence.ts';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { stepTo } from '../orders/live-rows.ts';
import { useWords } from '../words/context.tsx';
import { Causes } from './causes.tsx';
import { nextCase } from './next-case.ts';
import { ReviewDetail } from './review-detail.tsx';

const route = getRouteApi('/inside/reviews');
const STATES = ['open', 'causes', 'any'] as const;

export function ReviewsPage() {
  const { t } = useWords();
  const { state = 'open', open, reason, channel } = route.useSearch();
  const filter = { state: state === 'causes' ? 'open' : state, ...(reason ? { reason } : {}), ...(channel ? { channel } : {}) };
  const navigate = route.useNavigate();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage, dataUpdatedAt } = useInfiniteQuery(reviewsQuery(filter));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const listed = open === undefined ? items[0] : items.find(({ id }) => id === open);
  // A link may lead to a case of another page of the list, or to one that is closed by now.
  const alone = useQuery({ ...reviewQuery(open ?? ''), enabled: open !== undefined && data !== undefined && listed === undefined });
  const chosen = listed ?? alone.data;
  const choose = (id: string): void => {
    void navigate({ search: (old) => ({ ...old, open: id }), replace: true, resetScroll: false });
  };
  const goOn = (decided: string): void => {
    const next = nextCase(
      items.map(({ id }) => id),
      decided,
    );
    void navigate({
      search: ({ open: _, ...old }) => ({ ...old, ...(next === null ? {} : { open: next }) }),
      replace: true,
      resetScroll: false,
    });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if ((event.key !== 'j' && event.key !== 'k') || isTyping(event)) return;
      const next =
        items[
          stepTo(
            items.findIndex(({ id }) => id === chosen?.id),
            event.key === 'j' ? 1 : -1,
            items.length,
          )
        ];
      if (next !== undefined) choose(next.id);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  });
  const list = (
    <>
      {!data && (error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />)}
      {data && items.length === 0 && open === undefined && <Empty>{t(state === 'open' ? 'reviews.empty' : 'reviews.emptyClosed')}</Empty>}
      {data && (items.length > 0 || open !== undefined) && (
        <div className={open === undefined ? 'reviews' : 'reviews has-chosen'}>
          <ul className="review-list">
            {items.map((item) => (
              <li key={item.id}>
                <ReviewRow item={item} isChosen={item.id === chosen?.id} choose={choose} />
              </li>
            ))}
            {isCut(data.pages) && (
              <li>
                <CutAt n={items.length} />
              </li>
            )}
            {hasNextPage && (
              <li className="more">
                <Button block loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
                  {t('do.more')}
                </Button>
              </li>
            )}
          </ul>
          {chosen !== undefined && <ReviewDetail key={chosen.id} item={chosen} onDecided={() => goOn(chosen.id)} />}
          {chosen === undefined && <NotListed error={alone.error} retry={() => void alone.refetch()} isLoading={alone.isLoading} />}
        </div>
      )}
    </>
  );
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('reviews.title')}</h1>
        {data && <AsOf at={dataUpdatedAt} error={error} />}
      </div>
      <p className="soft lead">{t('reviews.lead')}</p>
      <nav className="tabs" aria-label={t('reviews.title')}>
        {STATES.map((each) => (
          <Link
            key={each}
            to="/reviews"
            search={each === 'open' ? {} : { state: each }}
            className={state === each ? 'tab is-on' : 'tab'}
            aria-current={state === each ? 'page' : undefined}
          >
            {t(`reviews.${each}`)}
          </Link>
        ))}
      </nav>
      {reason !== undefined && (
        <p className="line">
          <code>{reason}</code>
          <Link to="/reviews" search={{}} aria-label={t('bulk.clear')}>
            ✕ {t('bulk.clear')}
          </Link>
        </p>
      )}
      {state === 'causes' ? <Causes /> : list}
    </div>
  );
}

function NotListed({ error, retry, isLoading }: { readonly error: unknown; readonly retry: () => void; readonly isLoading: boolean }) {
  const { t } = useWords();
  if (isMissing(error)) return <Empty>{t('reviews.missing')}</Empty>;
  if (error) return <Failed error={error} retry={retry} />;
  return isLoading ? <Loading /> : <Empty>{t('reviews.pick')}</Empty>;
}

function ReviewRow({
  item,
  isChosen,
  choose,
}: {
  readonly item: ReviewCase;
  readonly isChosen: boolean;
  readonly choose: (id: string) => void;
}) {
  const { t, name, language } = useWords();
  const [first] = item.problems;
  return (
    <button
      type="button"
      className={isChosen ? 'review-row is-chosen' : 'review-row'}
      aria-current={isChosen ? 'true' : undefined}
      onClick={() => choose(item.id)}
    >
      <span className="line">
        <span className="mono">{item.orderKey ?? t('reviews.unrouted')}</span>
        {item.state !== 'open' && <Mark tone="calm">{name('reviewState', item.state)}</Mark>}
        <span className="spacer" />
        <Ago at={item.openedAt} />
      </span>
      <span className="ellipsis">{first === undefined ? '' : language === 'zh' ? first.zh : first.en}</span>
      <span className="soft">
        {channelName(item.channel, language)} {item.shop} · {t('reviews.problems', { n: item.problems.length })}
      </span>
    </button>
  );
}
