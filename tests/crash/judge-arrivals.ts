/**
 * Judges what a subscriber got, from its own file: every version of every order, in order over first arrivals, each under one webhook-id; and,
 * with no server asked in between, that what it was told last of each order is what its sender was told yes to last.
 */
import type { Arrival } from '@weir/sandbox';
import { shownOf } from './orders.ts';
import type { Sent } from './sender.ts';

export interface ArrivalVerdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
}

type Got = Pick<Arrival, 'webhookId' | 'subject' | 'version' | 'order'>;

/** `versions`: how many versions each order has by its key. Nothing of the suite's traffic is withheld or filtered. */
export function judgeArrivals(
  arrivals: readonly Got[],
  versions: ReadonlyMap<string, number>,
  acknowledged: Sent['acknowledged'],
): ArrivalVerdict {
  const [lost, doubled, wrong]: [string[], string[], string[]] = [[], [], []];
  const bySubject = Map.groupBy(arrivals, (arrival) => arrival.subject);
  for (const [key, count] of versions) {
    const got = new Set((bySubject.get(key) ?? []).map((arrival) => arrival.version));
    for (let version = 1; version <= count; version++) if (!got.has(version)) lost.push(`${key} version ${version} never arrived`);
  }
  for (const [key, got] of bySubject) {
    if (!versions.has(key)) wrong.push(`${key} arrived and is no order`);
    got.forEach(({ version, webhookId }, i) => {
      const before = got[i - 1]?.version ?? 0;
      if (got.findIndex((each) => each.version === version) < i)
        doubled.push(`${key} version ${version} came under a second id ${webhookId}`);
      else if (version < before) wrong.push(`${key} version ${version} first arrived after version ${before}`);
    });
  }
  lost.push(...notAsSent(bySubject, acknowledged));
  return { lost, doubled, wrong };
}

function notAsSent(bySubject: ReadonlyMap<string, readonly Got[]>, acknowledged: Sent['acknowledged']): string[] {
  const newest = new Map<unknown, Got['order']>();
  for (const got of bySubject.values()) {
    const { order } = got.reduce((last, each) => (each.version > last.version ? each : last));
    newest.set(order?.['channelOrderId'], order);
  }
  return [...acknowledged].flatMap(([id, { serial, version }]) => {
    const order = newest.get(id);
    if (order === undefined) return [`${id} was acknowledged and never arrived`];
    const [sent, arrived] = [shownOf(serial, version), { status: order?.status, payable: order?.payable, paid: order?.paid }];
    if (JSON.stringify(sent) === JSON.stringify(arrived)) return [];
    return [`${id}: acknowledged ${JSON.stringify(sent)}, last arrived ${JSON.stringify(arrived)}`];
  });
}
