import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** Path from the root, with `/`, → text. A rule is a pure function of this, so that it can be shown a house with a fault. */
export type House = ReadonlyMap<string, string>;

/** What a rule finds: where, what is wrong, what to do. */
export type Complaint = string;

const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'dist', '.git', '.weir', '.tmp', 'screenshots', 'coverage']);
const TEXT = /\.(ts|tsx|mjs|mts|js|json|md|sql|css|html|yml|yaml|sh|ndjson|txt|py|java|php|go)$|(^|\/)(\.npmrc|\.gitignore|run)$/;

export function readHouse(root: string): House {
  const house = new Map<string, string>();
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (LEFT_OUT.has(entry.name)) continue;
      const path = posix.join(folder, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile() && TEXT.test(path)) house.set(path, readFileSync(join(root, path), 'utf8'));
    }
  };
  walk('.');
  return house;
}

export function filesOf(house: House, pattern: RegExp): (readonly [path: string, text: string])[] {
  return [...house].filter(([path]) => pattern.test(path));
}

interface Source {
  /** Comments and the insides of strings are gone. */
  readonly code: string;
  /** The insides of the string and template literals. */
  readonly strings: readonly string[];
}

const COMMENT_OR_STRING = /\/\/[^\n]*|\/\*[^]*?\*\/|`(?:\\[^]|[^`\\])*`|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g;

/** Good enough for rules: regular expressions with quotes in them are the one thing it may misread. */
export function readSource(text: string): Source {
  const strings: string[] = [];
  const code = text.replace(COMMENT_OR_STRING, (found) => {
    if (found.startsWith('/')) return ' ';
    strings.push(found.slice(1, -1));
    return "''";
  });
  return { code, strings };
}

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]/g;

/** What a module imports, as written. */
export function importsOf(text: string): string[] {
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
}

/** A relative import as a path from the root; null for a package. */
export function resolveImport(from: string, wanted: string): string | null {
  return wanted.startsWith('.') ? posix.join(posix.dirname(from), wanted) : null;
}
