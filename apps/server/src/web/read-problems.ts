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
  const reading = readingOf(pointer, valueAt(document, pointer));
  switch (keyword) {
    case 'required':
      return (params['requiredProperties'] as string[]).map((name) => problem('field.missing', `${pointer}/${name}`, { expected: name }));
    case 'boolean':
      return [problem('field.unknown', shownPointer(pointer))];
    case 'type':
      return params['type'] === 'null' ? [] : [problem('field.wrong_type', pointer, { reading, expected: words(params['type']) })];
    case 'enum':
      return [problem('field.not_allowed', pointer, { reading, expected: words(params['allowedValues']) })];
    case 'const':
      return [problem('field.not_allowed', pointer, { reading, expected: words(params['allowedValue']) })];
    case 'pattern':
      return [patternProblem(String(params['pattern']), pointer, reading)];
    case 'maxLength':
      return [problem('field.too_long', pointer, { expected: `≤ ${words(params['limit'])}` })];
    case 'maxItems':
      return [problem('field.too_many', pointer, { expected: `≤ ${words(params['limit'])}` })];
    case 'minLength':
      return [problem('field.too_short', pointer, { expected: `≥ ${words(params['limit'])}` })];
    case 'maxProperties':
      return [problem('field.too_many', pointer, { expected: `≤ ${words(params['limit'])}` })];
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
  if (pattern === AMOUNT_PATTERN) return problem('amount.not_decimal', pointer, { reading });
  if (pattern === INSTANT_PATTERN) return problem('time.not_zoned', pointer, { reading });
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
