import { DatabaseAnswer } from './db-faults.ts';
import { Fault, StartProblem } from './faults.ts';

export type Fields = Readonly<Record<string, unknown>>;

const STRING_LIMIT = 2_000;
const ARRAY_LIMIT = 100;
const DEPTH_LIMIT = 4;
const STACK_LINES = 8;
const CAUSE_LIMIT = 4;
/** A field may not take the place of these. */
const RESERVED: ReadonlySet<string> = new Set(['time', 'level', 'event']);

export function renderFields(fields: Fields): Record<string, unknown> {
  const rendered: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) rendered[RESERVED.has(name) ? `${name}_` : name] = render(value, 0);
  }
  return rendered;
}

/**
 * Only plain values are printed as they are. Anything with a `toJSON` prints what that says (a sealed value its mask); bytes print their
 * length; other objects their class name. So a value that hides something cannot be spread into a log line by accident.
 */
function render(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return clip(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (value instanceof Error) return describeError(value);
  if (value instanceof Uint8Array) return `[${value.byteLength} bytes]`;
  if (depth >= DEPTH_LIMIT) return '[deep]';
  if (Array.isArray(value)) return renderArray(value, depth);
  if ('toJSON' in value && typeof value.toJSON === 'function') return render((value.toJSON as () => unknown)(), depth + 1);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `[${value.constructor.name}]`;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, inner === undefined ? null : render(inner, depth + 1)]));
}

function renderArray(values: readonly unknown[], depth: number): unknown[] {
  const shown = values.slice(0, ARRAY_LIMIT).map((value) => render(value, depth + 1));
  return values.length > ARRAY_LIMIT ? [...shown, `… ${values.length - ARRAY_LIMIT} more`] : shown;
}

function clip(text: string): string {
  return text.length <= STRING_LIMIT ? text : `${text.slice(0, STRING_LIMIT)}… ${text.length - STRING_LIMIT} more`;
}

/**
 * Name, code, message and the place; no other property of an error is read, for drivers hang parameters and rows on theirs.
 * The database's own answers come through db-faults.ts, which has emptied quoted values.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  if (!(error instanceof Error)) return { name: 'NotAnError', message: `[${typeof error}]` };
  const code: unknown = (error as { code?: unknown }).code;
  const described: Record<string, unknown> = { name: error.name };
  if (typeof code === 'string') described['code'] = code;
  described['message'] = clip(error.message);
  if (error instanceof Fault) described['retry'] = error.retry;
  if (error instanceof DatabaseAnswer) described['sqlstate'] = error.sqlstate;
  if (!(error instanceof StartProblem)) described['stack'] = framesOf(error);
  if (error.cause !== undefined && depth < CAUSE_LIMIT) described['cause'] = describeError(error.cause, depth + 1);
  return described;
}

function framesOf(error: Error): string[] {
  return (error.stack ?? '')
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .slice(0, STACK_LINES)
    .map((line) => line.slice(7));
}
