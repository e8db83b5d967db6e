/** Discounts on their way into our words: parts that must add up, each with who bears it. */
import type { NeutralOrder } from '@weir/contract';
import { formatFen } from '@weir/core';

export type Discount = NeutralOrder['discounts'][number];
export type Payer = Discount['payer'];
export interface Part {
  readonly name: string;
  readonly fen: number;
  readonly payer: Payer;
}

const MAX_NAME = 200;

export const sumOfParts = (parts: readonly Part[]): number => parts.reduce((sum, part) => sum + part.fen, 0);
/** What is missing up to the total is said with a name and a payer of its own. */
export const withRemainder = (parts: readonly Part[], total: number, name: string, payer: Payer): Part[] => [
  ...parts,
  { name, fen: total - sumOfParts(parts), payer },
];
export const asDiscounts = (parts: readonly Part[]): Discount[] =>
  parts
    .filter(({ fen }) => fen !== 0)
    .map(({ name, fen, payer }) => ({ name: name.slice(0, MAX_NAME).toWellFormed(), amount: formatFen(fen), payer }));
