/** The closed lists and the two catalogues of sentences: complete in both languages, and true to themselves. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CHANNELS, prefixOf } from './channels.ts';
import { ERRORS, type ErrorCode, type ErrorEntry, problemDocument, sentence } from './errors.ts';
import { DIGEST_FIELDS } from './order-state.ts';
import { PROBLEMS, type ProblemCode, problem } from './problems.ts';
import {
  ENDED_STATUSES,
  EVENT_TYPES,
  HOLD_KINDS,
  LIVE_STATUSES,
  ORDER_STATUSES,
  REFUND_STATUSES,
  ROLES,
  SNAPSHOT_TYPE,
  WITHHOLDING,
} from './statuses.ts';

const codes = Object.keys(ERRORS) as ErrorCode[];
const problemCodes = Object.keys(PROBLEMS) as ProblemCode[];
const holes = (text: string): string[] => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string))].sort();
const CHINESE = /\p{Script=Han}/u;

test.each(codes)('%s says the same in Chinese and English, with the same parameters, under an HTTP status of refusal', (code) => {
  const entry: ErrorEntry = ERRORS[code];
  expect(entry.zh).toMatch(CHINESE);
  expect(entry.en).not.toMatch(CHINESE);
  expect(holes(entry.zh)).toEqual(holes(entry.en));
  expect(entry.status).toBeGreaterThanOrEqual(400);
  expect(entry.status).toBeLessThan(600);
});

test.each(problemCodes)('%s says the same in Chinese and English, and knows no parameters but reading and expected', (code) => {
  const { zh, en } = PROBLEMS[code];
  expect(zh).toMatch(CHINESE);
  expect(en).not.toMatch(CHINESE);
  for (const hole of [...holes(zh), ...holes(en)]) expect(['reading', 'expected']).toContain(hole);
});

test('a value that cannot be read may never be accepted as it is, and a warning may always', () => {
  const unreadable = problemCodes.filter((code) => /^(field|text)\.|^amount\.|^time\.not_zoned$/.test(code));
  expect(unreadable.filter((code) => PROBLEMS[code].acceptable)).toEqual([]);
  expect(problemCodes.filter((code) => PROBLEMS[code].severity === 'warning' && !PROBLEMS[code].acceptable)).toEqual([]);
});

test('a sentence is filled with its parameters, and a missing one leaves no brace behind', () => {
  expect(sentence('order.step_not_allowed', 'en', { lineId: 'L1', from: 'paid', to: 'packed' })).toBe(
    'Line L1 is paid and cannot become packed',
  );
  for (const code of codes) for (const language of ['zh', 'en'] as const) expect(sentence(code, language)).not.toMatch(/[{}]/);
});

test('what a stranger wrote stands in a sentence letter by letter', () => {
  const text = fc.oneof(fc.string(), fc.constantFrom('$&', '$$', "$'", '{to}', '{expected}'));
  fc.assert(
    fc.property(text, (lineId) => {
      expect(sentence('order.line_not_found', 'en', { lineId })).toBe(`The order has no such line: ${lineId}`);
    }),
  );
});

test('a problem document carries code, status and both sentences, and parameters and problems only when there are any', () => {
  expect(problemDocument('order.is_held', { holds: 'review (sum.payable)' })).toEqual({
    type: 'https://weir.dev/errors/order.is_held',
    title: 'order.is_held',
    status: 409,
    code: 'order.is_held',
    detail: 'The order is held: review (sum.payable)',
    detailZh: '订单已挂起：review (sum.payable)',
    retry: false,
    params: { holds: 'review (sum.payable)' },
  });
  expect(problemDocument('order.not_found')).not.toHaveProperty('params');
  expect(problemDocument('request.invalid', {}, [])).toMatchObject({ problems: [] });
});

test('a problem names field, reading and expectation in both languages', () => {
  expect(problem('field.wrong_type', '/lines/0/quantity', { reading: '"2"', expected: 'an integer', expectedZh: '整数' })).toEqual({
    code: 'field.wrong_type',
    severity: 'blocking',
    pointer: '/lines/0/quantity',
    reading: '"2"',
    expected: 'an integer',
    zh: '类型不对：读到 "2"，应为整数',
    en: 'Wrong type: read "2", expected an integer',
  });
});

/** Of these there is nothing to read: something is absent, was not taken in, or did not come to an end. */
const NOTHING_READ: readonly ProblemCode[] = ['field.missing', 'time.no_modified_at', 'person.erased', 'message.failed'];
/** And nothing else could have stood there; that a shop is to be connected, the sentence says itself. */
const NOTHING_EXPECTED: readonly ProblemCode[] = ['time.no_modified_at', 'person.erased', 'message.failed', 'shop.not_connected'];
test.each(problemCodes)('%s names what was read and what was expected, unless there is nothing to read by nature', (code) => {
  const named = [...(NOTHING_EXPECTED.includes(code) ? [] : ['expected']), ...(NOTHING_READ.includes(code) ? [] : ['reading'])];
  expect(holes(PROBLEMS[code].zh)).toEqual(named);
  expect(holes(PROBLEMS[code].en)).toEqual(named);
});

test('a problem that was not told what its sentence names is seen to lack it', () => {
  // @ts-expect-error -- the compiler is the first to say so
  expect(problem('sum.paid', '/paid', { reading: '1.00' })).toMatchObject({
    zh: expect.stringContaining('{expected}') as string,
    en: expect.stringContaining('{expected}') as string,
  });
});

test('no list names a thing twice, and the statuses are the live ones and then the endings', () => {
  for (const list of [ORDER_STATUSES, EVENT_TYPES, HOLD_KINDS, REFUND_STATUSES, ROLES, DIGEST_FIELDS])
    expect(new Set(list).size).toBe(list.length);
  expect(ORDER_STATUSES).toEqual([...LIVE_STATUSES, ...ENDED_STATUSES]);
  expect(EVENT_TYPES as readonly string[]).not.toContain(SNAPSHOT_TYPE);
  expect([...WITHHOLDING]).toEqual(['review', 'incomplete']);
});

test('the digest fields stand in the order in which RFC 8785 sorts them', () => {
  expect(DIGEST_FIELDS).toEqual([...DIGEST_FIELDS].sort());
});

test('every channel opens its order keys with two letters of its own, and a channel we do not know with XX', () => {
  const prefixes = Object.values(CHANNELS).map(({ prefix }) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  for (const prefix of prefixes) expect(prefix).toMatch(/^(?!XX)[A-Z]{2}$/);
  expect(prefixOf('douyin')).toBe('DY');
  for (const unknown of ['constructor', '__proto__', 'shopify', '']) expect(prefixOf(unknown)).toBe('XX');
});
