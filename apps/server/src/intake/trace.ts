/** `weir trace`: one stored message and what it led to. Personal values are masked; the exact bytes stay sealed. */
import type { Keys } from '#access';
import type { Db } from '#platform';
import { masked } from '#web';
import { SEGMENT_SEAL } from './gather.ts';
import type { Outcomes } from './outcomes.ts';
import { decodeSegment, type Entry } from './segment.ts';
import { findPrints, findSegment } from './store.ts';

export interface Traced {
  readonly position: number;
  readonly kind: string;
  readonly subject: object;
  readonly partition: number;
  readonly by: string;
  readonly who: string | null;
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

const PRINT_BYTES = 16;
/** A keyed hash of each message of a segment, in their order: what is left when the bytes are gone. */
export const printsOf = (keys: Pick<Keys, 'box' | 'fingerprint'>, sealed: Buffer, first: number): Buffer =>
  Buffer.concat(
    decodeSegment(keys.box.open(sealed, SEGMENT_SEAL), first).map(({ bytes }) =>
      Buffer.from(keys.fingerprint(bytes.toString('latin1')), 'hex'),
    ),
  );
/** The keyed hash of a message that was dropped for its age, hex; null when there never was one, or its hash is gone too. */
export async function findPrint(db: Db, position: number): Promise<string | null> {
  const found = await findPrints(db, position);
  const at = found === null ? -1 : (position - found.first) * PRINT_BYTES;
  return found === null || at >= found.prints.length ? null : found.prints.toString('hex', at, at + PRINT_BYTES);
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
  const { kind, subject, partition, by, who = null, receivedAt, bytes } = entry;
  return {
    position,
    kind,
    subject,
    partition,
    by,
    who,
    receivedAt: new Date(receivedAt).toISOString(),
    bytes: bytes.length,
    body: bodyOf(kind, bytes),
    outcome: await deps.outcomes.find(position),
  };
}
