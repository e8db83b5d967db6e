import fc from 'fast-check';
import { expect, test } from 'vitest';
import { someFacts } from './arbitrary-facts.ts';
import { told } from './builders.ts';
import { type Fact, NO_FACTS, type OrderFacts } from './facts.ts';
import { packFacts, unpackFacts } from './pack.ts';
import { record } from './record.ts';

const factsOf = (all: readonly (readonly Fact[])[]): OrderFacts => all.flat().reduce(record, NO_FACTS);

test('packed facts unpack to the same facts, whatever was reported', () => {
  fc.assert(
    fc.property(someFacts, (all) => {
      const facts = factsOf(all);
      expect(unpackFacts(packFacts(facts))).toEqual(facts);
    }),
  );
});

test('no facts at all survive the way too', () => expect(unpackFacts(packFacts(NO_FACTS))).toEqual(NO_FACTS));

test('facts kept in the long form of the first version are still read', () => {
  fc.assert(
    fc.property(someFacts, (all) => {
      const facts = factsOf(all);
      expect(unpackFacts(JSON.stringify(facts))).toEqual(JSON.parse(JSON.stringify(facts)));
    }),
  );
});

test('facts kept before we reported parcels ourselves are read as such', () => {
  const { ownShipments: _, ...old } = JSON.parse(JSON.stringify(NO_FACTS)) as OrderFacts;
  expect(unpackFacts(JSON.stringify(old))).toEqual(NO_FACTS);
  expect(unpackFacts('{"f":2,"at":0,"rank":0}')).toEqual(NO_FACTS);
});

test('an id that looks like our own letters stays an id', () => {
  const payment = { amount: '1.00', at: '2026-02-20T12:22:08Z', kind: 'full' as const };
  const facts: OrderFacts = { ...NO_FACTS, payments: { f: { at: 1, rank: 3, value: payment }, at: { at: 2, rank: 1, value: payment } } };
  expect(unpackFacts(packFacts(facts))).toEqual(facts);
});

test('facts kept before the first time of an order was are no forgotten order', () => {
  const { firstAt, ...old } = factsOf([[told()]]);
  expect(firstAt).toBeDefined();
  expect(unpackFacts(packFacts(old))).toEqual({ ...old, firstAt });
  expect(unpackFacts(JSON.stringify(old))).toEqual({ ...old, firstAt });
});
