/** Rail, top bar, page. */
import {
  ApiOutlined,
  AuditOutlined,
  DashboardOutlined,
  FileSearchOutlined,
  InboxOutlined,
  MenuFoldOutlined,
  MenuUnfoldOutlined,
  UnorderedListOutlined,
} from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { meQuery, overviewQuery } from '../api/queries.ts';
import { openStream } from '../api/stream.ts';
import type { Me } from '../api/types.ts';
import { may } from '../shared/may.ts';
import { Failed } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { PersonMenu } from './person-menu.tsx';
import { SearchBox } from './search-box.tsx';
import { useSessionEnded } from './session.ts';
import { LiveDot, Switches } from './top-bar.tsx';

/** Fetched when it is needed: the first load has no form in it. */
const LoginAgain = lazy(() => import('./login-again.tsx').then((module) => ({ default: module.LoginAgain })));
const FOLDED_AS = 'weir.rail';
/** A phone has room for five: dead letters are reached there from the overview's number and from the channels. */
const PLACES = [
  { to: '/', icon: <DashboardOutlined />, word: 'nav.overview', isExact: true },
  { to: '/orders', icon: <UnorderedListOutlined />, word: 'nav.orders', isExact: false },
  { to: '/reviews', icon: <AuditOutlined />, word: 'nav.reviews', isExact: false },
  { to: '/dead-letters', icon: <InboxOutlined />, word: 'nav.deadLetters', isExact: false, isWideOnly: true },
  { to: '/channels', icon: <ApiOutlined />, word: 'nav.channels', isExact: false, reads: 'GET /v1/shops' },
  { to: '/audit', icon: <FileSearchOutlined />, word: 'nav.audit', isExact: false, reads: 'GET /v1/audit' },
] as const;

export function Frame() {
  const { t } = useWords();
  const me = useQuery(meQuery);
  const [isFolded, setFolded] = useState(() => localStorage.getItem(FOLDED_AS) === 'folded');
  useEffect(openStream, []);
  useTitle();
  useSamePerson(me.data);
  const hasEnded = useSessionEnded();
  const fold = (): void => {
    localStorage.setItem(FOLDED_AS, isFolded ? 'open' : 'folded');
    setFolded(!isFolded);
  };
  return (
    <div className={isFolded ? 'frame folded' : 'frame'}>
      <a className="skip" href="#main">
        {t('app.skip')}
      </a>
      <nav className="rail" aria-label={t('nav.main')}>
        <div className="brand" aria-hidden="true">
          堰
        </div>
        {PLACES.filter((place) => !('reads' in place) || may(me.data, place.reads)).map(({ to, icon, word, isExact, ...place }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: isExact, includeSearch: false }}
            className={'isWideOnly' in place ? 'place wide-only' : 'place'}
            title={isFolded ? t(word) : undefined}
          >
            {icon}
            <span className="place-word">{t(word)}</span>
            {to === '/reviews' && <Waiting what="reviewsOpen" />}
            {to === '/dead-letters' && <Waiting what="deadLetters" />}
          </Link>
        ))}
        <button type="button" className="icon-button fold" onClick={fold} aria-label={t(isFolded ? 'nav.unfold' : 'nav.fold')}>
          {isFolded ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
        </button>
      </nav>
      <header className="top">
        <SearchBox />
        <div className="top-right">
          <LiveDot />
          <Switches />
          {me.data && <PersonMenu me={me.data} />}
        </div>
      </header>
      <main id="main" className="main" tabIndex={-1}>
        {me.error && me.data === undefined ? <Failed error={me.error} retry={() => void me.refetch()} /> : <Outlet />}
      </main>
      {hasEnded && me.data && (
        <Suspense>
          <LoginAgain was={me.data} />
        </Suspense>
      )}
    </div>
  );
}

/** Somebody else logged in from another window: nothing of the one before stays here. */
function useSamePerson(me: Me | undefined): void {
  const first = useRef<string>(undefined);
  useEffect(() => {
    first.current ??= me?.id;
    if (me !== undefined && me.id !== first.current) location.reload();
  }, [me]);
}

/** Several of these pages stand open side by side: their tabs say which is which. */
function useTitle(): void {
  const { t } = useWords();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const place = PLACES.findLast(({ to, isExact }) => (isExact ? path === to : path.startsWith(to)));
  const order = /^\/orders\/(.+)$/.exec(path)?.[1];
  const title = order ?? (place === undefined ? t('endpoint.title') : t(place.word));
  useEffect(() => {
    document.title = `${title} · ${t('app.name')} Weir`;
  }, [title, t]);
}

const BADGE_EVERY_MS = 30_000;

/** On every page; the overview's own faster asking goes on where it is shown. */
function Waiting({ what }: { readonly what: 'reviewsOpen' | 'deadLetters' }) {
  const { data } = useQuery({ ...overviewQuery, refetchInterval: BADGE_EVERY_MS, staleTime: BADGE_EVERY_MS });
  return data && data[what] > 0 ? <span className="badge">{data[what]}</span> : null;
}
