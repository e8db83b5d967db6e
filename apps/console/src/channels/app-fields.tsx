import type { Channel } from '../api/channel-types.ts';
import type { Faults } from '../shared/faults.ts';
import { useWords } from '../words/context.tsx';
import type { AppForm } from './connect-form.ts';
import { Field } from '../shared/field.tsx';

export interface AppFieldsProps {
  readonly channel: Channel;
  readonly form: AppForm;
  readonly faults: Faults;
  readonly change: (form: Partial<AppForm>) => void;
  /** Of an app that is registered: the names of what is set, which may stay empty. Its key cannot change. */
  readonly set?: readonly string[];
}

/** Connectors speak in the middle of a sentence. */
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Exactly what the channel's connector declares, in its own words. */
export function AppFields({ channel, form, faults, change, set }: AppFieldsProps) {
  const { t, language } = useWords();
  return (
    <>
      <Field label={t('connect.key')} value={form.key} change={(key) => change({ key })} fault={faults.key} isFixed={set !== undefined} />
      <Field label={t('connect.secret')} form="secret" value={form.secret} change={(secret) => change({ secret })} fault={faults.secret} />
      {channel.settings.map(({ name, isRequired, form: how, ...said }) => {
        const isSet = set?.includes(name) === true;
        return (
          <Field
            key={name}
            label={`${capital(said[language])}${isRequired || isSet ? '' : t('connect.optional')}`}
            form={how}
            value={form.settings[name] ?? ''}
            change={(value) => change({ settings: { ...form.settings, [name]: value } })}
            fault={faults[`settings/${name}`]}
            {...(isSet ? { placeholder: t('connect.isSet') } : {})}
          />
        );
      })}
      <Field
        label={`${t('connect.appName')}${t('connect.optional')}`}
        value={form.appName}
        change={(appName) => change({ appName })}
        fault={faults.appName}
      />
    </>
  );
}
