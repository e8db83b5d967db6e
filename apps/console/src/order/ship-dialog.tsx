/** Reports a parcel, or corrects the number of one that we reported: the channel is told either way. */
import { Input } from 'antd';
import { useState } from 'react';
import type { Order } from '../api/types.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Failed } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';
import { useCommand } from './actions.tsx';

export type Parcel = Order['shipments'][number];
const LIMIT = 128;
const FIELDS = ['carrier', 'trackingNumber'] as const;

export function ShipDialog({
  order,
  parcel,
  close,
}: {
  readonly order: Order;
  readonly parcel: Parcel | null;
  readonly close: () => void;
}) {
  const { t } = useWords();
  const [told, setTold] = useState({ carrier: parcel?.carrier ?? '', trackingNumber: parcel?.trackingNumber ?? '' });
  const [isAsked, setAsked] = useState(false);
  const asking = useCommand(order, close);
  const wished = { carrier: told.carrier.trim(), trackingNumber: told.trackingNumber.trim() };
  const faultOf = (field: (typeof FIELDS)[number]): string | null => {
    if (!isAsked) return null;
    if (wished[field] === '') return t('act.missing');
    const isSame = parcel !== null && FIELDS.every((each) => wished[each] === parcel[each]);
    return isSame && field === 'trackingNumber' ? t('act.sameNumber') : null;
  };
  const ask = (): void => {
    setAsked(true);
    if (FIELDS.some((field) => wished[field] === '')) return;
    if (parcel !== null && FIELDS.every((field) => wished[field] === parcel[field])) return;
    asking.mutate({ verb: 'ship', body: { shipments: [parcel === null ? wished : { id: parcel.id, ...wished }] } });
  };
  return (
    <Dialog
      title={parcel === null ? t('act.shipTitle', { key: order.orderKey }) : t('act.correctTitle', { number: parcel.trackingNumber })}
      okText={t(parcel === null ? 'act.shipGo' : 'act.correctGo')}
      isBusy={asking.isPending}
      cancelText={t('do.cancel')}
      onOk={ask}
      close={close}
    >
      <p className="soft">{t(parcel === null ? 'act.shipLead' : 'act.correctLead')}</p>
      {FIELDS.map((field) => {
        const fault = faultOf(field);
        return (
          <label key={field}>
            {t(`parcel.${field}`)}
            <Input
              autoFocus={field === (parcel === null ? 'carrier' : 'trackingNumber')}
              autoComplete="off"
              maxLength={LIMIT}
              status={fault === null ? '' : 'error'}
              aria-invalid={fault !== null}
              value={told[field]}
              onChange={(event) => setTold({ ...told, [field]: event.target.value })}
              onPressEnter={ask}
            />
            {field === 'carrier' && <span className="soft">{t('parcel.carrierHint')}</span>}
            {fault !== null && <span className="tone-bad">{fault}</span>}
          </label>
        );
      })}
      {asking.error && <Failed error={asking.error} title={t(parcel === null ? 'act.shipGo' : 'act.correctGo')} />}
    </Dialog>
  );
}
