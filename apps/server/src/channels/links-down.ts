/** Which queues and sockets stand, for the overview and the metrics. */
import type { Db } from '#platform';
import { listDown, listLinks } from './link-store.ts';

/** A session that ended is begun again within seconds; what is down for longer than this wants a person. */
const LONG_MS = 300_000;

/** What is down for long, as far as somebody with these shops may know of it. */
export async function readLinksDown(db: Db, shops: ReadonlySet<string> | null, now: number): Promise<readonly object[]> {
  const rows = await listDown(db, now - LONG_MS, shops === null ? null : [...shops]);
  return rows.map(({ since, ...row }) => ({ ...row, since: new Date(since).toISOString() }));
}

export interface LinkReading {
  readonly app: string;
  readonly kind: string;
  readonly isUp: boolean;
  /** Null when none ever came. */
  readonly messageAt: number | null;
}
export const readLinks = async (db: Db): Promise<readonly LinkReading[]> =>
  (await listLinks(db)).map(({ appId, kind, upSince, lastMessageAt }) => ({
    app: appId,
    kind,
    isUp: upSince !== null,
    messageAt: lastMessageAt,
  }));
