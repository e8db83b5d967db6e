import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { previewReplay, startReplay } from '../api/mutations.ts';
import type { ReplayWish } from '../api/types.ts';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { spanText } from '../shared/time.ts';
import { useWishes } from '../shared/wish-key.ts';
import { useWords } from '../words/context.tsx';
import { EMPTY_FORM, type Kind, KINDS, type ReplayForm, wishOf } from './replay-form.ts';

const WORDS = { paid: 'replay.byPaid', change: 'replay.byChange', keys: 'replay.byKeys' } as const;

/** Nothing is sent before a person has seen how many orders it is. */
export function ReplayDialog({ endpointId, close }: { readonly endpointId: string; readonly close: () => void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const { tell } = useTell();
  const { press, settle } = useWishes();
  const [form, setForm] = useState<ReplayForm>(EMPTY_FORM);
  const counting = useMutation({ mutationFn: (wish: ReplayWish) => previewReplay(endpointId, wish) });
  const sending = useMutation({
    mutationFn: (wish: ReplayWish) => startReplay(endpointId, wish, press(wish).key),
    onSettled: (_, error, asked) => settle(asked, error),
    onSuccess: ({ orders }) => {
      tell(t('replay.started', { n: orders }));
      void client.invalidateQueries({ queryKey: ['replays', endpointId] });
      close();
    },
  });
  const wish = wishOf(form);
  const change = (next: ReplayForm): void => {
    setForm(next);
    counting.reset();
    sending.reset();
  };
  const orders = counting.data?.orders ?? 0;
  return (
    <Modal
      open
      title={t('replay.title')}
      okText={t('replay.go', { n: counting.data ? orders : '…' })}
      okButtonProps={{ disabled: wish === null || orders === 0, loading: sending.isPending }}
      cancelText={t('do.cancel')}
      onOk={() => wish !== null && sending.mutate(wish)}
      onCancel={close}
    >
      <p className="soft">{t('replay.lead')}</p>
      <Fields form={form} change={change} />
      <p>
        <Button
          className="replay-count"
          disabled={wish === null}
          loading={counting.isPending}
          onClick={() => wish && counting.mutate(wish)}
        >
          {t('replay.preview')}
        </Button>{' '}
        <span role="status">
          {wish === null && <span className="soft">{t('replay.fillIn')}</span>}
          {counting.data &&
            (orders === 0
              ? t('replay.previewNone')
              : t('replay.previewOf', { n: orders, span: spanText((orders / Number(form.perSecond)) * 1_000) }))}
        </span>
      </p>
      {counting.data && orders > 0 && <p className="soft mono">{counting.data.first.join(' ')}</p>}
      {counting.data?.unknown && counting.data.unknown.length > 0 && (
        <p className="tone-waiting">
          {t('replay.unknown')} <span className="mono">{counting.data.unknown.join(' ')}</span>
        </p>
      )}
      {(counting.error ?? sending.error) && <Failed error={counting.error ?? sending.error} />}
    </Modal>
  );
}

function Fields({ form, change }: { readonly form: ReplayForm; readonly change: (form: ReplayForm) => void }) {
  const { t } = useWords();
  const time = (name: 'from' | 'to') => (
    <label>
      {t(`replay.${name}`)}
      <Input type="datetime-local" step={1} value={form[name]} onChange={(event) => change({ ...form, [name]: event.target.value })} />
    </label>
  );
  return (
    <>
      <fieldset>
        <legend>{t('replay.by')}</legend>
        <Radio.Group
          className="choices"
          options={KINDS.map((value) => ({ value, label: t(WORDS[value]) }))}
          value={form.kind}
          onChange={(event) => change({ ...form, kind: event.target.value as Kind })}
        />
      </fieldset>
      {form.kind === 'keys' ? (
        <label>
          {t('replay.keys')}
          <Input.TextArea className="mono" rows={4} value={form.keys} onChange={(event) => change({ ...form, keys: event.target.value })} />
        </label>
      ) : (
        <div className="replay-times">
          {time('from')}
          {time('to')}
        </div>
      )}
      <label>
        {t('replay.perSecond')}
        <Input
          type="number"
          min={1}
          max={1000}
          value={form.perSecond}
          onChange={(event) => change({ ...form, perSecond: event.target.value })}
        />
      </label>
    </>
  );
}
