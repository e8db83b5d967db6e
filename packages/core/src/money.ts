/** Money is whole hundredths ("fen") in code and a decimal string on the wire; a refund is a word, not a minus sign. */
export type Fen = number & { readonly unit: 'fen' };

/** Reads a decimal(12,2) such as "129.00". Returns null for anything else, including "129", "1e3", "-1.00" and "0129.00". */
export function parseFen(text: string): Fen | null {
  const match = /^(0|[1-9]\d{0,9})\.(\d{2})$/.exec(text);
  return match ? (Number(`${match[1]}${match[2]}`) as Fen) : null;
}

const ZERO = 0x30;
/** For text that a schema has already accepted: no pattern is run again. */
export function fenOf(accepted: string): Fen {
  let fen = 0;
  for (let i = 0; i < accepted.length; i++) {
    const digit = accepted.charCodeAt(i) - ZERO;
    if (digit >= 0) fen = fen * 10 + digit; // the point lies below the digits
  }
  return fen as Fen;
}

/** Whole hundredths as wire text; a negative sum (only ever shown in a problem) keeps its sign. */
export function formatFen(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** unitPrice × quantity, or null when the product cannot be held exactly. */
export function times(price: Fen, quantity: number): Fen | null {
  const product = price * quantity;
  return Number.isSafeInteger(product) ? (product as Fen) : null;
}
