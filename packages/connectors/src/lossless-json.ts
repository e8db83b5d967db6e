/**
 * JSON in which every number is the text it was written as. Channel ids exceed 2^53 and arrive as bare numbers, so they must never become
 * doubles, not even for a moment. `JSON.parse` tells its reviver the source text of a number (since V8 11.4, so Node 22 and 24 have it): no
 * package is needed. It costs about ten times a plain parse (6 ms for 42 kB); pushes are half a kilobyte, so that was accepted.
 */
export type Json = null | boolean | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: Json;
}

/** TypeScript's own type of a reviver does not know the third argument yet. */
type SourceContext = { readonly source?: string } | undefined;
const keepNumberText = (_: string, value: unknown, context?: SourceContext): unknown =>
  typeof value === 'number' ? (context?.source ?? String(value)) : value;

/** The value, or null when the text is no JSON (or nested deeper than the stack: nothing of ours is). JSON's own `null` is null too. */
export function parseLossless(text: string): Json {
  try {
    return JSON.parse(text, keepNumberText) as Json;
  } catch {
    return null;
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });
/** The text of some bytes without a byte order mark, or null when they are not UTF-8. */
export function textOfBytes(bytes: Uint8Array): string | null {
  try {
    return UTF8.decode(bytes);
  } catch {
    return null;
  }
}

/** As `parseLossless`, from UTF-8 bytes. */
export function parseBytes(bytes: Uint8Array): Json {
  const text = textOfBytes(bytes);
  return text === null ? null : parseLossless(text);
}

class NumberText {
  readonly source: string;
  constructor(source: string) {
    this.source = source;
  }
}
const wrapNumber = (_: string, value: unknown, context?: SourceContext): unknown =>
  typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;

/** The same JSON with names sorted at every level, no spaces, arrays in order and numbers written as they were. Throws on what is no JSON. */
export const canonicalJson = (text: string): string => write(JSON.parse(text, wrapNumber));

/** By hand, because a JavaScript object puts names that look like numbers first, whatever the order in which they were added. */
function write(value: unknown): string {
  if (value instanceof NumberText) return value.source;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const names = Object.keys(value).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${write((value as Record<string, unknown>)[name])}`).join(',')}}`;
}
