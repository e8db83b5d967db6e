import { Checkbox, Radio, Select } from 'antd';
import type { ReactNode } from 'react';
import { REVEAL_FIELDS, type Source } from '../api/types.ts';
import { keyOf } from '../channels/view-model.ts';
import { channelName } from '../shared/channel-name.ts';
import type { Faults } from '../shared/faults.ts';
import { Field } from '../shared/field.tsx';
import { useWords } from '../words/context.tsx';
import { CHOSEN_TYPES, type NewForm } from './new-form.ts';

export interface NewFieldsProps {
  readonly form: NewForm;
  readonly faults: Faults;
  readonly sources: readonly Source[];
  readonly change: (form: NewForm) => void;
}

export function NewFields({ form, faults, sources, change }: NewFieldsProps) {
  const { t, name: nameOf, language } = useWords();
  const { name, url, eventTypes, shops, startAt, personalFields } = form;
  return (
    <>
      <Field
        label={t('endpoint.newName')}
        value={name}
        change={(next) => change({ ...form, name: next })}
        fault={faults.name}
        hint={t('endpoint.newNameHint')}
      />
      <Field
        label={t('endpoint.newUrl')}
        value={url}
        change={(next) => change({ ...form, url: next })}
        fault={faults.url}
        hint={t('endpoint.newUrlHint')}
        placeholder="https://erp.example.com/hooks/weir"
      />
      <AllOrSome
        legend={t('endpoint.newWhat')}
        all={t('endpoint.newAllEvents')}
        some={t('endpoint.newSomeEvents')}
        chosen={eventTypes}
        change={(next) => change({ ...form, eventTypes: next })}
        fault={faults.eventTypes}
      >
        <Checkbox.Group
          className="choices"
          options={CHOSEN_TYPES.map((value) => ({ value, label: nameOf('event', value) }))}
          value={[...(eventTypes ?? [])]}
          onChange={(next) => change({ ...form, eventTypes: CHOSEN_TYPES.filter((type) => next.includes(type)) })}
        />
        <small className="soft">{t('endpoint.newAlways')}</small>
      </AllOrSome>
      <AllOrSome
        legend={t('endpoint.newShops')}
        all={t('endpoint.newAllShops')}
        some={t('endpoint.newSomeShops')}
        chosen={shops}
        change={(next) => change({ ...form, shops: next })}
        fault={faults.shops}
      >
        <Select
          mode="multiple"
          className="endpoint-shops"
          aria-label={t('endpoint.newShops')}
          placeholder={t('connect.choose')}
          optionFilterProp="label"
          options={sources.map((source) => ({
            value: keyOf(source),
            label: `${channelName(source.channel, language)} ${source.name ?? source.shop}`,
          }))}
          value={[...(shops ?? [])]}
          onChange={(next: string[]) => change({ ...form, shops: next })}
        />
      </AllOrSome>
      <fieldset>
        <legend>{t('endpoint.newStart')}</legend>
        <Radio.Group
          className="choices-column"
          options={(['now', 'earliest'] as const).map((value) => ({ value, label: t(`endpoint.newStart.${value}`) }))}
          value={startAt}
          onChange={(event) => change({ ...form, startAt: event.target.value as NewForm['startAt'] })}
        />
      </fieldset>
      <fieldset>
        <legend>{t('endpoint.newPersonal')}</legend>
        <p className="soft">{t('endpoint.newPersonalLead')}</p>
        <Checkbox.Group
          className="choices"
          options={REVEAL_FIELDS.map((value) => ({ value, label: t(`field.${value}`) }))}
          value={[...personalFields]}
          onChange={(next) => change({ ...form, personalFields: REVEAL_FIELDS.filter((field) => next.includes(field)) })}
        />
      </fieldset>
    </>
  );
}

interface AllOrSomeProps<T> {
  readonly legend: string;
  readonly all: string;
  readonly some: string;
  /** Null: all. */
  readonly chosen: readonly T[] | null;
  readonly change: (chosen: readonly T[] | null) => void;
  readonly fault: string | undefined;
  readonly children: ReactNode;
}
/** Everything, or what is chosen below. */
function AllOrSome<T>({ legend, all, some, chosen, change, fault, children }: AllOrSomeProps<T>) {
  return (
    <fieldset aria-invalid={fault !== undefined}>
      <legend>{legend}</legend>
      <Radio.Group
        className="choices-column"
        options={[
          { value: 'all', label: all },
          { value: 'some', label: some },
        ]}
        value={chosen === null ? 'all' : 'some'}
        onChange={(event) => change(event.target.value === 'all' ? null : [])}
      />
      {chosen !== null && children}
      {fault !== undefined && (
        <small className="tone-bad" role="alert">
          {fault}
        </small>
      )}
    </fieldset>
  );
}
