/** Connects a shop: its channel, the app of that channel (a registered one or a new one), then the shop itself. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import type { App, AppWish, Channel, Shop } from '../api/channel-types.ts';
import { registerApp, saveShop } from '../api/mutations.ts';
import { Dialog } from '../shared/dialog.tsx';
import type { Faults } from '../shared/faults.ts';
import { Failed } from '../shared/states.tsx';
import { useFocusOnFault } from '../shared/use-focus-on-fault.ts';
import { useWords } from '../words/context.tsx';
import { type ConnectForm, appWish, connectFaults, EMPTY_APP, EMPTY_CONNECT, faultsOf, NEW_APP, OWN, shopWish } from './connect-form.ts';
import { ConnectFields } from './connect-fields.tsx';
import { Connected } from './connected.tsx';
import { keyOf } from './view-model.ts';

export interface ConnectDialogProps {
  readonly offered: readonly Channel[];
  readonly apps: readonly App[];
  readonly close: () => void;
  readonly openShop: (key: string) => void;
}

export function ConnectDialog({ offered, apps, close, openShop }: ConnectDialogProps) {
  const { t } = useWords();
  const connecting = useConnecting(apps);
  const { form, setForm, faults, error, done, known, isBusy, made } = connecting;
  const channel = offered.find((each) => each.channel === form.channel);
  useFocusOnFault(faults);
  const show = (shop: Shop): void => {
    close();
    openShop(keyOf(shop));
  };
  return (
    <Dialog
      isBusy={isBusy}
      className="tall-dialog"
      width={600}
      title={done ? `✓ ${t('connect.doneTitle', { shop: done.name })}` : t('connect.title')}
      footer={
        <>
          <Button disabled={isBusy} onClick={close}>
            {t(done ? 'connect.done' : 'do.cancel')}
          </Button>
          {done ? (
            <Button key="show" type="primary" onClick={() => show(done)}>
              {t('connect.toShop')}
            </Button>
          ) : (
            <Button key="go" type="primary" loading={isBusy} onClick={() => void connecting.submit(channel)}>
              {t('connect.go')}
            </Button>
          )}
        </>
      }
      close={close}
    >
      {done ? (
        <Connected shop={done} app={known.find(({ id }) => id === done.app)} channel={channel} />
      ) : (
        <>
          <ConnectFields offered={offered} apps={known} form={form} faults={faults} change={setForm} />
          {made !== null && error !== null && <p className="soft">{t('connect.appSaved')}</p>}
          {error !== null && Object.keys(faults).length === 0 && <Failed error={error} />}
        </>
      )}
    </Dialog>
  );
}

/** First the app, then the shop. An app that was saved stays chosen when the shop is refused, so that nothing is typed twice. */
function useConnecting(apps: readonly App[]) {
  const words = useWords();
  const client = useQueryClient();
  const [form, setForm] = useState<ConnectForm>(EMPTY_CONNECT);
  const [faults, setFaults] = useState<Faults>({});
  const [made, setMade] = useState<App | null>(null);
  const saved = (): Promise<void> => client.invalidateQueries({ queryKey: ['channels'] });
  const registering = useMutation({
    mutationFn: (wish: AppWish) => registerApp(wish),
    onSuccess: (app) => {
      setMade(app);
      setForm((old) => ({ ...old, ...EMPTY_APP, app: app.id }));
      return saved();
    },
    onError: (error) => setFaults(faultsOf(error, 'app', words)),
  });
  const connecting = useMutation({
    mutationFn: (app: string | null) => saveShop(shopWish(form, app)),
    onSuccess: saved,
    onError: (error) => setFaults(faultsOf(error, 'shop', words)),
  });
  const submit = async (channel: Channel | undefined): Promise<void> => {
    const missing = connectFaults(form, channel, words);
    setFaults(missing);
    registering.reset();
    connecting.reset();
    if (Object.keys(missing).length > 0 || form.channel === null) return;
    try {
      const isNew = form.channel !== OWN && form.app === NEW_APP;
      const app = isNew ? (await registering.mutateAsync(appWish(form.channel, form))).id : form.app;
      await connecting.mutateAsync(form.channel === OWN ? null : app);
    } catch {
      // Both say themselves what went wrong.
    }
  };
  return {
    form,
    setForm,
    faults,
    submit,
    made,
    known: made === null || apps.some(({ id }) => id === made.id) ? apps : [...apps, made],
    error: registering.error ?? connecting.error,
    done: connecting.data,
    isBusy: registering.isPending || connecting.isPending,
  };
}
