/** Text that no database takes and no other language reads: half of a surrogate pair, or a NUL. JSON may hide both behind `\u`. */
import { type Problem, problem } from '@weir/contract';
import { shownPointer } from './may-show.ts';

const MAX_PROBLEMS = 50;
const ESCAPE = Buffer.from('\\u');

export const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

const stepOf = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Where such text stands in `value`, which was read from `bytes`: valid UTF-8 holds it only where something is escaped. */
export function problemsOfText(bytes: Buffer, value: unknown): Problem[] {
  if (!bytes.includes(ESCAPE)) return [];
  const found = new Set<string>();
  const look = (each: unknown, pointer: string): void => {
    if (found.size >= MAX_PROBLEMS) return;
    if (typeof each === 'string' && !isText(each)) found.add(pointer);
    if (typeof each !== 'object' || each === null) return;
    for (const [name, inner] of Object.entries(each)) {
      if (isText(name)) look(inner, `${pointer}/${stepOf(name)}`);
      else found.add(pointer);
    }
  };
  look(value, '');
  return [...found].map((pointer) => problem('text.not_unicode', shownPointer(pointer)));
}
