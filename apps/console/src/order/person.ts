/** Personal values as rows of text. Pure. */
import { type Person, REVEAL_FIELDS, type RevealField, type Revealed } from '../api/types.ts';
import type { Words } from '../words/words.ts';

/** As a Chinese address is written: from the province to the door. */
export const placeText = ({ province, city, district, detail }: Person): string => {
  const wide = [province, city === province ? undefined : city, district].filter(Boolean).join('');
  return [wide, detail].filter(Boolean).join(' ');
};

export function revealedRows(
  values: Revealed['values'],
  words: Words,
): readonly { readonly field: string; readonly label: string; readonly text: string }[] {
  return Object.entries(values).map(([field, value]) => {
    const label = (REVEAL_FIELDS as readonly string[]).includes(field) ? words.t(`field.${field as RevealField}`) : field;
    const text = typeof value === 'object' && value !== null ? placeText(value) : typeof value === 'string' ? value : '';
    return { field, label, text: text === '' ? words.t('person.empty') : text };
  });
}
