import { PROBLEMS } from '@weir/contract/problems';
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { meQuery } from '../api/queries.ts';
import type { Order } from '../api/types.ts';
import { may } from '../shared/may.ts';
import { shownAmount } from '../shared/money.ts';
import { Ago, Card, Copy, Mark } from '../shared/parts.tsx';
import { useWords } from '../words/context.tsx';
import { type Parcel, ShipDialog } from './ship-dialog.tsx';
import { needsShipping } from './view-model.ts';

export function ShipmentsCard({ order }: { readonly order: Order }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  /** Null: a new one. Undefined: the dialog is closed. */
  const [asked, ask] = useState<Parcel | null | undefined>();
  const mayTell = may(me, 'POST /v1/orders/{key}:ship');
  return (
    <Card
      title={t('part.shipments')}
      extra={
        mayTell &&
        needsShipping(order) &&
        order.mayShip.length === 0 && (
          <Button size="small" onClick={() => ask(null)}>
            {t('act.ship')}
          </Button>
        )
      }
    >
      {order.shipments.length === 0 && <p className="soft padded">{t('shipments.none')}</p>}
      <ul className="rows">
        {order.shipments.map((parcel) => {
          const { id, carrier, trackingNumber, at, lines, own, former } = parcel;
          return (
            <li key={id}>
              <div className="line">
                <b>{carrier}</b> <span className="mono">{trackingNumber}</span>
                <Copy text={trackingNumber} />
                {own === true && <Mark tone="calm">{t('shipments.own')}</Mark>}
                <span className="spacer" />
                {own === true && mayTell && (
                  <button type="button" className="text-button" onClick={() => ask(parcel)}>
                    {t('act.correct')}
                  </button>
                )}
                <Ago at={at} />
              </div>
              <div className="soft">{lines.map((line) => `${titleOf(order, line.lineId)} × ${line.quantity}`).join(' · ')}</div>
              {former !== undefined && <div className="soft mono">{t('shipments.former', { numbers: former.join(' ') })}</div>}
            </li>
          );
        })}
      </ul>
      {asked !== undefined && <ShipDialog order={order} parcel={asked} close={() => ask(undefined)} />}
    </Card>
  );
}

const titleOf = ({ lines }: Order, lineId: string): string => lines.find((line) => line.lineId === lineId)?.title ?? lineId;

export function RefundsCard({ order }: { readonly order: Order }) {
  const { t, name } = useWords();
  if (order.refunds.length === 0) return null;
  return (
    <Card title={t('part.refunds')} extra={<span className="soft">{name('refund', order.refund)}</span>}>
      <ul className="rows">
        {order.refunds.map(({ id, lineId, amount, status, at }) => (
          <li key={id}>
            <div className="line">
              <Mark tone={status === 'requested' || status === 'agreed' ? 'waiting' : 'calm'}>{name('refundStatus', status)}</Mark>
              <b className="figure">{shownAmount(amount, order.currency)}</b>
              <span className="spacer" />
              <Ago at={at} />
            </div>
            <div className="soft">
              <span className="mono">{id}</span>
              {lineId !== undefined && ` · ${t('refunds.line', { id: lineId })}`}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

export function WarningsCard({ order }: { readonly order: Order }) {
  const { t, language } = useWords();
  if (order.warnings.length === 0) return null;
  return (
    <Card title={t('part.warnings')}>
      <ul className="rows">
        {order.warnings.map(({ code, pointer }) => (
          <li key={`${code} ${pointer}`}>
            {/* A stored warning keeps no readings, so a sentence that needs one is told by its place alone. */}
            <span>{warningText(code, language)}</span> <span className="soft mono">{pointer}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function warningText(code: string, language: 'zh' | 'en'): string {
  if (!Object.hasOwn(PROBLEMS, code)) return code;
  return PROBLEMS[code as keyof typeof PROBLEMS][language].replace(/\{\w+\}/g, '…');
}
