import { hash } from 'node:crypto';
import { DIGEST_FIELDS, ORDER_STATUSES } from '@weir/contract';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { digestText, stateDigest } from './digest.ts';

/** What a receiver does: the fields by name, RFC 8785 by a library that is not ours, the first 16 bytes in hex. */
function receiversDigest(state: Parameters<typeof stateDigest>[0]): string {
  const lines = state.lines.map((line) => [line.lineId, line.quantity, line.status]);
  const fields = Object.fromEntries(DIGEST_FIELDS.map((name) => [name, name === 'lines' ? lines : state[name]]));
  return hash('sha256', canonicalize(fields) ?? '', 'buffer')
    .subarray(0, 16)
    .toString('hex');
}

const awkward = fc.constantFrom('"', '\\', '/', '\u0001', '\n', '\u007f', '\u2028', '<', '龙井', '😀', '-0', 'é');
const id = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(awkward, { maxLength: 5 }).map((parts) => parts.join('')),
);
const amount = fc.integer({ min: 0, max: 999_999_999_999 }).map((fen) => (fen / 100).toFixed(2));
const line = fc.record({ lineId: id, quantity: fc.integer({ min: 1, max: 1_000_000 }), status: fc.constantFrom(...ORDER_STATUSES) });
const state = fc.record({
  orderKey: id,
  version: fc.nat(),
  status: fc.option(fc.constantFrom(...ORDER_STATUSES)),
  payable: amount,
  paid: amount,
  refunded: amount,
  addressVersion: fc.nat(),
  lines: fc
    .array(line, { maxLength: 4 })
    .map((lines) => lines.map((each) => ({ ...each, sku: 's', title: 't', unitPrice: '1.00', discount: '0.00', shipped: 0 }))),
});

test('a receiver that follows the contract with the public RFC 8785 library gets our digest', () => {
  fc.assert(
    fc.property(state, (each) => {
      expect(stateDigest(each)).toBe(receiversDigest(each));
    }),
    { numRuns: 1_000 },
  );
});

test('the digest of a known state, computed once with `printf %s … | sha256sum`', () => {
  const known = {
    orderKey: 'DY2026022200872A',
    version: 7,
    status: 'paid' as const,
    payable: '129.00',
    paid: '129.00',
    refunded: '0.00',
    addressVersion: 2,
    lines: [
      { lineId: 'L1', sku: 'TEA', title: '龙井', quantity: 2, unitPrice: '64.50', discount: '0.00', status: 'paid' as const, shipped: 0 },
    ],
  };
  expect(digestText(known)).toBe(
    '{"addressVersion":2,"lines":[["L1",2,"paid"]],"orderKey":"DY2026022200872A","paid":"129.00","payable":"129.00","refunded":"0.00","status":"paid","version":7}',
  );
  expect(stateDigest(known)).toBe('e9840817fbd47d7da5c7e94a4efa1f26');
});

test('every field of the digest changes it', () => {
  const base = { orderKey: 'K', version: 1, status: null, payable: '1.00', paid: '1.00', refunded: '0.00', addressVersion: 1, lines: [] };
  const others = [
    { orderKey: 'L' },
    { version: 2 },
    { status: 'paid' as const },
    { payable: '2.00' },
    { paid: '2.00' },
    { refunded: '2.00' },
    { addressVersion: 2 },
  ];
  const digests = [base, ...others.map((change) => ({ ...base, ...change }))].map((each) => stateDigest(each));
  expect(new Set(digests).size).toBe(digests.length);
});
