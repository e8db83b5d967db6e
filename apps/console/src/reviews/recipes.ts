/** The recipes of a bulk fix as they are typed, and as they are asked for. Pure. */
export const DEEDS = ['set', 'expected', 'two_digits', 'zone', 'remove'] as const;
export type Deed = (typeof DEEDS)[number];
export interface RecipeDraft {
  readonly pointer: string;
  readonly deed: Deed;
  readonly text: string;
}
export type Recipe = { readonly pointer: string; readonly do: Deed; readonly value?: string; readonly offset?: string };
export const CHINA = '+08:00';

/** What the first problems of a cause suggest. */
export function suggested(
  problems: readonly { readonly code: string; readonly pointer: string; readonly severity: string }[],
): RecipeDraft[] {
  const deedOf = (code: string): Deed => {
    if (code.startsWith('sum.')) return 'expected';
    if (code === 'amount.not_decimal') return 'two_digits';
    if (code === 'time.not_zoned') return 'zone';
    return code === 'field.unknown' ? 'remove' : 'set';
  };
  const drafts = problems
    .filter(({ severity, pointer }) => severity === 'blocking' && pointer !== '')
    .map(({ code, pointer }): RecipeDraft => {
      const deed = deedOf(code);
      return { pointer: pointer.replaceAll(/\/\d+(?=\/|$)/g, '/*'), deed, text: deed === 'zone' ? CHINA : '' };
    });
  return drafts.filter((draft, i) => drafts.findIndex(({ pointer }) => pointer === draft.pointer) === i);
}

const needsText = (deed: Deed): boolean => deed === 'set' || deed === 'zone';
/** Null while something is missing. */
export function recipesOf(drafts: readonly RecipeDraft[]): readonly Recipe[] | null {
  if (drafts.length === 0 || drafts.some(({ pointer, deed, text }) => !pointer.startsWith('/') || (needsText(deed) && text === '')))
    return null;
  return drafts.map(({ pointer, deed, text }) => ({
    pointer,
    do: deed,
    ...(deed === 'set' ? { value: text } : {}),
    ...(deed === 'zone' ? { offset: text } : {}),
  }));
}
