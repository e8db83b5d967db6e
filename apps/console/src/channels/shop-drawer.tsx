/** One shop: what is wrong, its app, how far its lists were walked, back-fills, consent, the seller's note. */
import { useQuery } from '@tanstack/react-query';
import { Button, Drawer } from 'antd';
import { meQuery } from '../api/queries.ts';
import { channelName } from '../shared/channel-name.ts';
import { may } from '../shared/may.ts';
import { Empty } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { AppPart } from './app-part.tsx';
import { BackfillsPart } from './backfills-part.tsx';
import { ConsentPart } from './consent-part.tsx';
import type { Asked } from './dialogs.tsx';
import { NotePart } from './note-part.tsx';
import { StateMark } from './parts.tsx';
import { PullsPart } from './pulls-part.tsx';
import { Troubles } from './troubles.tsx';
import type { Shops } from './use-shops.ts';
import type { ShopRow } from './view-model.ts';

const WIDTH = 'min(600px, 100vw)';

export interface ShopDrawerProps {
  /** Undefined when there is none of that name among those that this person may see. */
  readonly row: ShopRow | undefined;
  readonly shops: Shops;
  readonly ask: (asked: Asked) => void;
  readonly close: () => void;
}

export function ShopDrawer({ row, shops, ask, close }: ShopDrawerProps) {
  const { t, language } = useWords();
  const title = row === undefined ? t('channels.title') : `${channelName(row.shop.channel, language)} · ${row.shop.name}`;
  return (
    <Drawer open size={WIDTH} onClose={close} title={title} className="shop-drawer">
      {row === undefined ? <Empty>{t('channels.none')}</Empty> : <Shown row={row} shops={shops} ask={ask} />}
    </Drawer>
  );
}

function Shown({ row, shops: { offered }, ask }: Omit<ShopDrawerProps, 'close'> & { readonly row: ShopRow }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const { shop } = row;
  const channel = offered.find((each) => each.channel === shop.channel);
  const mayChange = may(me, 'POST /v1/shops');
  return (
    <>
      <p className="line">
        <StateMark row={row} />
        <span className="soft mono">{shop.shop}</span>
        {mayChange && (
          <Button size="small" className="rename" onClick={() => ask({ what: 'rename', key: row.key })}>
            {t('channels.rename')}
          </Button>
        )}
      </p>
      {row.troubles.length > 0 && <Troubles row={row} ask={ask} isAlone />}
      {shop.app === undefined && <p className="soft">{t('channels.noApp')}</p>}
      {shop.app !== undefined && channel !== undefined && (
        <>
          <PullsPart row={row} />
          <BackfillsPart row={row} days={channel.backfillDays} ask={ask} />
          <AppPart row={row} channel={channel} ask={ask} />
          <ConsentPart row={row} channel={channel} ask={mayChange ? ask : null} />
          {channel.canNoteOrderKey && <NotePart shop={shop} mayChange={mayChange} />}
        </>
      )}
    </>
  );
}
