/** Judges what a subscriber got, from its own file: every version of every order, in order over first arrivals, each under one webhook-id. */
import type { Arrival } from '@weir/sandbox';

export interface ArrivalVerdict {
  readonly lost: readonly string[];
  readonly doubled: readonly string[];
  readonly wrong: readonly string[];
}

/** `versions`: how many versions each order has by its key. Nothing of the suite's traffic is withheld or filtered. */
export function judgeArrivals(
  arrivals: readonly Pick<Arrival, 'webhookId' | 'subject' | 'version'>[],
  versions: ReadonlyMap<string, number>,
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
  return { lost, doubled, wrong };
}
