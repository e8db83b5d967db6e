import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { App, Channel } from '../api/channel-types.ts';
import { registerApp } from '../api/mutations.ts';
import { Dialog } from '../shared/dialog.tsx';
import type { Faults } from '../shared/faults.ts';
import { Failed } from '../shared/states.tsx';
import { useTell } from '../shared/tell.tsx';
import { useWords } from '../words/context.tsx';
import { AppFields } from './app-fields.tsx';
import { type AppForm, appFaults, appWish, EMPTY_APP, faultsOf } from './connect-form.ts';

export interface AppDialogProps {
  readonly app: App;
  readonly channel: Channel;
  readonly close: () => void;
}

/** The same app again: its id, and with it the address that the platform knows, stay. */
export function AppDialog({ app, channel, close }: AppDialogProps) {
  const words = useWords();
  const { t } = words;
  const client = useQueryClient();
  const { tell } = useTell();
  const [form, setForm] = useState<AppForm>({ ...EMPTY_APP, key: app.key, appName: app.name });
  const [faults, setFaults] = useState<Faults>({});
  const saving = useMutation({
    mutationFn: () => registerApp({ ...appWish(app.channel, form), ...(app.baseUrl === null ? {} : { baseUrl: app.baseUrl }) }),
    onSuccess: () => {
      tell(t('connect.changed'));
      close();
      return client.invalidateQueries({ queryKey: ['channels'] });
    },
    onError: (error) => setFaults(faultsOf(error, 'app', words)),
  });
  const save = (): void => {
    const found = appFaults(form, channel, words, app.settings);
    setFaults(found);
    if (Object.keys(found).length === 0) saving.mutate();
  };
  return (
    <Dialog
      className="tall-dialog"
      title={t('connect.changeTitle', { app: app.name })}
      okText={t('connect.changeGo')}
      isBusy={saving.isPending}
      cancelText={t('do.cancel')}
      onOk={save}
      close={close}
    >
      <p className="soft">{t('connect.changeLead')}</p>
      <AppFields channel={channel} form={form} faults={faults} set={app.settings} change={(next) => setForm({ ...form, ...next })} />
      {saving.error && Object.keys(faults).length === 0 && <Failed error={saving.error} />}
    </Dialog>
  );
}
