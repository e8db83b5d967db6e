/** A code that our tables do not hold is a result like any other: said, with where it stood and what we know. */
import type { Fields } from './fields.ts';

export function unmapped(from: Fields, name: string, known: Iterable<string>): void {
  const codes = [...known].join(', ');
  from.complain(name, from.has(name) ? 'channel.unmapped_code' : 'field.missing', codes);
}
