/** Turns what the schema's checker found into our problems: where, what was read, what was expected, in both languages. */
import { Settings } from 'typebox/system';
import { type Problem, problem } from '@weir/contract';
import { AMOUNT_PATTERN, INSTANT_PATTERN } from '@weir/contract/values';
import { mayShow, shownPointer } from './may-show.ts';

/** As the schema checker reports it (the shape of a JSON Schema error). */
export interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** In the checker's own words. */
  readonly message?: string;
}
const READING_LENGTH = 80;
const MAX_PROBLEMS = 50;
Settings.Set({ maxErrors: MAX_PROBLEMS });

/** Only the reading of a public place is shown; of all others how long a text was, and of lists and objects what they are. */
export function readingOf(pointer: string, value: unknown): string {
  if (typeof value === 'string' && !mayShow(pointer)) return `*** (${value.length})`;
  if (value !== null && value !== undefined && !mayShow(pointer)) return '***';
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? `[…] (${value.length})` : '{…}';
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > READING_LENGTH ? `${text.slice(0, READING_LENGTH)}…` : text;
}

export function valueAt(document: unknown, pointer: string): unknown {
  let value = document;
  for (const step of pointer.split('/').slice(1))
    value = (value as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')];
  return value;
}

const AN_AMOUNT = { expected: 'text with exactly two decimals such as "129.00"', expectedZh: '恰好两位小数的文本，例如 "129.00"' } as const;
export const AN_INSTANT = {
  expected: 'ISO 8601 with an offset such as "2026-02-20T20:22:08+08:00"',
  expectedZh: '带时区的 ISO 8601，例如 "2026-02-20T20:22:08+08:00"',
} as const;
const A_KNOWN_FIELD = { expected: 'a field of /openapi.json', expectedZh: ' /openapi.json 里写的字段' } as const;
const TYPES_ZH: Readonly<Record<string, string>> = {
  integer: '整数',
  number: '数字',
  string: '文本',
  boolean: '真假值',
  object: '对象',
  array: '列表',
  null: '空值',
};
export function typeExpected(types: unknown): { readonly expected: string; readonly expectedZh: string } {
  const names = (Array.isArray(types) ? types : [types]).map(String);
  return { expected: names.join(' | '), expectedZh: names.map((name) => TYPES_ZH[name] ?? name).join('或') };
}

/** How many characters, items or fields: told of everything, also of what may not be shown. */
function sizeOf(value: unknown): string {
  if (typeof value !== 'string') return String(Object.keys(value as object).length);
  let characters = 0;
  for (const _ of value) characters++;
  return String(characters);
}

/** The name alone; its value may be about a person. */
export function unknownField(
  pointer: string,
  allowed: { readonly expected: string; readonly expectedZh: string } = A_KNOWN_FIELD,
): Problem {
  const shown = shownPointer(pointer);
  return problem('field.unknown', shown, { reading: shown.slice(shown.lastIndexOf('/') + 1), ...allowed });
}

const words = (list: unknown): string => (Array.isArray(list) ? list.join(' | ') : String(list));

/** What they say is said by a more exact error beside them: of a branch of the union, of each name that is too much. */
const REPEATS: ReadonlySet<string> = new Set([
  'anyOf',
  'oneOf',
  'allOf',
  'additionalProperties',
  'additionalItems',
  'unevaluatedProperties',
]);

function translate(error: SchemaError, document: unknown): Problem[] {
  const { keyword, instancePath: pointer, params } = error;
  const value = valueAt(document, pointer);
  const reading = readingOf(pointer, value);
  switch (keyword) {
    case 'required':
      return (params['requiredProperties'] as string[]).map((name) => problem('field.missing', `${pointer}/${name}`, { expected: name }));
    case 'boolean':
      return [unknownField(pointer)];
    case 'type':
      return params['type'] === 'null' ? [] : [problem('field.wrong_type', pointer, { reading, ...typeExpected(params['type']) })];
    case 'enum':
      return [problem('field.not_allowed', pointer, { reading, expected: words(params['allowedValues']) })];
    case 'const':
      return [problem('field.not_allowed', pointer, { reading, expected: words(params['allowedValue']) })];
    case 'pattern':
      return [patternProblem(String(params['pattern']), pointer, reading)];
    case 'maxLength':
      return [problem('field.too_long', pointer, { reading: sizeOf(value), expected: `≤ ${words(params['limit'])}` })];
    case 'maxItems':
      return [problem('field.too_many', pointer, { reading: sizeOf(value), expected: `≤ ${words(params['limit'])}` })];
    case 'minLength':
      return [problem('field.too_short', pointer, { reading: sizeOf(value), expected: `≥ ${words(params['limit'])}` })];
    case 'maxProperties':
      return [problem('field.too_many', pointer, { reading: sizeOf(value), expected: `≤ ${words(params['limit'])}` })];
    case 'minItems':
    case 'minProperties':
      return [problem('field.missing', pointer, { expected: `≥ ${words(params['limit'])}` })];
    case 'minimum':
    case 'maximum':
      return [
        problem('field.not_allowed', pointer, { reading, expected: `${keyword === 'minimum' ? '≥' : '≤'} ${words(params['limit'])}` }),
      ];
    default:
      if (REPEATS.has(keyword)) return [];
      return [problem('field.not_allowed', pointer, { reading, expected: error.message ?? keyword })];
  }
}

function patternProblem(pattern: string, pointer: string, reading: string): Problem {
  if (pattern === AMOUNT_PATTERN) return problem('amount.not_decimal', pointer, { reading, ...AN_AMOUNT });
  if (pattern === INSTANT_PATTERN) return problem('time.not_zoned', pointer, { reading, ...AN_INSTANT });
  return problem('field.not_allowed', pointer, { reading, expected: pattern, expectedZh: `符合 ${pattern}` });
}

export function readProblems(errors: readonly SchemaError[], document: unknown): Problem[] {
  const found = new Map<string, Problem>();
  for (const error of errors)
    for (const each of translate(error, document))
      if (!found.has(`${each.code} ${each.pointer}`)) found.set(`${each.code} ${each.pointer}`, each);
  const list = [...found.values()].slice(0, MAX_PROBLEMS);
  if (list.length > 0) return list;
  return [
    problem('field.wrong_type', '', {
      reading: readingOf('', document),
      expected: '/openapi.json',
      expectedZh: ' /openapi.json 里写的形状',
    }),
  ];
}
