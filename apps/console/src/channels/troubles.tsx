/** What happened, what it means for the orders, and what to do about it. */
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { meQuery } from '../api/queries.ts';
import { AcceptFewRows } from '../overview/accept-few-rows.tsx';
import { may } from '../shared/may.ts';
import { useWords } from '../words/context.tsx';
import type { Asked } from './dialogs.tsx';
import { feedWord, Since } from './parts.tsx';
import { OF_APP, type ShopRow, type Trouble, type TroubleKind } from './view-model.ts';

export interface TroublesProps {
  readonly row: ShopRow;
  readonly ask: (asked: Asked) => void;
  /** The other shops of the app are not in sight: everything is explained here. */
  readonly isAlone?: boolean;
}

export function Troubles({ row, ask, isAlone = false }: TroublesProps) {
  const troubles = isAlone ? row.troubles.map(({ sameAs: _, ...trouble }) => trouble) : row.troubles;
  return (
    <ul className="troubles">
      {troubles.map((trouble) => (
        <li key={`${trouble.kind} ${trouble.feeds?.join(' ') ?? ''}`} className={`trouble trouble-${trouble.tone}`}>
          <Words trouble={trouble} />
          <Act row={row} trouble={trouble} ask={ask} />
        </li>
      ))}
    </ul>
  );
}

function Words({ trouble: { kind, tone, params, feeds, since, error, sameAs } }: { readonly trouble: Trouble }) {
  const { t } = useWords();
  const said = { ...params, ...(feeds === undefined ? {} : { feed: feeds.map((feed) => t(feedWord(feed))).join(t('channels.and')) }) };
  return (
    <div className="trouble-words">
      <p>
        <b className={`tone-${tone}`}>{t(`channels.what.${kind}`, said)}</b>
        {since !== undefined && (
          <span className="soft">
            {' '}
            · <Since at={since} />
          </span>
        )}
        {sameAs !== undefined && <span className="soft"> · {t('channels.sameApp', { shop: sameAs })}</span>}
      </p>
      {sameAs === undefined && (
        <p>
          {t(`channels.means.${kind}`)} {t(`channels.do.${kind}`)}
          {kind === 'dead' && (
            <>
              {' '}
              <Link to="/dead-letters" search={{ direction: 'in' }}>
                {t('dead.seeAll')} ›
              </Link>
            </>
          )}
        </p>
      )}
      {sameAs === undefined && error !== undefined && <p className="soft their-words">{t('channels.theirWords', { text: error })}</p>}
    </div>
  );
}

const RENEWED: ReadonlySet<TroubleKind> = new Set(['reauthorise', 'notPermitted', 'dead']);

function Act({ row, trouble: { kind, feeds, sameAs }, ask }: TroublesProps & { readonly trouble: Trouble }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const { channel, shop } = row.shop;
  const feed = feeds?.[0];
  if (sameAs !== undefined) return null;
  if (kind === 'fewRows' && feed !== undefined) return <AcceptFewRows pull={{ channel, shop, feed }} />;
  if (RENEWED.has(kind) && may(me, 'POST /v1/shops'))
    return (
      <Button size="small" className="renew" onClick={() => ask({ what: 'renew', key: row.key })}>
        {t('channels.renew')}
      </Button>
    );
  if (OF_APP.has(kind) && row.app !== null && may(me, 'POST /v1/apps'))
    return (
      <Button size="small" onClick={() => ask({ what: 'app', key: row.key })}>
        {t('channels.appChange')}
      </Button>
    );
  return null;
}
