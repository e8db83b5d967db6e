/** Looks for canaries in what was collected. */
import { inflateRawSync } from 'node:zlib';
import type { Canary } from './planted.ts';

export interface Evidence {
  readonly where: string;
  readonly text: string;
}
export interface Leak {
  readonly where: string;
  readonly canary: string;
  readonly excerpt: string;
}
const AROUND = 60;
const MOST = 400;

/** A mask that hides nothing (876****5432 of 8765432) is found by taking its stars away. */
const forms = (text: string): string[] => (text.includes('*') ? [text, text.replaceAll('*', '')] : [text]);

const HEAD = 3;
/** All needles by their first characters and lengths, so that megabytes are read once and not once per needle. */
function createFinder(canaries: readonly Canary[]): (text: string) => { name: string; at: number; length: number }[] {
  const names = new Map<string, string>();
  const lengths = new Map<string, Set<number>>();
  for (const { name, needles } of canaries)
    for (const needle of needles) {
      names.set(needle, name);
      const head = needle.slice(0, HEAD);
      lengths.set(head, (lengths.get(head) ?? new Set()).add(needle.length));
    }
  const heads = new RegExp([...lengths.keys()].map((head) => head.replace(/[.+*/]/g, '\\$&')).join('|') || '(?!)', 'g');
  return (text) => {
    const found = new Map<string, { name: string; at: number; length: number }>();
    heads.lastIndex = 0;
    for (let hit = heads.exec(text); hit !== null; hit = heads.exec(text)) {
      for (const length of lengths.get(hit[0]) as Set<number>) {
        const name = names.get(text.slice(hit.index, hit.index + length));
        if (name !== undefined && !found.has(name)) found.set(name, { name, at: hit.index, length });
      }
      heads.lastIndex = hit.index + 1;
    }
    return [...found.values()];
  };
}

export function leaksIn(evidence: readonly Evidence[], canaries: readonly Canary[]): Leak[] {
  const find = createFinder(canaries);
  const found: Leak[] = [];
  for (const { where, text } of evidence) {
    if (found.length >= MOST) break;
    for (const form of forms(text))
      for (const { name, at, length } of find(form))
        found.push({ where, canary: name, excerpt: form.slice(Math.max(0, at - AROUND), at + length + 10) });
  }
  return found.slice(0, MOST);
}

/** Bytes as every text they could be read as. */
export function readings(bytes: Buffer): string {
  try {
    return `${bytes.toString('latin1')} ${inflateRawSync(bytes).toString('utf8')}`;
  } catch {
    return bytes.toString('latin1');
  }
}
