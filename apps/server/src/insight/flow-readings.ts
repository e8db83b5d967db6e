/** What flows in and out by itself, as Prometheus reads it; one line a channel at most. */
import type { Reading } from '#platform';
import type { ChannelFlow, Flow } from './flow-store.ts';

const gauge = (name: string, help: string, value: number): Reading => ({ name, type: 'gauge', help, values: [{ value }] });

export function flowReadings(channels: readonly ChannelFlow[], flow: Flow, headsAreSent: boolean): Reading[] {
  const each = (name: string, help: string, value: (channel: ChannelFlow) => number): Reading => ({
    name,
    type: 'gauge',
    help,
    values: channels.map((channel) => ({ labels: { channel: channel.channel }, value: value(channel) })),
  });
  return [
    each('weir_pull_lag_seconds', 'Up to when the shop that is furthest behind was pulled.', ({ pullLagSeconds }) => pullLagSeconds),
    each('weir_pulls_failing', 'Pulls whose last try failed.', ({ pullsFailing }) => pullsFailing),
    gauge('weir_fetches_due', 'Orders whose detail is to be fetched now.', flow.fetchesDue),
    gauge('weir_fetch_late_seconds', 'For how long the first of them has been due.', flow.fetchLateSeconds),
    gauge('weir_write_back_lag_events', 'Events behind which write-back is.', flow.writeBackLagEvents),
    gauge('weir_write_back_still_seconds', 'Since write-back last came on; 0 when nothing is left.', flow.writeBackStillSeconds),
    gauge('weir_write_back_oldest_seconds', 'Age of the oldest change that a channel has still to be told.', flow.writeBackOldestSeconds),
    ...(headsAreSent
      ? [gauge('weir_audit_heads_unsent', 'Signed heads of the audit that their address has not taken.', flow.headsUnsent)]
      : []),
  ];
}
