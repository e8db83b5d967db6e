/** Reads the query of a request strictly: an unknown name and a value that cannot be read are problems with their names. */
import { type Problem, problem } from '@weir/contract';
import { INSTANT_PATTERN, InstantText } from '@weir/contract/values';
import { parseInstant } from '@weir/core';
import type { FastifyRequest } from 'fastify';
import Type, { type Static, type TObject, type TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { Refusal } from './refusal.ts';
import { isText } from './unicode.ts';

const TEXT_LENGTH = 200;

/** `?limit=`: above `most` is not refused, `most` is what comes. */
export const limit = (most: number) =>
  Type.Optional(Type.String({ pattern: '^[1-9][0-9]{0,3}$', description: `1 to ${most}`, 'x-zh': `1 到 ${most}` }));
export const limitOf = (text: string | undefined, usual: number, most: number): number => Math.min(Number(text ?? usual), most);
/** What the page before said in `nextCursor`. */
export const cursor = (pattern: string) =>
  Type.Optional(
    Type.String({ pattern, maxLength: TEXT_LENGTH, description: '`nextCursor` of the page before', 'x-zh': '上一页的 nextCursor' }),
  );
export const instant = Type.Optional(InstantText);
export const filterText = Type.Optional(
  Type.String({
    maxLength: TEXT_LENGTH,
    pattern: '^[^\\u0000]+$',
    description: `1 to ${TEXT_LENGTH} characters`,
    'x-zh': `1 到 ${TEXT_LENGTH} 个字`,
  }),
);

interface Described {
  readonly description?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly 'x-zh'?: string;
}

/** The sentence names the parameter and what belongs there, never what stood there: that may be about a person. */
function complaint(name: string, schema: Described | undefined, known: readonly string[]): Problem {
  if (schema === undefined) return problem('field.not_allowed', '/?', { reading: '***', expected: known.join(' | ') });
  const expected = schema.enum?.join(' | ') ?? schema.description ?? schema.pattern ?? '';
  return problem('field.not_allowed', `/${name}`, { reading: '***', expected, ...(schema['x-zh'] ? { expectedZh: schema['x-zh'] } : {}) });
}

export function queryReader<T extends TObject>(schema: T): (request: FastifyRequest) => Static<T> {
  const properties = Object.entries(schema.properties as Record<string, TSchema>);
  const checks = new Map(properties.map(([name, each]) => [name, { each, check: Compile(each) }]));
  const isFine = (name: string, value: unknown): boolean => {
    const known = checks.get(name);
    if (typeof value === 'string' && !isText(value)) return false;
    return known !== undefined && known.check.Check(value) && (!isInstant(known.each) || parseInstant(value as string) !== null);
  };
  return (request) => {
    const query = request.query as Record<string, unknown>;
    const wrong = Object.keys(query).filter((name) => !isFine(name, query[name]));
    if (wrong.length === 0) return query as Static<T>;
    const known = [...checks.keys()];
    const problems = wrong.map((name) => complaint(name, checks.get(name)?.each, known));
    throw new Refusal('request.invalid', {}, { problems });
  };
}

const isInstant = (schema: TSchema): boolean => (schema as Described).pattern === INSTANT_PATTERN;
