/** Messages of the house to itself, many at once and without waiting for their outcomes: they take the road of any other message. */
import type { Keys } from '#access';
import type { Sql } from '#platform';
import { SEGMENT_SEAL } from './gather.ts';
import { encodeSegment, type Message } from './segment.ts';
import { appendSegment } from './store.ts';

/** At most a thousand, as one segment. A worker of another process finds them by its poll. Answers the last position. */
export async function appendMessages(
  deps: { readonly db: Sql; readonly keys: Pick<Keys, 'box'> },
  messages: readonly Message[],
  receivedAt: number,
): Promise<number> {
  const { first } = await appendSegment(deps.db, messages.length, deps.keys.box.seal(encodeSegment(messages), SEGMENT_SEAL), receivedAt);
  return first + messages.length - 1;
}
