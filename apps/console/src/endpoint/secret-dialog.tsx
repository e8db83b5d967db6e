import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Modal, Radio } from 'antd';
import { useState } from 'react';
import { rotateSecret } from '../api/mutations.ts';
import type { Endpoint, SecretRotated } from '../api/types.ts';
import { Copy, Moment } from '../shared/parts.tsx';
import { Failed } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';

const KEEP = [24, 168, 0] as const;
const KEEP_WORDS = { 24: 'endpoint.keepDay', 168: 'endpoint.keepWeek', 0: 'endpoint.keepNot' } as const;
type Keep = (typeof KEEP)[number];

/** The new secret is shown once, in this dialog, and lives nowhere else on this page. */
export function SecretDialog({ endpoint, close }: { readonly endpoint: Endpoint; readonly close: () => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [keep, setKeep] = useState<Keep>(24);
  const rotating = useMutation({
    mutationFn: () => rotateSecret(endpoint.id, keep),
    gcTime: 0,
    onSettled: () => client.invalidateQueries({ queryKey: ['overview'] }),
  });
  const { data: made } = rotating;
  return (
    <Modal
      open
      title={t('endpoint.rotateTitle', { name: endpoint.name })}
      okText={t(made ? 'endpoint.secretSaved' : 'endpoint.rotate')}
      okButtonProps={{ danger: !made && keep === 0, loading: rotating.isPending }}
      cancelText={t('do.cancel')}
      cancelButtonProps={made ? { hidden: true } : {}}
      closable={!made}
      mask={{ closable: false }}
      keyboard={!made}
      onOk={() => (made ? close() : rotating.mutate())}
      onCancel={close}
    >
      {made ? <Made made={made} isOldOver={keep === 0} /> : <Ask keep={keep} change={setKeep} />}
      {rotating.error && <Failed error={rotating.error} />}
    </Modal>
  );
}

function Ask({ keep, change }: { readonly keep: Keep; readonly change: (keep: Keep) => void }) {
  const { t } = useWords();
  return (
    <>
      <p className="soft">{t('endpoint.rotateLead')}</p>
      <fieldset>
        <legend>{t('endpoint.keepOld')}</legend>
        <Radio.Group
          className="choices"
          options={KEEP.map((value) => ({ value, label: t(KEEP_WORDS[value]) }))}
          value={keep}
          onChange={(event) => change(event.target.value as Keep)}
        />
      </fieldset>
    </>
  );
}

function Made({ made, isOldOver }: { readonly made: SecretRotated; readonly isOldOver: boolean }) {
  const { t } = useWords();
  return (
    <div role="status">
      <p>{t('endpoint.secretOnce')}</p>
      <p className="mono endpoint-secret">
        {made.secret} <Copy text={made.secret} />
      </p>
      <p className="soft">
        {isOldOver ? t('endpoint.oldOver') : t('endpoint.oldUntil', { n: made.liveSecrets })}{' '}
        {!isOldOver && <Moment at={made.oldSecretUntil} />}
      </p>
    </div>
  );
}
