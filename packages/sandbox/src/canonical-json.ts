/** RFC 8785 JSON, written from the RFC and not taken from Weir: a receiver that computes with the sender's own code proves nothing. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Names sorted by UTF-16 code units, no white space, numbers and strings as ECMAScript writes them. Throws for what JSON cannot say. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') return number(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const object = value as { readonly [name: string]: Json };
  return `{${Object.keys(object)
    .sort()
    .map((name) => `${text(name)}:${canonicalJson(object[name] as Json)}`)
    .join(',')}}`;
}

function text(value: string): string {
  if (!value.isWellFormed()) throw new Error('half of a Unicode character has no canonical form');
  return JSON.stringify(value);
}

function number(value: number): string {
  if (!Number.isFinite(value)) throw new Error(`${value} has no canonical form`);
  return JSON.stringify(value);
}
