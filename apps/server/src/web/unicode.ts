/** Text that no database takes and no other language reads: half of a surrogate pair, or a NUL. JSON may hide both behind `\u`. */
import { type Problem, problem } from '@weir/contract';
import { shownPointer } from './may-show.ts';

const MAX_PROBLEMS = 50;
const ESCAPE = Buffer.from('\\u');

export const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

const BROKEN = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|\0/;
/** Only what is broken is shown, as JSON writes it: the text around it may be about a person. */
export function textProblem(pointer: string, text: string): Problem {
  const unit = BROKEN.exec(text)?.[0].charCodeAt(0) ?? 0;
  const reading = `\\u${unit.toString(16).padStart(4, '0')}`;
  return problem('text.not_unicode', pointer, {
    reading,
    expected: 'whole characters, none of them U+0000',
    expectedZh: '完整的字符，且不含 U+0000',
  });
}

const stepOf = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Where such text stands in `value`, which was read from `bytes`: valid UTF-8 holds it only where something is escaped. */
export function problemsOfText(bytes: Buffer, value: unknown): Problem[] {
  if (!bytes.includes(ESCAPE)) return [];
  const found = new Map<string, string>();
  const look = (each: unknown, pointer: string): void => {
    if (found.size >= MAX_PROBLEMS) return;
    if (typeof each === 'string' && !isText(each)) found.set(pointer, each);
    if (typeof each !== 'object' || each === null) return;
    for (const [name, inner] of Object.entries(each)) {
      if (isText(name)) look(inner, `${pointer}/${stepOf(name)}`);
      else found.set(pointer, name);
    }
  };
  look(value, '');
  return [...found].map(([pointer, text]) => textProblem(shownPointer(pointer), text));
}
