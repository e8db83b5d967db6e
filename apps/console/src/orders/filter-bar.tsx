import { CloseOutlined } from '@ant-design/icons';
import { CHANNELS } from '@weir/contract/channels';
import { HOLD_KINDS, ORDER_STATUSES } from '@weir/contract/statuses';
import { useWords } from '../words/context.tsx';
import { channelName } from '../shared/channel-name.ts';
import { useNow } from '../shared/clock.ts';
import { chipsOf, type FilterName, NO_STATUS, type OrderSearch, SPANS } from './filters.ts';

export interface FilterBarProps {
  readonly search: OrderSearch;
  readonly go: (search: OrderSearch) => void;
  readonly phone: string | null;
  readonly forgetPhone: () => void;
}

/** The browser's own selects: light, known to every hand, and right on a phone. */
export function FilterBar({ search, go, phone, forgetPhone }: FilterBarProps) {
  const words = useWords();
  const { t, name, language } = words;
  const now = useNow();
  const set = (field: FilterName | 'since', value: string): void => {
    const { open: _, ...rest } = search;
    const kept = field === 'since' ? without(rest, 'since', 'placedFrom', 'placedTo') : without(rest, field);
    go(value === '' ? kept : { ...kept, [field]: value });
  };
  const chips = phone === null ? chipsOf(search, now, words) : [];
  return (
    <div className="filters" role="group" aria-label={t('orders.filters')}>
      <Choice
        label={t('orders.channel')}
        any={t('orders.anyChannel')}
        value={search.channel}
        set={(value) => set('channel', value)}
        options={Object.keys(CHANNELS).map((id) => [id, channelName(id, language)])}
      />
      <Choice
        label={t('orders.status')}
        any={t('orders.anyStatus')}
        value={search.status}
        set={(value) => set('status', value)}
        options={[...ORDER_STATUSES.map((id) => [id, name('status', id)] as const), [NO_STATUS, t('orders.noStatus')]]}
      />
      <Choice
        label={t('orders.held')}
        any={t('orders.anyHold')}
        value={search.held}
        set={(value) => set('held', value)}
        options={[['any', t('orders.heldAny')], ...HOLD_KINDS.map((id) => [id, name('hold', id)] as const)]}
      />
      <Choice
        label={t('orders.placed')}
        any={t('orders.anyTime')}
        value={search.since}
        set={(value) => set('since', value)}
        options={SPANS.map((id) => [id, t(id === 'today' ? 'orders.today' : `orders.last${id}`)])}
      />
      {phone !== null && <ChipButton text={t('orders.chipPhone', { phone })} drop={forgetPhone} />}
      {chips.map(({ id, text, without: next }) => (
        <ChipButton key={id} text={text} drop={() => go(next)} />
      ))}
      {chips.length > 1 && (
        <button type="button" className="text-button" onClick={() => go({})}>
          {t('orders.clear')}
        </button>
      )}
    </div>
  );
}

const without = (search: OrderSearch, ...names: readonly (keyof OrderSearch)[]): OrderSearch =>
  Object.fromEntries(Object.entries(search).filter(([name]) => !names.includes(name as keyof OrderSearch)));

interface ChoiceProps {
  readonly label: string;
  readonly any: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [id: string, text: string])[];
  readonly set: (value: string) => void;
}
function Choice({ label, any, value, options, set }: ChoiceProps) {
  const isStrange = value !== undefined && !options.some(([id]) => id === value);
  return (
    <select
      aria-label={label}
      value={value ?? ''}
      onChange={(event) => set(event.target.value)}
      className={value === undefined ? undefined : 'is-set'}
    >
      <option value="">{any}</option>
      {options.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
      {isStrange && <option value={value}>{value}</option>}
    </select>
  );
}

function ChipButton({ text, drop }: { readonly text: string; readonly drop: () => void }) {
  const { t } = useWords();
  return (
    <button type="button" className="chip" onClick={drop} aria-label={t('orders.drop', { text })}>
      {text} <CloseOutlined aria-hidden="true" />
    </button>
  );
}
