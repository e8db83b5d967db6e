/** Money as yuan in decimal text ("209.00"), read as whole fen. "" is absent, not zero. */
import type { Fields } from './fields.ts';

const YUAN = /^(-?)(0|[1-9]\d{0,9})(?:\.(\d{1,2}))?$/;

/** "209", "209.0" and "209.00" are 20900; null for anything else: no third decimal is rounded away. */
export function readYuan(text: string): number | null {
  const found = YUAN.exec(text);
  if (found === null) return null;
  const fen = Number(`${found[2]}${(found[3] ?? '').padEnd(2, '0')}`);
  return found[1] === '-' && fen > 0 ? -fen : fen;
}

/** Absent, null and "" are undefined; what is no amount is undefined and a problem. May be negative. */
export function signedYuan(from: Fields, name: string): number | undefined {
  const text = from.at(name);
  if (!from.has(name)) return undefined;
  const fen = typeof text === 'string' ? readYuan(text) : null;
  if (fen === null) from.complain(name, 'amount.not_decimal', 'yuan such as 209.00', '以元为单位的金额，例如 209.00');
  return fen ?? undefined;
}

/** As `signedYuan`, and 0 or more. */
export function yuan(from: Fields, name: string): number | undefined {
  const fen = signedYuan(from, name);
  if (fen === undefined || fen >= 0) return fen;
  from.complain(name, 'field.not_allowed', '0 or more', '不小于 0');
  return undefined;
}

/** As `yuan`, and absent is a problem. */
export function neededYuan(from: Fields, name: string): number | undefined {
  if (!from.has(name)) from.complain(name, 'field.missing', 'an amount in yuan', '以元为单位的金额');
  return yuan(from, name);
}
