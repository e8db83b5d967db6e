/**
 * Numbers for Prometheus, in its text form. Written here and not taken from prom-client, because the hot path must cost an array write: a series is
 * found once and kept by who counts, and what is only a reading is read when somebody asks.
 */
type Labels = Readonly<Record<string, string>>;

/** Series of one metric; what comes beyond goes to the series `other`, so that no stranger's words can fill memory. */
const SERIES_LIMIT = 1_000;

export interface Counter {
  add(by?: number): void;
}
export interface Histogram {
  observe(value: number): void;
}
export interface Reading {
  readonly name: string;
  readonly type: 'gauge' | 'counter';
  readonly help: string;
  readonly values: readonly { readonly labels?: Labels; readonly value: number }[];
}
export interface Metrics {
  counter(name: string, help: string): (labels?: Labels) => Counter;
  /** `bounds`: upper bounds of the buckets, growing. */
  histogram(name: string, help: string, bounds: readonly number[]): (labels?: Labels) => Histogram;
  /** The whole text, with the readings of this moment behind what was counted. */
  text(readings: readonly Reading[]): string;
}

interface Family {
  lines(): string[];
}

const escapeLabel = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
const labelText = (labels: Labels): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(value)}"`)
    .join(',');
const line = (name: string, labels: string, value: number): string => `${name}${labels === '' ? '' : `{${labels}}`} ${value}`;
const head = (name: string, type: string, help: string): string[] => [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];

/** Series by their labels; `make` is called once for each. */
function seriesBy<T>(make: () => T): { readonly all: Map<string, T>; readonly of: (labels?: Labels) => T } {
  const all = new Map<string, T>();
  const of = (labels: Labels = {}): T => {
    const known = all.get(labelText(labels));
    if (known !== undefined) return known;
    const isFull = all.size >= SERIES_LIMIT;
    const key = labelText(isFull ? Object.fromEntries(Object.keys(labels).map((name) => [name, 'other'])) : labels);
    const made = all.get(key) ?? make();
    all.set(key, made);
    return made;
  };
  return { all, of };
}

function createCounter() {
  let total = 0;
  return { add: (by = 1) => void (total += by), total: () => total };
}

function createHistogram(bounds: readonly number[]) {
  const counts = new Float64Array(bounds.length + 1);
  let sum = 0;
  return {
    observe(value: number) {
      let at = 0;
      while (at < bounds.length && value > (bounds[at] as number)) at++;
      counts[at] = (counts[at] as number) + 1;
      sum += value;
    },
    lines(name: string, labels: string): string[] {
      const with_ = (bound: string): string => `${labels === '' ? '' : `${labels},`}le="${bound}"`;
      let below = 0;
      const buckets = [...bounds.map(String), '+Inf'].map((bound, at) =>
        line(`${name}_bucket`, with_(bound), (below += counts[at] as number)),
      );
      return [...buckets, line(`${name}_sum`, labels, sum), line(`${name}_count`, labels, below)];
    },
  };
}

export function createMetrics(): Metrics {
  const families: Family[] = [];
  return {
    counter(name, help) {
      const { all, of } = seriesBy(createCounter);
      families.push({
        lines: () => [...head(name, 'counter', help), ...[...all].map(([labels, each]) => line(name, labels, each.total()))],
      });
      return of;
    },
    histogram(name, help, bounds) {
      const { all, of } = seriesBy(() => createHistogram(bounds));
      families.push({ lines: () => [...head(name, 'histogram', help), ...[...all].flatMap(([labels, each]) => each.lines(name, labels))] });
      return of;
    },
    text(readings) {
      const counted = families.flatMap((family) => family.lines());
      const read = readings.flatMap(({ name, type, help, values }) => [
        ...head(name, type, help),
        ...values.slice(0, SERIES_LIMIT).map(({ labels, value }) => line(name, labelText(labels ?? {}), value)),
      ]);
      return `${[...counted, ...read].join('\n')}\n`;
    },
  };
}
