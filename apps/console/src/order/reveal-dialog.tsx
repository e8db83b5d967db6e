import { useMutation, useQuery } from '@tanstack/react-query';
import { Checkbox, Radio } from 'antd';
import { useState } from 'react';
import { reveal, type RevealWish } from '../api/mutations.ts';
import { meQuery } from '../api/queries.ts';
import { PURPOSES, type Purpose, REVEAL_FIELDS, type Revealed, type RevealField } from '../api/types.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Failed } from '../shared/states.tsx';
import { useWords } from '../words/context.tsx';

export interface RevealDialogProps {
  readonly orderKey: string;
  /** The receiver came as a token that the channel opens. */
  readonly hasToken: boolean;
  readonly close: () => void;
  readonly show: (revealed: Revealed) => void;
}

/** Nothing is ticked beforehand: what one looks at, and why, is one's own choice and is written down. */
export function RevealDialog({ orderKey, hasToken, close, show }: RevealDialogProps) {
  const { t } = useWords();
  const [fields, setFields] = useState<readonly RevealField[]>([]);
  const [purpose, setPurpose] = useState<Purpose | null>(null);
  const [fromChannel, setFromChannel] = useState(false);
  const opening = useMutation({
    mutationFn: (asked: RevealWish) => reveal(orderKey, asked),
    gcTime: 0, // what was shown is not kept behind the screen
  });
  const { data: me } = useQuery(meQuery);
  const offered = REVEAL_FIELDS.filter((field) => me?.reveals?.includes(field));
  const asksReceiver = fields.some((field) => field.startsWith('receiver.'));
  const isReady = fields.length > 0 && purpose !== null;
  return (
    <Dialog
      title={t('person.lookTitle')}
      okText={t('person.show')}
      okButtonProps={{ disabled: !isReady, loading: opening.isPending }}
      cancelText={t('do.cancel')}
      onOk={() => {
        // Told to this call, not to the mutation: what comes after the dialog was closed is shown nowhere.
        if (purpose !== null)
          opening.mutate({ fields, purpose, ...(fromChannel && asksReceiver ? { fromChannel } : {}) }, { onSuccess: show });
      }}
      close={close}
    >
      <p className="soft">{t('person.lookLead')}</p>
      <fieldset>
        <legend>{t('person.fields')}</legend>
        <Checkbox.Group
          className="choices"
          options={offered.map((value) => ({ value, label: t(`field.${value}`) }))}
          value={[...fields]}
          onChange={(next) => setFields(REVEAL_FIELDS.filter((field) => next.includes(field)))}
        />
      </fieldset>
      {hasToken && (
        <p>
          <Checkbox checked={fromChannel} disabled={!asksReceiver} onChange={(event) => setFromChannel(event.target.checked)}>
            {t('person.fromChannel')}
          </Checkbox>
          <span className="soft hint">{t('person.fromChannelLead')}</span>
        </p>
      )}
      <fieldset>
        <legend>{t('person.purpose')}</legend>
        <Radio.Group
          className="choices"
          options={PURPOSES.map((value) => ({ value, label: t(`purpose.${value}`) }))}
          value={purpose}
          onChange={(event) => setPurpose(event.target.value as Purpose)}
        />
      </fieldset>
      {opening.error && <Failed error={opening.error} title={t('person.lookTitle')} />}
    </Dialog>
  );
}
