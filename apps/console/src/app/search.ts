/** What somebody typed into the search box. What could be a person's goes into a body or nowhere, never into an address. Pure. */
export type Wanted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'orderKey'; readonly orderKey: string }
  | { readonly kind: 'phone'; readonly phone: string }
  /** The platform's, or a tracking number. */
  | { readonly kind: 'number'; readonly number: string }
  /** A name or an address, which nothing is found by: it is not even sent. */
  | { readonly kind: 'words' };

/** Two letters, a business day, at least five of serial and one check character. */
const ORDER_KEY = /^[A-Z]{2}20\d{6}[0-9A-Z]{6,}$/;
/** Between the digits of a phone people write blanks, dashes of every kind, dots, slashes and brackets. */
const SEPARATORS = /[\s()[\]./\u00b7\u3002\u30fb\u2212\p{Pd}]/gu;
const COUNTRY = /^(?:\+?86|0086)(?=1[3-9]\d{9}$)/;
const MOBILE = /^1[3-9]\d{9}$/;
/** A line with its area code, a service number, any number with its country. */
const OTHERS = [/^0[1-9]\d{1,2}\d{7,8}$/, /^[48]00\d{7}$/, /^\+\d{7,15}$/];
/** What a platform hangs behind a virtual phone, or a switchboard behind its own. */
const EXTENDED = /^(.*\d)\s*(?:[\p{Pd},#*x]|转|轉|分机|ext\.?)\s*(\d{1,6})$/iu;
/** A receiver's line as it was copied: a phone among words. */
const INSIDE = /(?<![\dA-Za-z])1[3-9]\d(?:[\s-]?\d{4}){2}(?!\d)/;
/** Platforms and carriers write numbers of Latin letters and digits in one piece. */
const PLAUSIBLE_ID = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9._:#/-]{1,199}$/;

export function wantedOf(typed: string): Wanted {
  const text = typed.normalize('NFKC').trim();
  if (text === '') return { kind: 'nothing' };
  if (ORDER_KEY.test(text.toUpperCase())) return { kind: 'orderKey', orderKey: text.toUpperCase() };
  const phone = phoneOf(text);
  if (phone !== null) return { kind: 'phone', phone };
  if (PLAUSIBLE_ID.test(text)) return { kind: 'number', number: text };
  const inside = INSIDE.exec(text);
  return inside === null ? { kind: 'words' } : { kind: 'phone', phone: inside[0].replace(/\D/g, '') };
}

/** As the server compares it, with what hangs behind; null for what nobody would dial. */
function phoneOf(text: string): string | null {
  const [, number = '', extension] = EXTENDED.exec(text) ?? [];
  const before = extension === undefined ? null : bareOf(number);
  return bareOf(text) ?? (before === null ? null : `${before}-${extension}`);
}
function bareOf(text: string): string | null {
  const bare = text
    .replace(SEPARATORS, '')
    .replace(COUNTRY, '')
    .replace(/^00(?=[1-9])/, '+');
  return MOBILE.test(bare) || OTHERS.some((form) => form.test(bare)) ? bare : null;
}

const SHOWN_WHOLE_FROM = 10;
/** How a phone stands on the screen after it was typed. */
export const maskedPhone = (phone: string): string =>
  phone.length >= SHOWN_WHOLE_FROM ? `${phone.slice(0, 3)}****${phone.slice(-4)}` : `****${phone.slice(-2)}`;
