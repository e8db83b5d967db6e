/** Which case is looked at after one is decided: the one below it, at the end the one above, else none. Pure. */
export function nextCase(ids: readonly string[], decided: string): string | null {
  const at = ids.indexOf(decided);
  if (at < 0) return ids[0] ?? null;
  return ids[at + 1] ?? ids[at - 1] ?? null;
}
