/** What a receiver may answer with: a digest of what it now holds, so that each delivery is a tiny reconciliation. */
import { hash } from 'node:crypto';
import { canonicalJson, type Json } from './canonical-json.ts';
import type { OrderData } from './envelope.ts';

/** The fields that count unless the endpoint was given its own list. */
export const DEFAULT_DIGEST_FIELDS = ['orderKey', 'version', 'status', 'payable', 'paid', 'refunded', 'addressVersion', 'lines'] as const;
const DIGEST_BYTES = 16;

/** Lower hex of the first 16 bytes of SHA-256 over RFC 8785 JSON. Lines count as [lineId, quantity, status]; a field we never got does not count. */
export function digestOf(order: OrderData, fields: readonly string[] = DEFAULT_DIGEST_FIELDS): string {
  const chosen: Record<string, Json> = {};
  for (const field of fields) {
    const value = order[field];
    if (value !== undefined)
      chosen[field] = field === 'lines' ? order.lines.map((line) => [line.lineId, line.quantity, line.status]) : (value as Json);
  }
  return hash('sha256', canonicalJson(chosen), 'buffer').subarray(0, DIGEST_BYTES).toString('hex');
}

/** The value of the header `weir-state-digest`. */
export const stateDigest = (order: OrderData, fields?: readonly string[]): string => `${order.version}:${digestOf(order, fields)}`;
