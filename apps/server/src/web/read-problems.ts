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

/** `null` for errors that only repeat a more exact one (the branches of a union, the closed object itself). */
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
    case 'minItems':
      return [problem('field.missing', pointer, { expected: '≥ 1' })];
    case 'minimum':
    case 'maximum':
      return [
        problem('field.not_allowed', pointer, { reading, expected: `${keyword === 'minimum' ? '≥' : '≤'} ${words(params['limit'])}` }),
      ];
    default:
      return [];
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
  return list.length > 0 ? list : [problem('field.not_allowed', '', { reading: readingOf('', document), expected: 'NeutralOrder' })];
}
