/** `weir trace`: one stored message and what it led to. Personal values are masked; the exact bytes stay sealed. */
import type { Keys } from '#access';
import type { Db } from '#platform';
import { masked } from '#web';
import { SEGMENT_SEAL } from './gather.ts';
import type { Outcomes } from './outcomes.ts';
import { decodeSegment, type Entry } from './segment.ts';
import { findSegment } from './store.ts';

export interface Traced {
  readonly position: number;
  readonly kind: string;
  readonly subject: object;
  readonly partition: number;
  readonly by: string;
  readonly receivedAt: string;
  readonly bytes: number;
  readonly body: unknown;
  readonly outcome: unknown;
}

interface Deps {
  readonly db: Db;
  readonly keys: Pick<Keys, 'box'>;
}
/** The stored message at `position`; null when there is none (any more). */
export async function findEntry(deps: Deps, position: number): Promise<Entry | null> {
  const segment = await findSegment(deps.db, position);
  if (segment === null) return null;
  const entries = decodeSegment(deps.keys.box.open(segment.sealed, SEGMENT_SEAL), segment.first);
  return entries.find((each) => each.position === position) ?? null;
}

/** Of a command only the verb and the names of its fields are shown: all it says may be about a person. */
const maskedCommand = (body: unknown): unknown => {
  const { verb, ...rest } = body as Record<string, unknown>;
  return { verb, ...Object.fromEntries(Object.keys(rest).map((name) => [name, '***'])) };
};

/** Of a channel's own bytes nothing is shown: which of its fields are about people is its own affair. */
function bodyOf(kind: string, bytes: Buffer): unknown {
  if (bytes.length === 0) return null;
  if (kind === 'order') return masked(JSON.parse(bytes.toString('utf8')));
  return kind === 'command' ? maskedCommand(JSON.parse(bytes.toString('utf8'))) : '***';
}

export async function trace(deps: Deps & { readonly outcomes: Outcomes }, position: number): Promise<Traced | null> {
  const entry = await findEntry(deps, position);
  if (entry === null) return null;
  const { kind, subject, partition, by, receivedAt, bytes } = entry;
  return {
    position,
    kind,
    subject,
    partition,
    by,
    receivedAt: new Date(receivedAt).toISOString(),
    bytes: bytes.length,
    body: bodyOf(kind, bytes),
    outcome: await deps.outcomes.find(position),
  };
}
