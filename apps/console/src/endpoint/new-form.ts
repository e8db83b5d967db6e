/** What a person fills in for a new endpoint becomes a wish. Pure. */
import { EVENT_TYPES, type EventType } from '@weir/contract/statuses';
import type { EndpointWish, RevealField } from '../api/types.ts';
import { type Faults, faultsAt } from '../shared/faults.ts';
import type { Words } from '../words/words.ts';

/** Told to every endpoint, whatever it asked for: nobody may choose to go on with what is void. */
const ALWAYS: ReadonlySet<EventType> = new Set(['order.erased', 'order.restored']);
export const CHOSEN_TYPES: readonly EventType[] = EVENT_TYPES.filter((type) => !ALWAYS.has(type));

export interface NewForm {
  readonly name: string;
  readonly url: string;
  /** Null: all of them, also those that later versions bring. */
  readonly eventTypes: readonly EventType[] | null;
  /** `channel/shop`; null: every shop, also one that is connected later. */
  readonly shops: readonly string[] | null;
  readonly startAt: 'now' | 'earliest';
  readonly personalFields: readonly RevealField[];
}
export const EMPTY_ENDPOINT: NewForm = { name: '', url: '', eventTypes: null, shops: null, startAt: 'now', personalFields: [] };

const isAddress = (text: string): boolean => /^https?:\/\//.test(text) && URL.canParse(text);

export const placeFaults = ({ name, url }: Pick<NewForm, 'name' | 'url'>, { t }: Pick<Words, 't'>): Faults => ({
  ...(name.trim() === '' ? { name: t('connect.fillIn') } : {}),
  ...(isAddress(url.trim()) ? {} : { url: t('endpoint.newBadUrl') }),
});

export function newFaults(form: NewForm, words: Pick<Words, 't'>): Faults {
  const [{ eventTypes, shops }, { t }] = [form, words];
  return {
    ...placeFaults(form, words),
    ...(eventTypes?.length === 0 ? { eventTypes: t('endpoint.newNoneChosen') } : {}),
    ...(shops?.length === 0 ? { shops: t('endpoint.newNoneChosen') } : {}),
  };
}

/** What was left at "all" is not named. */
export const wishOf = ({ name, url, eventTypes, shops, startAt, personalFields }: NewForm): EndpointWish => ({
  name: name.trim(),
  url: url.trim(),
  startAt,
  ...(eventTypes === null ? {} : { eventTypes }),
  ...(shops === null ? {} : { shops }),
  ...(personalFields.length === 0 ? {} : { personalFields }),
});

/** Those that show what is wrong with them. */
const FIELDS = ['name', 'url', 'eventTypes', 'shops'];
/** A place inside a list belongs to the list. */
export const refusedFields = (error: unknown, words: Pick<Words, 'language'>): Faults =>
  faultsAt(error, (pointer) => FIELDS.find((name) => pointer === `/${name}` || pointer.startsWith(`/${name}/`)), words);
