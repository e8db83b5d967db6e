/**
 * Which order a cancellation line gives money back for. The table does not say; it is certain only when exactly one earlier order of
 * the same customer has a line of the same stock code and price with enough pieces left. Pieces already given to an uncertain
 * cancellation are never subtracted, so what we believe to be left is at least what is left, and "exactly one" stays true.
 */
import type { NeutralOrder, PartialOrder } from '@weir/contract';
import { add, type Decimal, formatAmount, parseDecimal, times, ZERO } from './decimal.ts';
import type { Invoice, RetailRow } from './online-retail.ts';
import type { Notes } from './run.ts';

type Refund = NonNullable<NeutralOrder['refunds']>[number];
interface Sale {
  readonly number: string;
  readonly lastAt: string;
  readonly refunds: (Omit<Refund, 'at'> & { readonly wallTime: string })[];
  refunded: Decimal;
}
/** What one order sold of one stock code at one price. */
interface Pool {
  readonly sale: Sale;
  readonly lineIds: string[];
  left: number;
}
type Reason = 'no_customer' | 'no_earlier_sale' | 'not_enough_quantity' | 'several_candidates';
type Identity = Pick<PartialOrder, 'schema' | 'channel' | 'shop'>;

export interface RefundBook {
  addSale(invoice: Invoice): void;
  /** Takes what can be matched; the rest is listed with its reason. */
  addCancellation(invoice: Invoice): void;
  /** One message per order whose refunds came before `until` (null = all): two refunds of one minute may not be two versions of one field. */
  takeMessages(identity: Identity, until: string | null, toInstant: (wallTime: string) => string): Generator<PartialOrder>;
  /** Cancellation invoices by how many of their lines were matched. */
  invoices(): { readonly whole: number; readonly part: number; readonly none: number };
}

export function createRefundBook(notes: Notes): RefundBook {
  const pools = new Map<string, Pool[]>();
  const waiting = new Map<Sale, string>();
  const tally = { whole: 0, part: 0, none: 0 };
  return {
    addSale: (invoice) => rememberSale(pools, invoice),
    addCancellation(invoice) {
      const matched = invoice.rows.filter((row, index) => {
        const found = findPool(pools, invoice, row);
        if (typeof found === 'string') {
          notes.count(`listed_${found}`);
          notes.list({ reason: found, invoice: invoice.number, line: index + 1, row });
          return false;
        }
        giveBack(found, invoice, row, index);
        waiting.set(found.sale, invoice.lastAt);
        notes.count('refunds');
        return true;
      });
      tally[matched.length === 0 ? 'none' : matched.length === invoice.rows.length ? 'whole' : 'part'] += 1;
    },
    *takeMessages(identity, until, toInstant) {
      for (const [sale, modifiedAt] of waiting) {
        if (until !== null && modifiedAt >= until) continue;
        waiting.delete(sale);
        notes.count('refund_messages');
        const refunds = sale.refunds.map(({ wallTime, ...refund }) => ({ ...refund, at: toInstant(wallTime) }));
        yield {
          ...identity,
          channelOrderId: sale.number,
          modifiedAt: toInstant(modifiedAt),
          refunded: formatAmount(sale.refunded),
          refunds,
          partial: true,
        };
      }
    },
    invoices: () => tally,
  };
}

const keyOf = (customer: string, row: RetailRow): string => `${customer}\0${row.StockCode}\0${formatAmount(parseDecimal(row.UnitPrice))}`;

function rememberSale(pools: Map<string, Pool[]>, invoice: Invoice): void {
  if (invoice.customer === '') return;
  const sale: Sale = { number: invoice.number, lastAt: invoice.lastAt, refunds: [], refunded: ZERO };
  invoice.rows.forEach((row, index) => {
    const quantity = Number(row.Quantity);
    if (quantity < 1) return;
    const key = keyOf(invoice.customer, row);
    const sold = pools.get(key) ?? [];
    pools.set(key, sold);
    const mine = sold.find((pool) => pool.sale === sale);
    if (mine) {
      mine.left += quantity;
      mine.lineIds.push(String(index + 1));
    } else sold.push({ sale, lineIds: [String(index + 1)], left: quantity });
  });
}

function findPool(pools: ReadonlyMap<string, readonly Pool[]>, invoice: Invoice, row: RetailRow): Pool | Reason {
  if (invoice.customer === '') return 'no_customer';
  const earlier = (pools.get(keyOf(invoice.customer, row)) ?? []).filter((pool) => pool.sale.lastAt < row.InvoiceDate);
  if (earlier.length === 0) return 'no_earlier_sale';
  const [only, ...others] = earlier.filter((pool) => pool.left >= -Number(row.Quantity));
  if (only === undefined) return 'not_enough_quantity';
  return others.length > 0 ? 'several_candidates' : only;
}

/** The line is named only when the order has just one such line. */
function giveBack(pool: Pool, invoice: Invoice, row: RetailRow, index: number): void {
  const quantity = -Number(row.Quantity);
  const amount = times(parseDecimal(row.UnitPrice), quantity);
  const [lineId, ...others] = pool.lineIds;
  pool.left -= quantity;
  pool.sale.refunded = add(pool.sale.refunded, amount);
  pool.sale.refunds.push({
    id: `${invoice.number}-${index + 1}`,
    ...(lineId !== undefined && others.length === 0 ? { lineId } : {}),
    amount: formatAmount(amount),
    status: 'done',
    wallTime: row.InvoiceDate,
  });
}
