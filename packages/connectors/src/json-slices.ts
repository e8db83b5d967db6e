/** The very characters of a part of some JSON, so that what is kept of an answer is what was sent. For text that has been parsed before. */
import { parseLossless } from './lossless-json.ts';

const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"/y;
const SCALAR = /[^,\]}\s]+/y;
const SPACE = /\s*/y;

const after = (pattern: RegExp, text: string, at: number): number => {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
};
const skipSpace = (text: string, at: number): number => after(SPACE, text, at);

/** Where the value that begins at `at` ends. Walks by brackets, so that no depth is too deep. */
function endOf(text: string, at: number): number {
  if (text[at] === '"') return after(STRING, text, at);
  if (text[at] !== '{' && text[at] !== '[') return after(SCALAR, text, at);
  let [depth, i] = [0, at];
  do {
    const mark = text[i];
    if (mark === '"') {
      const end = after(STRING, text, i);
      if (end === i) return text.length; // never closed: such text has not been parsed before
      i = end;
      continue;
    }
    if (mark === '{' || mark === '[') depth++;
    else if (mark === '}' || mark === ']') depth--;
    i++;
  } while (depth > 0 && i < text.length);
  return i;
}

interface Member {
  /** Of an object's member; null for an item of a list. */
  readonly name: string | null;
  readonly text: string;
}
/** Undefined for what is no text of JSON. */
function nameOf(text: string): string | undefined {
  const name = parseLossless(text);
  return typeof name === 'string' && text.startsWith('"') ? name : undefined;
}
/** Members of the object, or items of the list, that `text` is; none of anything else. */
function membersOf(text: string): Member[] {
  const start = skipSpace(text, 0);
  const isObject = text[start] === '{';
  if (!isObject && text[start] !== '[') return [];
  const found: Member[] = [];
  for (let at = skipSpace(text, start + 1); at < text.length && text[at] !== '}' && text[at] !== ']'; ) {
    const named = isObject ? endOf(text, at) : at;
    const from = isObject ? skipSpace(text, skipSpace(text, named) + 1) : at;
    const to = endOf(text, from);
    const name = isObject ? nameOf(text.slice(at, named)) : null;
    if (to <= from || name === undefined) return found;
    found.push({ name, text: text.slice(from, to) });
    at = skipSpace(text, to);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

/** The text at `path`; of a name that stands twice the last one, as `JSON.parse` has it. Null when there is none. */
export function textAt(text: string, path: readonly string[]): string | null {
  let found: string | null = text;
  for (const name of path) found = found === null ? null : (membersOf(found).findLast((member) => member.name === name)?.text ?? null);
  return found;
}

/** The items of the list at `path`, each as it was written; none when no list is there. */
export function itemsAt(text: string, path: readonly string[]): string[] {
  const list = textAt(text, path);
  return list?.startsWith('[') ? membersOf(list).map((item) => item.text) : [];
}
