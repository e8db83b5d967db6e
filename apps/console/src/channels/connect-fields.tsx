import { Radio } from 'antd';
import type { App, Channel } from '../api/channel-types.ts';
import { channelName } from '../shared/channel-name.ts';
import type { Faults } from '../shared/faults.ts';
import { useWords } from '../words/context.tsx';
import { AppFields } from './app-fields.tsx';
import { choosingChannel, type ConnectForm, NEW_APP, OWN } from './connect-form.ts';
import { Field } from '../shared/field.tsx';

export interface ConnectFieldsProps {
  readonly offered: readonly Channel[];
  readonly apps: readonly App[];
  readonly form: ConnectForm;
  readonly faults: Faults;
  readonly change: (form: ConnectForm) => void;
}

export function ConnectFields(props: ConnectFieldsProps) {
  const { t } = useWords();
  const { offered, form, faults, change } = props;
  const channel = offered.find((each) => each.channel === form.channel);
  return (
    <>
      <ChannelChoice {...props} />
      {form.channel === OWN && (
        <>
          <p className="soft">{t('connect.ownLead')}</p>
          <Field
            label={t('connect.ownChannel')}
            value={form.ownChannel}
            change={(ownChannel) => change({ ...form, ownChannel })}
            fault={faults.ownChannel}
          />
        </>
      )}
      {channel !== undefined && <AppChoice {...props} channel={channel} />}
      {form.channel !== null && <ShopFields {...props} channel={channel} />}
    </>
  );
}

function ChannelChoice({ offered, apps, form, faults, change }: ConnectFieldsProps) {
  const { t, language } = useWords();
  return (
    <div className="field">
      <span className="field-label" aria-hidden="true">
        {t('connect.channel')}
      </span>
      <select
        className="channel-choice"
        aria-label={t('connect.channel')}
        aria-invalid={faults.channel !== undefined}
        value={form.channel ?? '?'}
        onChange={(event) => change(choosingChannel(form, event.target.value, apps))}
      >
        <option value="?" disabled>
          {t('connect.choose')}
        </option>
        {offered.map(({ channel }) => (
          <option key={channel} value={channel}>
            {channelName(channel, language)}
          </option>
        ))}
        <option value={OWN}>{t('connect.own')}</option>
      </select>
      {faults.channel !== undefined && (
        <small className="tone-bad" role="alert">
          {faults.channel}
        </small>
      )}
    </div>
  );
}

/** Several shops share one app, so a registered one comes first. */
function AppChoice({ channel, apps, form, faults, change }: ConnectFieldsProps & { readonly channel: Channel }) {
  const { t } = useWords();
  const own = apps.filter((app) => app.channel === channel.channel);
  return (
    <fieldset>
      <legend>{t('connect.whichApp')}</legend>
      {own.length > 0 && (
        <Radio.Group
          className="choices-column"
          options={[
            ...own.map(({ id, name, key }) => ({ value: id, label: t('connect.useApp', { app: name === key ? key : `${name} ${key}` }) })),
            { value: NEW_APP, label: t('connect.newApp') },
          ]}
          value={form.app}
          onChange={(event) => change({ ...form, app: event.target.value as string })}
        />
      )}
      {form.app === NEW_APP && (
        <>
          <p className="soft">{t('connect.appLead')}</p>
          <AppFields channel={channel} form={form} faults={faults} change={(next) => change({ ...form, ...next })} />
        </>
      )}
    </fieldset>
  );
}

function ShopFields({ channel, form, faults, change }: ConnectFieldsProps & { readonly channel: Channel | undefined }) {
  const { t, name } = useWords();
  const hint = form.channel === null || form.channel === OWN ? null : name('shopHint', form.channel);
  const consent = channel?.consentCode ?? 'none';
  return (
    <fieldset>
      <legend>{t('connect.shopTitle')}</legend>
      <Field
        label={t('connect.shop')}
        value={form.shop}
        change={(shop) => change({ ...form, shop })}
        fault={faults.shop}
        {...(hint === null ? {} : { hint: hint === form.channel ? t('connect.shopHint') : hint })}
      />
      <Field
        label={`${t('connect.name')}${t('connect.optional')}`}
        value={form.name}
        change={(next) => change({ ...form, name: next })}
        fault={faults.name}
      />
      {consent !== 'none' && (
        <Field
          label={`${t('connect.code')}${consent === 'needed' ? '' : t('connect.optional')}`}
          value={form.code}
          change={(code) => change({ ...form, code })}
          fault={faults.code}
          hint={t(consent === 'needed' ? 'connect.codeNeeded' : 'connect.codeOptional')}
        />
      )}
    </fieldset>
  );
}
