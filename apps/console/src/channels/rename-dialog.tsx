import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Shop } from '../api/channel-types.ts';
import { saveShop } from '../api/mutations.ts';
import { Dialog } from '../shared/dialog.tsx';
import type { Faults } from '../shared/faults.ts';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { faultsOf } from './connect-form.ts';
import { Field } from '../shared/field.tsx';

/** What people call the shop. Its id at the platform stays, and so do its app and consent: neither is in the wish. */
export function RenameDialog({ shop, close }: { readonly shop: Shop; readonly close: () => void }) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const { tell } = useTell();
  const [name, setName] = useState(shop.name);
  const [faults, setFaults] = useState<Faults>({});
  const saving = useMutation({
    mutationFn: () => saveShop({ channel: shop.channel, shop: shop.shop, name: name.trim() }),
    onSuccess: ({ name: saved }) => {
      tell(t('channels.renamed', { shop: saved }));
      close();
    },
    onError: (error) => setFaults(faultsOf(error, 'shop', words)),
    onSettled: () => client.invalidateQueries(), // the name stands on every page
  });
  const save = (): void => {
    if (name.trim() === '') return setFaults({ name: t('connect.fillIn') });
    if (name.trim() === shop.name) return close();
    setFaults({});
    saving.mutate();
  };
  return (
    <Dialog
      title={t('channels.renameTitle', { shop: shop.name })}
      okText={t('channels.renameGo')}
      isBusy={saving.isPending}
      cancelText={t('do.cancel')}
      onOk={save}
      close={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <Field label={t('connect.name')} value={name} change={setName} fault={faults.name} hint={t('channels.renameLead')} />
      </form>
      {saving.error && Object.keys(faults).length === 0 && <Failed error={saving.error} />}
    </Dialog>
  );
}
