import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Input, Modal } from 'antd';
import { useState } from 'react';
import { askEndpoint } from '../api/mutations.ts';
import type { Endpoint } from '../api/types.ts';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { isNamed } from './view-model.ts';

/** It cannot be taken back, so its name is typed. */
export function RemoveDialog({ endpoint, close }: { readonly endpoint: Endpoint; readonly close: () => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { tell } = useTell();
  const [typed, setTyped] = useState('');
  const removing = useMutation({
    mutationFn: () => askEndpoint(endpoint.id, 'remove'),
    onSuccess: async () => {
      tell(t('endpoint.removeDone', { name: endpoint.name }));
      await navigate({ to: '/' });
      await client.invalidateQueries();
    },
  });
  return (
    <Modal
      open
      title={t('endpoint.removeTitle', { name: endpoint.name })}
      okText={t('endpoint.remove')}
      okButtonProps={{ danger: true, disabled: !isNamed(typed, endpoint.name), loading: removing.isPending }}
      cancelText={t('do.cancel')}
      onOk={() => removing.mutate()}
      onCancel={close}
    >
      <p>{t('endpoint.removeLead')}</p>
      <label>
        {t('endpoint.removeType', { name: endpoint.name })}
        <Input value={typed} autoComplete="off" onChange={(event) => setTyped(event.target.value)} />
      </label>
      {removing.error && <Failed error={removing.error} />}
    </Modal>
  );
}
