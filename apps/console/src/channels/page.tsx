/** Which shops are connected, whether they all flow, and what to do when one does not. */
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { meQuery } from '../api/queries.ts';
import { may } from '../shared/may.ts';
import { Copy } from '../shared/parts.tsx';
import { AsOf, Empty, Failed, Loading } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { type Asked, Dialogs } from './dialogs.tsx';
import { ShopDrawer } from './shop-drawer.tsx';
import { ShopTable } from './shop-table.tsx';
import { useShops } from './use-shops.ts';
import { type ShopRow, summaryOf } from './view-model.ts';

const route = getRouteApi('/inside/channels');
const TRY_IT = 'npx weir sandbox --connect';

export function ChannelsPage() {
  const { t } = useWords();
  const { open, show } = route.useSearch();
  const navigate = route.useNavigate();
  const [asked, ask] = useState<Asked | null>(null);
  const { data: me } = useQuery(meQuery);
  const shops = useShops();
  const { rows, error, at, retry, apps } = shops;
  const mayConnect = may(me, 'POST /v1/shops') && may(me, 'POST /v1/apps');
  const openShop = (key: string | null): void =>
    void navigate({
      search: ({ open: _, ...old }) => ({ ...old, ...(key === null ? {} : { open: key }) }),
      replace: true,
      resetScroll: false,
    });
  const connect = mayConnect ? () => ask({ what: 'connect' }) : null;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t('channels.title')}</h1>
        {rows && <AsOf at={at} error={error} />}
        <span className="spacer" />
        <Link to="/dead-letters" className="narrow-only">
          {t('dead.title')} ›
        </Link>
        {rows && rows.length > 0 && connect && (
          <Button type="primary" className="connect-shop" onClick={connect}>
            {t('channels.connect')}
          </Button>
        )}
      </div>
      <p className="soft lead">{t('channels.lead')}</p>
      {!rows && (error ? <Failed error={error} retry={retry} /> : <Loading />)}
      {rows?.length === 0 && <NothingYet connect={connect} />}
      {rows && rows.length > 0 && (
        <>
          <Tabs rows={rows} show={show} />
          <Rows rows={rows} show={show} opened={open} openShop={openShop} ask={ask} seesApps={apps !== null} />
          {apps === null && <p className="soft padded">{t('channels.onlyAdmin')}</p>}
        </>
      )}
      {rows && open !== undefined && (
        <ShopDrawer row={rows.find(({ key }) => key === open)} shops={shops} ask={ask} close={() => openShop(null)} />
      )}
      {asked && <Dialogs asked={asked} shops={shops} close={() => ask(null)} openShop={openShop} />}
    </div>
  );
}

function Tabs({ rows, show }: { readonly rows: readonly ShopRow[]; readonly show: string | undefined }) {
  const { t } = useWords();
  const { all, trouble } = summaryOf(rows);
  return (
    <nav className="tabs channel-tabs" aria-label={t('channels.title')}>
      <Link to="/channels" search={{}} className={show === 'trouble' ? 'tab' : 'tab is-on'}>
        {t('channels.all', { n: all })}
      </Link>
      <Link to="/channels" search={{ show: 'trouble' }} className={show === 'trouble' ? 'tab is-on' : 'tab'}>
        <span className={trouble > 0 ? 'tone-bad' : undefined}>{t('channels.trouble', { n: trouble })}</span>
      </Link>
    </nav>
  );
}

interface RowsProps {
  readonly rows: readonly ShopRow[];
  readonly show: string | undefined;
  readonly opened: string | undefined;
  readonly openShop: (key: string | null) => void;
  readonly ask: (asked: Asked) => void;
  readonly seesApps: boolean;
}
function Rows({ rows, show, opened, openShop, ask, seesApps }: RowsProps) {
  const { t } = useWords();
  const shown = show === 'trouble' ? rows.filter(({ troubles }) => troubles.length > 0) : rows;
  if (shown.length === 0) return <p className="all-right">✓ {t('channels.noTrouble')}</p>;
  return <ShopTable rows={shown} opened={opened} open={openShop} ask={ask} seesApps={seesApps} />;
}

function NothingYet({ connect }: { readonly connect: (() => void) | null }) {
  const { t } = useWords();
  return (
    <Empty>
      <p>{t('channels.empty')}</p>
      {connect === null ? (
        <p>{t('channels.emptyAsk')}</p>
      ) : (
        <>
          <Button type="primary" className="connect-shop" onClick={connect}>
            {t('channels.connect')}
          </Button>
          <p className="try-it">
            {t('channels.emptyTry')}{' '}
            <span>
              <code>{TRY_IT}</code>
              <Copy text={TRY_IT} />
            </span>
          </p>
        </>
      )}
    </Empty>
  );
}
