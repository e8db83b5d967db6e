import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Popconfirm } from 'antd';
import { meQuery } from '../api/queries.ts';
import type { Order } from '../api/types.ts';
import { tellerName } from '../shared/channel-name.ts';
import { may } from '../shared/may.ts';
import { Ago, Card, Mark } from '../shared/parts.tsx';
import { Failed } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { useCommand } from './actions.tsx';
import { holdReason, isReleasable } from './view-model.ts';

export function HoldsCard({ order }: { readonly order: Order }) {
  const { t } = useWords();
  const releasing = useCommand(order, () => undefined);
  const { data: me } = useQuery(meQuery);
  const mayRelease = may(me, 'POST /v1/orders/{key}:release');
  return (
    <Card title={t('part.holds')}>
      {order.holds.length === 0 && <p className="soft padded">{t('holds.none')}</p>}
      <ul className="rows">
        {order.holds.map((hold) => (
          <HoldRow
            key={hold.id}
            hold={hold}
            orderKey={order.orderKey}
            isBusy={releasing.isPending}
            mayRelease={mayRelease}
            release={() => releasing.mutate({ verb: 'release', body: { holdId: hold.id } })}
          />
        ))}
      </ul>
      {releasing.error && <Failed error={releasing.error} title={t('holds.release')} />}
    </Card>
  );
}

interface HoldRowProps {
  readonly hold: Order['holds'][number];
  readonly orderKey: string;
  readonly isBusy: boolean;
  readonly mayRelease: boolean;
  readonly release: () => void;
}
function HoldRow({ hold, orderKey, isBusy, mayRelease, release }: HoldRowProps) {
  const words = useWords();
  const { t, name, language } = words;
  const reason = holdReason(hold, words);
  return (
    <li>
      <div className="line">
        <Mark tone="waiting">‖ {name('hold', hold.kind)}</Mark>
        {hold.lineId !== undefined && <span className="soft">{t('holds.line', { id: hold.lineId })}</span>}
        <span className="spacer" />
        {hold.kind === 'review' && (
          <Link to="/reviews" search={{ open: `${orderKey}.${hold.id}` }}>
            {t('holds.toReview')}
          </Link>
        )}
        {mayRelease && isReleasable(hold) && (
          <Button size="small" loading={isBusy} onClick={release}>
            {t('holds.release')}
          </Button>
        )}
        {mayRelease && hold.kind === 'after_sale' && (
          <Popconfirm
            getPopupContainer={(button) => button.parentElement ?? document.body}
            title={t('holds.passSure')}
            okText={t('holds.pass')}
            cancelText={t('do.cancel')}
            onConfirm={release}
          >
            <Button size="small" loading={isBusy}>
              {t('holds.pass')}…
            </Button>
          </Popconfirm>
        )}
      </div>
      {reason !== '' && <div>{reason}</div>}
      <div className="soft">
        <Ago at={hold.since} />
        {hold.who !== undefined && ` · ${t('holds.by', { who: tellerName(hold.who, language) })}`}
      </div>
    </li>
  );
}
