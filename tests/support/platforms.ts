/** Adapters as tests use them: a simulated platform takes as many calls as come, and a queue need not be left alone for long. */
import type { Adapter } from '@weir/connectors/adapter';

const REST_MS = 50;

export const hasty = (adapter: Adapter): Adapter => ({
  ...adapter,
  limits: { ...adapter.limits, callsPerSecond: 2_000 },
  ...(adapter.queue === undefined ? {} : { queue: { ...adapter.queue, restMs: REST_MS } }),
});
