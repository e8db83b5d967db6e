/** JSON text with line breaks; numbers keep every digit they came with. Pure. */
const INDENT = '  ';

export function prettyJson(text: string): string {
  let [depth, inText, out] = [0, false, ''];
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (inText) {
      out += char === '\\' ? char + (text[++at] ?? '') : char;
      if (char === '"') inText = false;
    } else if (char === '"') {
      inText = true;
      out += char;
    } else if (char === '{' || char === '[') {
      const isEmpty = text[at + 1] === '}' || text[at + 1] === ']';
      out += isEmpty ? char + text[++at] : `${char}\n${INDENT.repeat(++depth)}`;
    } else if (char === '}' || char === ']') out += `\n${INDENT.repeat(--depth)}${char}`;
    else if (char === ',') out += `,\n${INDENT.repeat(depth)}`;
    else out += char === ':' ? ': ' : char;
  }
  return out;
}
