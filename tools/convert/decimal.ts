/** Exact decimals by integer arithmetic on text. A price is never a float, and is never rounded: what has three decimals keeps three. */
export interface Decimal {
  readonly units: bigint;
  /** Digits after the point: the value is units / 10^scale. */
  readonly scale: number;
}

export const ZERO: Decimal = { units: 0n, scale: 0 };

/** Reads "2", "2.1", "-0.001". Throws for anything else, "1e3" included: such a table is not the one this converter knows. */
export function parseDecimal(text: string): Decimal {
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,9}))?$/.exec(text);
  if (!match) throw new Error(`"${text}" is not a plain decimal number`);
  const [, sign, whole, fraction = ''] = match;
  const units = BigInt(`${whole}${fraction}`);
  return { units: sign === '-' ? -units : units, scale: fraction.length };
}

const atScale = (value: Decimal, scale: number): bigint => value.units * 10n ** BigInt(scale - value.scale);

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { units: atScale(a, scale) + atScale(b, scale), scale };
}

export const times = (price: Decimal, quantity: number): Decimal => ({ units: price.units * BigInt(quantity), scale: price.scale });

export function isEqual(a: Decimal, b: Decimal): boolean {
  const scale = Math.max(a.scale, b.scale);
  return atScale(a, scale) === atScale(b, scale);
}

/** At least two decimals, more only where the value needs them: Weir's door then refuses that amount and a person decides. */
export function formatAmount(value: Decimal): string {
  const scale = Math.max(value.scale, 2);
  const units = atScale(value, scale);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const fraction = digits.slice(-scale);
  const kept = fraction.slice(0, 2) + fraction.slice(2).replace(/0+$/, '');
  return `${units < 0n ? '-' : ''}${digits.slice(0, -scale)}.${kept}`;
}
