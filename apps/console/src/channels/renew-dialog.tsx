import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Channel, Shop } from '../api/channel-types.ts';
import { saveShop } from '../api/mutations.ts';
import { Dialog } from '../shared/dialog.tsx';
import type { Faults } from '../shared/faults.ts';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { faultsOf } from './connect-form.ts';
import { Field } from '../shared/field.tsx';

export interface RenewDialogProps {
  readonly shop: Shop;
  readonly consentCode: Channel['consentCode'];
  readonly close: () => void;
}

/** The old token is given up and another is asked for, with the code where the channel wants one. */
export function RenewDialog({ shop, consentCode, close }: RenewDialogProps) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const { tell } = useTell();
  const [code, setCode] = useState('');
  const [faults, setFaults] = useState<Faults>({});
  const saving = useMutation({
    mutationFn: () => {
      const { channel, shop: id, name, app } = shop;
      return saveShop({
        channel,
        shop: id,
        name,
        ...(app === undefined ? {} : { app, credentials: code.trim() === '' ? {} : { code: code.trim() } }),
      });
    },
    onSuccess: () => {
      tell(t('channels.renewed'));
      close();
      return client.invalidateQueries({ queryKey: ['channels'] });
    },
    onError: (error) => setFaults(faultsOf(error, 'shop', words)),
  });
  const save = (): void => {
    if (consentCode === 'needed' && code.trim() === '') return setFaults({ code: t('connect.fillIn') });
    setFaults({});
    saving.mutate();
  };
  return (
    <Dialog
      title={t('channels.renewTitle', { shop: shop.name })}
      okText={t(consentCode === 'none' ? 'channels.renewAgain' : 'channels.renewGo')}
      isBusy={saving.isPending}
      cancelText={t('do.cancel')}
      onOk={save}
      close={close}
    >
      <p className="soft">{t(consentCode === 'none' ? 'channels.consentOwn' : 'channels.renewLead')}</p>
      {consentCode !== 'none' && (
        <Field
          label={t('connect.code')}
          value={code}
          change={setCode}
          fault={faults.code}
          {...(consentCode === 'optional' ? { hint: t('connect.codeOptional') } : {})}
        />
      )}
      {saving.error && Object.keys(faults).length === 0 && <Failed error={saving.error} />}
    </Dialog>
  );
}
