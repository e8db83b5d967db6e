/** The state digest: the first 16 bytes of SHA-256 over RFC 8785 JSON of what the receiver itself holds. Pure. */
import { createHash } from 'node:crypto';
import type { Order } from './event.ts';

const FIELDS = ['addressVersion', 'lines', 'orderKey', 'paid', 'payable', 'refunded', 'status', 'version'] as const;
const DIGEST_BYTES = 16;

/** Lower hex. An endpoint with fields of its own was told fewer of them: those that never came do not count. */
export function digestOf(order: Order): string {
  const chosen = Object.fromEntries(
    FIELDS.flatMap((name) =>
      order[name] === undefined
        ? []
        : [[name, name === 'lines' ? order.lines?.map(({ lineId, quantity, status }) => [lineId, quantity, status]) : order[name]]],
    ),
  );
  return createHash('sha256').update(canonical(chosen)).digest().subarray(0, DIGEST_BYTES).toString('hex');
}

/** The value of the header `weir-state-digest`. */
export const stateDigest = (order: Order): string => `${order.version}:${digestOf(order)}`;

/** RFC 8785: names sorted by UTF-16 code units, no white space, numbers and texts as ECMAScript writes them. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical((value as Record<string, unknown>)[name])}`).join(',')}}`;
}
