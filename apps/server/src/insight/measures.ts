/** What is counted while the house works. Per batch and per request, never per message: the hot path pays an addition or two. */
import type { Outcome } from '#intake';
import { type Counter, createMetrics, type Histogram, type Metrics } from '#platform';

const REQUEST_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
const ENTRIES = [1, 5, 10, 50, 100, 250, 500, 1_000];
const MS = 1_000;

export interface Measures {
  readonly metrics: Metrics;
  /** Of one route, found once; then an answer costs a look-up by its status. */
  answered(method: string, path: string): (status: number, ms: number) => void;
  segment(entries: number): void;
  worked(outcomes: readonly Pick<Outcome, 'result'>[], events: number, ms: number): void;
  attempted(endpointId: string, result: string): void;
}

export function createMeasures(): Measures {
  const metrics = createMetrics();
  const requests = metrics.histogram('weir_http_request_seconds', 'Time to answer a request.', REQUEST_SECONDS);
  const messages = metrics.counter('weir_messages_total', 'Messages worked, by what became of them.');
  const segments = metrics.histogram('weir_segment_messages', 'Messages that one append stored together.', ENTRIES)();
  const batches = metrics.histogram('weir_batch_messages', 'Messages that one transaction worked.', ENTRIES)();
  const durations = metrics.histogram('weir_batch_seconds', 'Time to store a batch, COMMIT included.', BATCH_SECONDS)();
  const events = metrics.counter('weir_events_total', 'Events written.')();
  const attempts = metrics.counter('weir_delivery_attempts_total', 'Tries to deliver an event, by endpoint and how they ended.');
  /** By endpoint and result: making the text of the labels would cost fifty times the addition. */
  const tries = new Map<string, Map<string, Counter>>();
  return {
    metrics,
    answered(method, path) {
      const byStatus = new Map<number, Histogram>();
      return (status, ms) => {
        const known = byStatus.get(status) ?? requests({ method, path, status: String(status) });
        byStatus.set(status, known);
        known.observe(ms / MS);
      };
    },
    segment: (entries) => segments.observe(entries),
    worked(outcomes, written, ms) {
      for (const [result, { length }] of Map.groupBy(outcomes, (outcome) => outcome.result)) messages({ result }).add(length);
      batches.observe(outcomes.length);
      durations.observe(ms / MS);
      events.add(written);
    },
    attempted(endpoint, result) {
      const byResult = tries.get(endpoint) ?? new Map<string, Counter>();
      const known = byResult.get(result) ?? attempts({ endpoint, result });
      tries.set(endpoint, byResult.set(result, known));
      known.add();
    },
  };
}
