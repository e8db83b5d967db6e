/** What somebody typed into the search box. Pure. */
export type Wanted =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'orderKey'; readonly orderKey: string }
  | { readonly kind: 'phone'; readonly phone: string }
  /** The platform's, or a tracking number. */
  | { readonly kind: 'number'; readonly number: string };

/** Two letters, a business day, at least five of serial and one check character. */
const ORDER_KEY = /^[A-Z]{2}20\d{6}[0-9A-Z]{6,}$/;
const PHONE = /^(?:\+?86)?(1[3-9]\d{9})$/;

export function wantedOf(typed: string): Wanted {
  const text = typed.trim();
  if (text === '') return { kind: 'nothing' };
  if (ORDER_KEY.test(text.toUpperCase())) return { kind: 'orderKey', orderKey: text.toUpperCase() };
  const phone = PHONE.exec(text.replace(/[\s()-]/g, ''))?.[1];
  return phone === undefined ? { kind: 'number', number: text } : { kind: 'phone', phone };
}

/** How a phone stands on the screen after it was typed. */
export const maskedPhone = (phone: string): string => `${phone.slice(0, 3)}****${phone.slice(-4)}`;
