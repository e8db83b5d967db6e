import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Input } from 'antd';
import { useState } from 'react';
import type { Shop } from '../api/channel-types.ts';
import { startBackfill } from '../api/mutations.ts';
import { useNow } from '../shared/clock.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { firstForm, rangeOf } from './backfill-form.ts';

export interface BackfillDialogProps {
  readonly shop: Shop;
  /** How far back the platform tells anything. */
  readonly days: number;
  readonly close: () => void;
}

export function BackfillDialog({ shop, days, close }: BackfillDialogProps) {
  const { t } = useWords();
  const client = useQueryClient();
  const { tell } = useTell();
  const now = useNow();
  const [form, setForm] = useState(() => firstForm(now, days));
  const starting = useMutation({
    mutationFn: (range: { readonly from: string; readonly to: string }) => startBackfill(shop, range),
    onSuccess: () => {
      tell(t('channels.backfillStarted'));
      close();
      return client.invalidateQueries({ queryKey: ['channels'] });
    },
  });
  const range = rangeOf(form, now, days);
  const time = (name: 'from' | 'to') => (
    <label>
      {t(name === 'from' ? 'channels.backfillFrom' : 'channels.backfillTo')}
      <Input type="datetime-local" value={form[name]} onChange={(event) => setForm({ ...form, [name]: event.target.value })} />
    </label>
  );
  return (
    <Dialog
      title={`${t('channels.backfills')} · ${shop.name}`}
      okText={t('channels.backfillGo')}
      okButtonProps={{ disabled: range === null }}
      isBusy={starting.isPending}
      cancelText={t('do.cancel')}
      onOk={() => range && starting.mutate(range)}
      close={close}
    >
      <p className="soft">
        {t('channels.backfillLead')} {t('channels.backfillDays', { n: days })}
      </p>
      <div className="replay-times">
        {time('from')}
        {time('to')}
      </div>
      {range === null && (
        <p className="tone-waiting" role="status">
          {t('channels.backfillFillIn', { n: days })}
        </p>
      )}
      {starting.error && <Failed error={starting.error} />}
    </Dialog>
  );
}
