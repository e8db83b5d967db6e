/** Amounts are counted in whole fen and shown with two digits. */
const SIGNS: Readonly<Record<string, string>> = { CNY: '¥' };

/** The server's amounts are decimal(12,2) as text; anything else is no amount. */
export function fenOf(text: string): number {
  const match = /^(\d{1,10})\.(\d{2})$/.exec(text);
  return match ? Number(`${match[1]}${match[2]}`) : Number.NaN;
}

export function amountText(fen: number, currency: string): string {
  if (!Number.isSafeInteger(fen)) return '—';
  const digits = String(Math.abs(fen)).padStart(3, '0');
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${fen < 0 ? '−' : ''}${SIGNS[currency] ?? `${currency} `}${whole}.${digits.slice(-2)}`;
}

export const shownAmount = (text: string | null, currency: string): string => (text === null ? '—' : amountText(fenOf(text), currency));
