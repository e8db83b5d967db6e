import { type ReactNode, useState } from 'react';
import { Button } from 'antd';
import { useQuery } from '@tanstack/react-query';
import { meQuery } from '../api/queries.ts';
import type { Order } from '../api/types.ts';
import { channelName } from '../shared/channel-name.ts';
import { may } from '../shared/may.ts';
import { shownAmount } from '../shared/money.ts';
import { Copy, DeadlineText, Mark, StatusMark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { type Action, ActionDialog } from './actions.tsx';
import { actionsOf, needsShipping, progressOf, shipReasons } from './view-model.ts';

export function OrderHead({ order, asOf }: { readonly order: Order; readonly asOf: ReactNode }) {
  const words = useWords();
  const { t, language } = words;
  const { data: me } = useQuery(meQuery);
  const [action, setAction] = useState<Action | null>(null);
  const progress = progressOf(order);
  const reasons = shipReasons(order, words);
  return (
    <header className="order-head">
      <div className="order-title">
        <h1 className="mono">{order.orderKey}</h1>
        <Copy text={order.orderKey} />
        <StatusMark status={order.status} held={[...new Set(order.holds.map(({ kind }) => kind))]} />
        {progress !== null && <Mark tone="moving">{t('order.progress', progress)}</Mark>}
        <span className="spacer" />
        <span className="order-actions">
          {actionsOf(order)
            .filter((each) => may(me, `POST /v1/orders/{key}:${each}`))
            .map((each) => (
              <Button key={each} danger={each === 'cancel'} onClick={() => setAction(each)}>
                {t(`act.${each}`)}
              </Button>
            ))}
        </span>
      </div>
      <div className="order-facts">
        <span>
          {channelName(order.channel, language)} <span className="soft">{order.shop}</span>{' '}
          <span className="mono">{order.channelOrderId}</span>
          <Copy text={order.channelOrderId} />
        </span>
        {!order.connected && <Mark tone="waiting">▲ {t('order.notConnected')}</Mark>}
        <span>
          {t('order.paidOf', { payable: shownAmount(order.payable, order.currency), paid: shownAmount(order.paid, order.currency) })}
        </span>
        {order.shipBy !== undefined && needsShipping(order) && (
          <span>
            {t('order.shipBy')} <DeadlineText at={order.shipBy} />
          </span>
        )}
        {needsShipping(order) &&
          (reasons.length === 0 ? (
            <span>✓ {t('order.mayShip')}</span>
          ) : (
            <span className="tone-waiting">{t('order.mayNotShip', { reasons: reasons.join(language === 'zh' ? '、' : ', ') })}</span>
          ))}
        <span className="soft">{t('order.version', { n: order.version })}</span>
        {asOf}
      </div>
      {action !== null && <ActionDialog action={action} order={order} close={() => setAction(null)} />}
    </header>
  );
}
