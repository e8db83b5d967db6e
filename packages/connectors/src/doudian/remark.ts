/** The seller's note of an order. */
import type { Call } from '../adapter.ts';

/** The call replaces the whole note, so `note` must be the one just read, merged. The flag's colour stays as it is. Source: order.addOrderRemark (15/568), read 2026-11-25 by way of our protocol notes. */
export const writeRemark = (orderId: string, note: string): Call => ({
  method: 'order.addOrderRemark',
  params: { order_id: orderId, remark: note, is_add_star: 'false' },
});
