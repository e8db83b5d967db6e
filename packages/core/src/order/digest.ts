/** A state in sixteen bytes, so that a receiver can prove what it holds: see the wire contract, "weir-state-digest". */
import { hash } from 'node:crypto';
import { DIGEST_FIELDS, type OrderState } from '@weir/contract';

type Digested = Pick<OrderState, (typeof DIGEST_FIELDS)[number]>;

/**
 * RFC 8785 text of the digest fields: names sorted, no spaces. JSON.stringify escapes strings and prints integers as the RFC asks. `fields`: those
 * of them that the receiver is told; what it never gets does not count.
 */
export function digestText(state: Digested, fields: readonly (typeof DIGEST_FIELDS)[number][] = DIGEST_FIELDS): string {
  const valueOf = (name: (typeof DIGEST_FIELDS)[number]): unknown =>
    name === 'lines' ? state.lines.map((line) => [line.lineId, line.quantity, line.status]) : state[name];
  return JSON.stringify(Object.fromEntries(fields.toSorted().map((name) => [name, valueOf(name)])));
}

/** Lower hex of the first 16 bytes of SHA-256 over `digestText`. */
export const stateDigest = (...told: Parameters<typeof digestText>): string => hash('sha256', digestText(...told), 'hex').slice(0, 32);
