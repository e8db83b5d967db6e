/** What of a number and of a name everybody may see. Pure. */

/** At least four characters stay hidden, also of a short landline number. */
export const maskPhone = (text: string): string =>
  text.length >= 11 ? `${text.slice(0, 3)}****${text.slice(-4)}` : text.length >= 8 ? `****${text.slice(-4)}` : '****';
export const maskName = (text: string): string => (text === '' ? '' : `${String.fromCodePoint(text.codePointAt(0) as number)}**`);
