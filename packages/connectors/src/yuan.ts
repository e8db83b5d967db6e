/** Amounts that a platform writes in yuan, as text or as a JSON number: "89.00", 59.9, 0. */
const PATTERN = /^(0|[1-9]\d{0,9})(?:\.(\d{1,2})0*)?$/;

/** Whole fen; null for anything else, a third decimal that counts, a minus sign and 1e3 included. The text is the number as it was written, never a double. */
export function fenOfYuan(text: string): number | null {
  const match = PATTERN.exec(text);
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : null;
}
