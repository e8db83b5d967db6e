/** A state in sixteen bytes, so that a receiver can prove what it holds: see the wire contract, "weir-state-digest". */
import { hash } from 'node:crypto';
import type { OrderState } from '@weir/contract';

/** RFC 8785 text of the digest fields: names sorted, no spaces. JSON.stringify escapes strings and prints integers as the RFC asks. */
export function digestText(
  state: Pick<OrderState, 'orderKey' | 'version' | 'status' | 'payable' | 'paid' | 'refunded' | 'addressVersion' | 'lines'>,
): string {
  const { addressVersion, orderKey, paid, payable, refunded, status, version } = state;
  const lines = state.lines.map((line) => [line.lineId, line.quantity, line.status]);
  return JSON.stringify({ addressVersion, lines, orderKey, paid, payable, refunded, status, version });
}

/** Lower hex of the first 16 bytes of SHA-256 over `digestText`. */
export const stateDigest = (state: Parameters<typeof digestText>[0]): string => hash('sha256', digestText(state), 'hex').slice(0, 32);
