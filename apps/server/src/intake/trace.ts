/** `weir trace`: one stored message and what it led to. Personal values are masked; the exact bytes stay sealed. */
import { PERSONAL_FIELDS } from '@weir/contract';
import type { Keys } from '#access';
import type { Db } from '#platform';
import { SEGMENT_SEAL } from './gather.ts';
import type { Outcomes } from './outcomes.ts';
import { decodeSegment } from './segment.ts';
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

const masked = (value: unknown): unknown =>
  typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? value.map(masked)
      : Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each)]))
    : '***';

export async function trace(
  deps: { readonly db: Db; readonly keys: Pick<Keys, 'box'>; readonly outcomes: Outcomes },
  position: number,
): Promise<Traced | null> {
  const segment = await findSegment(deps.db, position);
  if (segment === null) return null;
  const entry = decodeSegment(deps.keys.box.open(segment.sealed, SEGMENT_SEAL), segment.first).find((each) => each.position === position);
  if (entry === undefined) return null;
  const { kind, subject, partition, by, receivedAt, bytes } = entry;
  const body: unknown = bytes.length === 0 ? null : JSON.parse(bytes.toString('utf8'));
  return {
    position,
    kind,
    subject,
    partition,
    by,
    receivedAt: new Date(receivedAt).toISOString(),
    bytes: bytes.length,
    body:
      kind === 'command'
        ? masked(body)
        : Object.fromEntries(
            Object.entries(body ?? {}).map(([name, value]) => [
              name,
              (PERSONAL_FIELDS as readonly string[]).includes(name) ? masked(value) : value,
            ]),
          ),
    outcome: await deps.outcomes.find(position),
  };
}
