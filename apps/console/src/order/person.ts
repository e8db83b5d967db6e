/** Personal values as rows of text. Pure. */
import { type Context, type Order, type Person, REVEAL_FIELDS, type RevealField, type Revealed } from '../api/types.ts';
import type { Words } from '../words/words.ts';

/** As a Chinese address is written: from the province to the door. */
export const placeText = ({ province, city, district, detail }: Person): string => {
  const wide = [province, city === province ? undefined : city, district].filter(Boolean).join('');
  return [wide, detail].filter(Boolean).join(' ');
};

/** Something that can be shown, or opened. */
export const hasPersonal = ({ receiver, buyer, remark, cancelReason }: Order['personal']): boolean =>
  [receiver, buyer].some((part) => Object.values(part ?? {}).some(Boolean)) || [remark, cancelReason].some(Boolean);
/** All that the channel told of the receiver is what it opens itself. */
export const isTokenOnly = (receiver: Person | null | undefined): boolean =>
  Boolean(receiver?.token) && [receiver?.name, receiver?.phone, placeText(receiver ?? {})].every((part) => !part);

interface Row {
  readonly field: string;
  readonly label: string;
  readonly text: string;
}
export function revealedRows(values: Revealed['values'], words: Words): readonly Row[] {
  return Object.entries(values).flatMap(([field, value]) => {
    if (field === 'context') return contextRows(value as Contexts | null, words);
    const label = (REVEAL_FIELDS as readonly string[]).includes(field) ? words.t(`field.${field as RevealField}`) : field;
    const text = typeof value === 'object' && value !== null ? placeText(value) : typeof value === 'string' ? value : '';
    return [{ field, label, text: text === '' ? words.t('person.empty') : text }];
  });
}

/** Who caused which version, with which device and where, as far as the sender said. */
export type Contexts = Readonly<Record<string, Context>>;

const contextText = ({ operator, deviceFingerprint, geo }: Context, { t }: Words): string =>
  [
    operator,
    deviceFingerprint && t('context.device', { device: deviceFingerprint }),
    geo && t('context.place', { lat: geo.lat, lng: geo.lng }),
  ]
    .filter(Boolean)
    .join(' · ');

function contextRows(contexts: Contexts | null, words: Words): readonly Row[] {
  const rows = Object.entries(contexts ?? {}).map(([version, context]) => ({
    field: `context.${version}`,
    label: words.t('context.version', { n: version }),
    text: contextText(context, words),
  }));
  return rows.length > 0 ? rows : [{ field: 'context', label: words.t('field.context'), text: words.t('person.empty') }];
}

export const contextsIn = (values: Revealed['values']): Contexts | null => (values['context'] as Contexts | null | undefined) ?? null;

/** What was opened of who stood behind a step of the history; null where nobody said or nothing is open. */
export function contextOf([first, last]: readonly [first: number, last: number], contexts: Contexts | null, words: Words): string | null {
  const found = Object.entries(contexts ?? {}).filter(([version]) => Number(version) >= first && Number(version) <= last);
  return found.length === 0 ? null : found.map(([, context]) => contextText(context, words)).join(' / ');
}
