/** One table for people, one JSON object a line for machines. */
export interface Figure {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  /** Null where nothing else does the same. */
  readonly baseline: string | null;
  readonly baselineValue: number | null;
  readonly ratio: number | null;
  readonly aim: string;
}

export const figure = (bench: string, value: number, unit: string, baseline: string, baselineValue: number, aim: string): Figure => ({
  bench,
  value: round(value),
  unit,
  baseline,
  baselineValue: round(baselineValue),
  ratio: Math.round((value / baselineValue) * 1000) / 1000,
  aim,
});
export const figureAlone = (bench: string, value: number, unit: string, aim: string): Figure => ({
  bench,
  value: round(value),
  unit,
  baseline: null,
  baselineValue: null,
  ratio: null,
  aim,
});
const round = (value: number): number => (value >= 100 ? Math.round(value) : Math.round(value * 100) / 100);

export function print(figures: readonly Figure[], json: boolean): void {
  if (json) {
    for (const each of figures) process.stdout.write(`${JSON.stringify(each)}\n`);
    return;
  }
  const rows = [
    ['bench', 'value', 'unit', 'baseline', 'baseline value', 'ratio', 'aim'],
    ...figures.map((f) => [f.bench, f.value, f.unit, f.baseline, f.baselineValue, f.ratio, f.aim].map((cell) => String(cell ?? '–'))),
  ];
  const widths = (rows[0] as string[]).map((_, column) => Math.max(...rows.map((row) => (row[column] as string).length)));
  for (const row of rows)
    process.stdout.write(
      `${row
        .map((cell, i) => cell.padEnd(widths[i] as number))
        .join('  ')
        .trimEnd()}\n`,
    );
}
