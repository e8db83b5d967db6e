/**
 * The XML of message push and nothing else: one root, fields of text or CDATA, at most one level of lists below. No entities but the five of XML, no doctype, no
 * processing instructions, no attributes: whoever sends those is not WeChat. Reads by hand because a whole XML parser would know too much.
 */
import type { JsonObject } from '../lossless-json.ts';

const MAX_DEPTH = 4;
const MAX_FIELDS = 1_000;
const SPACE = /\s*/y;
const OPEN = /<([A-Za-z_][\w.-]{0,127})\s*>/y;
const EMPTY = /<([A-Za-z_][\w.-]{0,127})\s*\/>/y;
const CLOSE = /<\/([A-Za-z_][\w.-]{0,127})\s*>/y;
const CDATA = /<!\[CDATA\[([\s\S]*?)\]\]>/y;
const TEXT = /[^<]+/y;
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

type Value = string | { [name: string]: Value | Value[] };
class NotXml extends Error {}

/** The fields of the root; null when it is anything else than such a message. A field that stands twice becomes a list. */
export function parseFlatXml(text: string): JsonObject | null {
  try {
    const reader = new Reader(text.trim());
    const root = reader.element(0);
    return reader.isAtEnd() && typeof root.value !== 'string' ? root.value : null;
  } catch (error) {
    if (error instanceof NotXml) return null;
    throw error;
  }
}

class Reader {
  readonly text: string;
  at = 0;
  fields = 0;
  constructor(text: string) {
    this.text = text;
  }
  isAtEnd(): boolean {
    return this.at === this.text.length;
  }
  take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found === null) return null;
    this.at = pattern.lastIndex;
    return found[1] ?? found[0];
  }
  element(depth: number): { readonly name: string; readonly value: Value } {
    if (depth > MAX_DEPTH || ++this.fields > MAX_FIELDS) throw new NotXml();
    const empty = this.take(EMPTY);
    if (empty !== null) return { name: empty, value: '' };
    const name = this.take(OPEN);
    if (name === null) throw new NotXml();
    const value = this.content(depth);
    if (this.take(CLOSE) !== name) throw new NotXml();
    return { name, value };
  }
  /** Either text in one or several pieces, or fields with space between them. */
  content(depth: number): Value {
    const from = this.at;
    this.take(SPACE);
    if (this.text[this.at] !== '<' || this.text.startsWith('</', this.at) || this.text.startsWith('<!', this.at)) {
      this.at = from;
      return this.words();
    }
    const fields: { [name: string]: Value | Value[] } = Object.create(null) as { [name: string]: Value | Value[] };
    while (!this.text.startsWith('</', this.at)) {
      const { name, value } = this.element(depth + 1);
      const known = fields[name];
      fields[name] = known === undefined ? value : Array.isArray(known) ? [...known, value] : [known, value];
      this.take(SPACE);
    }
    return { ...fields };
  }
  words(): string {
    let found = '';
    for (;;) {
      const piece = this.take(CDATA);
      const plain = piece === null ? this.take(TEXT) : null;
      if (piece === null && plain === null) break;
      found += piece ?? unescaped(plain ?? '');
    }
    return found;
  }
}

function unescaped(text: string): string {
  return text.replaceAll(/&([^;&]{0,8});?/g, (whole, name: string) => {
    const mark = whole.endsWith(';') && Object.hasOwn(ENTITIES, name) ? ENTITIES[name] : undefined;
    if (mark === undefined) throw new NotXml();
    return mark;
  });
}
