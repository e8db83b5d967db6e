import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { changeEndpoint } from '../api/mutations.ts';
import type { Endpoint } from '../api/types.ts';
import { Dialog } from '../shared/dialog.tsx';
import type { Faults } from '../shared/faults.ts';
import { Field } from '../shared/field.tsx';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useFocusOnFault } from '../shared/use-focus-on-fault.ts';
import { useWords } from '../words/context.tsx';
import { placeFaults, refusedFields } from './new-form.ts';

/** Another name or address. Secret, progress and what waits stay; at another address it is tried at once. */
export function ChangeDialog({ endpoint, close }: { readonly endpoint: Endpoint; readonly close: () => void }) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const { tell } = useTell();
  const [name, setName] = useState(endpoint.name);
  const [url, setUrl] = useState(endpoint.url);
  const [faults, setFaults] = useState<Faults>({});
  useFocusOnFault(faults);
  const wish = {
    ...(name.trim() === endpoint.name ? {} : { name: name.trim() }),
    ...(url.trim() === endpoint.url ? {} : { url: url.trim() }),
  };
  const changing = useMutation({
    mutationFn: () => changeEndpoint(endpoint.id, wish),
    onSuccess: () => {
      tell(t('endpoint.changeDone', { name: name.trim() }));
      close();
    },
    onError: (error) => setFaults(refusedFields(error, words)),
    onSettled: () => client.invalidateQueries(), // the name stands on every page, and what waited is told
  });
  const change = (): void => {
    const found = placeFaults({ name, url }, words);
    setFaults(found);
    changing.reset();
    if (Object.keys(found).length > 0) return;
    if (Object.keys(wish).length === 0) return close();
    changing.mutate();
  };
  return (
    <Dialog
      title={t('endpoint.changeTitle', { name: endpoint.name })}
      isBusy={changing.isPending}
      okText={t('endpoint.changeGo')}
      cancelText={t('do.cancel')}
      onOk={change}
      close={close}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          change();
        }}
      >
        <Field label={t('endpoint.newName')} value={name} change={setName} fault={faults.name} />
        <Field label={t('endpoint.newUrl')} value={url} change={setUrl} fault={faults.url} hint={t('endpoint.changeLead')} />
        <button type="submit" hidden aria-hidden="true" />
      </form>
      {changing.error && Object.keys(faults).length === 0 && <Failed error={changing.error} />}
    </Dialog>
  );
}
