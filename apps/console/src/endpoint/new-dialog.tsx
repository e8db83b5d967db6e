/** Makes an endpoint: who is told, of what, from when on. Its secret is shown once, in this dialog. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createEndpoint } from '../api/mutations.ts';
import { overviewQuery } from '../api/queries.ts';
import type { EndpointMade, EndpointWish } from '../api/types.ts';
import { Dialog } from '../shared/dialog.tsx';
import type { Faults } from '../shared/faults.ts';
import { Copy } from '../shared/parts.tsx';
import { Failed } from '../shared/states.tsx';
import { useFocusOnFault } from '../shared/use-focus-on-fault.ts';
import { useWords } from '../words/context.tsx';
import { NewFields } from './new-fields.tsx';
import { EMPTY_ENDPOINT, newFaults, type NewForm, refusedFields, wishOf } from './new-form.ts';

export function NewEndpointDialog({ close }: { readonly close: () => void }) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const navigate = useNavigate();
  const { data: overview } = useQuery(overviewQuery);
  const [form, setForm] = useState<NewForm>(EMPTY_ENDPOINT);
  const [faults, setFaults] = useState<Faults>({});
  useFocusOnFault(faults);
  const making = useMutation({
    mutationFn: (wish: EndpointWish) => createEndpoint(wish),
    gcTime: 0, // the secret is not kept behind the screen
    onError: (error) => setFaults(refusedFields(error, words)),
    onSettled: () => client.invalidateQueries({ queryKey: overviewQuery.queryKey }), // it may be there although the answer was lost
  });
  const { data: made } = making;
  const make = (): void => {
    const found = newFaults(form, words);
    setFaults(found);
    making.reset();
    if (Object.keys(found).length === 0) making.mutate(wishOf(form));
  };
  const leave = (endpointId: string): void => {
    close();
    void navigate({ to: '/endpoints/$endpointId', params: { endpointId }, search: {} });
  };
  return (
    <Dialog
      className="tall-dialog"
      isBusy={making.isPending}
      title={made ? `✓ ${t('endpoint.newDone', { name: form.name.trim() })}` : t('endpoint.newTitle')}
      okText={t(made ? 'endpoint.secretSaved' : 'endpoint.newGo')}
      cancelText={t('do.cancel')}
      {...(made ? { keyboard: false, closable: false, cancelButtonProps: { hidden: true } } : {})}
      onOk={() => (made ? leave(made.id) : make())}
      close={close}
    >
      {made ? <Made made={made} /> : <NewFields form={form} faults={faults} sources={overview?.sources ?? []} change={setForm} />}
      {making.error && Object.keys(faults).length === 0 && <Failed error={making.error} />}
    </Dialog>
  );
}

function Made({ made: { secret } }: { readonly made: EndpointMade }) {
  const { t } = useWords();
  return (
    <div role="status">
      <p>{t('endpoint.secretOnce')}</p>
      <p className="mono endpoint-secret">
        {secret} <Copy text={secret} />
      </p>
      <p className="soft">{t('endpoint.newNext')}</p>
    </div>
  );
}
