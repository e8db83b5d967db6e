/**
 * Facts in the short form in which they are kept. Nearly always one message told everything that still holds, so its source (time and rank)
 * is written once, and registers of that source stand as their bare values. Half the bytes of the long form, which is still read.
 */
import { NO_FACTS, type OrderFacts } from './facts.ts';
import type { Register } from './register.ts';

type Registers = Readonly<Record<string, Register<unknown>>>;
type Values = Record<string, unknown>;

/** Sets of registers, and the letters under which their bare values and their whole registers stand. */
const SETS = [
  ['content', 'c', 'C'],
  ['lineStatus', 'l', 'L'],
  ['payments', 'p', 'P'],
  ['refunds', 'r', 'R'],
  ['shipments', 's', 'S'],
  ['warnings', 'w', 'W'],
] as const satisfies readonly (readonly [keyof OrderFacts, string, string])[];
/** Single registers, packed as one more set. */
const SINGLE = ['live', 'ended', 'modifiedAt'] as const;
const PLAIN = ['ownShipments', 'own', 'cases', 'placedHolds', 'accepted'] as const;
const FORM = 2;

interface Source {
  readonly at: number;
  readonly rank: number;
}
const isEmpty = (value: object): boolean => Object.keys(value).length === 0;

function split(registers: Registers, source: Source): [bare: Values | null, whole: Values | null] {
  let [bare, whole]: [Values | null, Values | null] = [null, null];
  for (const id of Object.keys(registers)) {
    const register = registers[id] as Register<unknown>;
    if (register.at === source.at && register.rank === source.rank && register.rivals === undefined) (bare ??= {})[id] = register.value;
    else (whole ??= {})[id] = register;
  }
  return [bare, whole];
}

const join = (bare: Values | undefined, whole: Values | undefined, source: Source): Registers => {
  const registers: Record<string, Register<unknown>> = {};
  for (const id in bare) registers[id] = { at: source.at, rank: source.rank, value: bare[id] };
  for (const id in whole) registers[id] = whole[id] as Register<unknown>;
  return registers;
};

function singles(facts: OrderFacts): Registers {
  const found: Record<string, Register<unknown>> = {};
  for (const name of SINGLE) if (facts[name]) found[name] = facts[name];
  return found;
}

export function packFacts(facts: OrderFacts): string {
  const newest = facts.content.payable ?? facts.content.lines ?? Object.values(facts.content)[0];
  const source = { at: newest?.at ?? 0, rank: newest?.rank ?? 0 };
  const packed: Values = { f: FORM, at: source.at, rank: source.rank };
  const put = (registers: Registers, bareName: string, wholeName: string): void => {
    const [bare, whole] = split(registers, source);
    if (bare) packed[bareName] = bare;
    if (whole) packed[wholeName] = whole;
  };
  for (const [name, bareName, wholeName] of SETS) put(facts[name], bareName, wholeName);
  put(singles(facts), 'o', 'O');
  for (const name of PLAIN) if (!isEmpty(facts[name])) packed[name] = facts[name];
  if (facts.everShipped) packed['everShipped'] = true;
  if (facts.everCompleted) packed['everCompleted'] = true;
  if (facts.corrected) packed['corrected'] = facts.corrected;
  if (facts.parcelList) packed['parcelList'] = facts.parcelList;
  if (facts.firstAt !== undefined) packed['firstAt'] = facts.firstAt;
  if (facts.fullAt !== undefined) packed['fullAt'] = facts.fullAt;
  if (facts.answeredAs !== undefined) packed['answeredAs'] = facts.answeredAs;
  if (facts.cancelledAt !== undefined) packed['cancelledAt'] = facts.cancelledAt;
  if (facts.erasedAt !== undefined) packed['erasedAt'] = facts.erasedAt;
  return JSON.stringify(packed);
}

export function unpackFacts(text: string): OrderFacts {
  const packed = JSON.parse(text) as Values & Source;
  if (packed['f'] !== FORM) return withFirst({ ...NO_FACTS, ...(packed as unknown as OrderFacts) });
  const facts: Values = { ...NO_FACTS };
  const take = (bareName: string, wholeName: string): Registers =>
    join(packed[bareName] as Values | undefined, packed[wholeName] as Values | undefined, packed);
  for (const [name, bareName, wholeName] of SETS) facts[name] = take(bareName, wholeName);
  Object.assign(facts, take('o', 'O'));
  for (const name of [
    ...PLAIN,
    'everShipped',
    'everCompleted',
    'corrected',
    'parcelList',
    'firstAt',
    'fullAt',
    'answeredAs',
    'cancelledAt',
    'erasedAt',
  ])
    if (name in packed) facts[name] = packed[name];
  return withFirst(facts as unknown as OrderFacts);
}

/** Rows of before this was kept: what holds content was heard of, at the latest when its content was told. */
function withFirst(facts: OrderFacts): OrderFacts {
  const told = Object.values(facts.content)[0];
  return facts.firstAt !== undefined || told === undefined ? facts : { ...facts, firstAt: facts.fullAt ?? told.at };
}
