/** How the amount to pay comes about, line by line, so that anyone can add it up. Pure. */
import type { OrderState } from '@weir/contract';
import { amountText, fenOf } from '../shared/money.ts';
import type { Words } from '../words/words.ts';

export interface MoneyRow {
  readonly id: string;
  readonly label: string;
  readonly amount: string;
}
export interface MoneyView {
  readonly parts: readonly MoneyRow[];
  readonly payable: string;
  /** Null when the parts make `payable`. */
  readonly differs: { readonly sum: string; readonly difference: string } | null;
  readonly settled: readonly MoneyRow[];
}
type Amounts = Pick<OrderState, 'lines' | 'discounts' | 'shippingFee' | 'payable' | 'paid' | 'refunded' | 'currency'>;

export const lineFen = (line: Pick<OrderState['lines'][number], 'unitPrice' | 'quantity' | 'discount'>): number =>
  fenOf(line.unitPrice) * line.quantity - fenOf(line.discount);
const sum = (amounts: readonly number[]): number => amounts.reduce((all, amount) => all + amount, 0);

export function moneyView(order: Amounts, { t, name }: Words): MoneyView {
  const show = (fen: number): string => amountText(fen, order.currency);
  const goods = sum(order.lines.map((line) => fenOf(line.unitPrice) * line.quantity));
  const lineDiscounts = sum(order.lines.map((line) => fenOf(line.discount)));
  const discounts = order.discounts.map(({ amount }) => fenOf(amount));
  const total = goods - lineDiscounts - sum(discounts) + fenOf(order.shippingFee);
  const [payable, paid, refunded] = [fenOf(order.payable), fenOf(order.paid), fenOf(order.refunded)];
  const parts: MoneyRow[] = [{ id: 'goods', label: t('money.goods'), amount: show(goods) }];
  if (lineDiscounts > 0) parts.push({ id: 'lines', label: t('money.lineDiscounts'), amount: show(-lineDiscounts) });
  order.discounts.forEach((discount, index) => {
    const label = t('money.discount', { name: discount.name, payer: name('payer', discount.payer) });
    parts.push({ id: `discount.${index}`, label, amount: show(-(discounts[index] as number)) });
  });
  parts.push({ id: 'shipping', label: t('money.shippingFee'), amount: show(fenOf(order.shippingFee)) });
  const settled: MoneyRow[] = [{ id: 'paid', label: t('money.paid'), amount: show(paid) }];
  if (payable > paid) settled.push({ id: 'open', label: t('money.open'), amount: show(payable - paid) });
  if (refunded > 0) settled.push({ id: 'refunded', label: t('money.refunded'), amount: show(-refunded) });
  const differs = total === payable ? null : { sum: show(total), difference: show(payable - total) };
  return { parts, payable: show(payable), differs, settled };
}
