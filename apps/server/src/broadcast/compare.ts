/**
 * Each delivery is a tiny reconciliation: a receiver may answer with `weir-state-digest: <version>:<digest>` of what it now holds. What does not
 * agree with what we told is kept, one row per subject and endpoint, until a later delivery agrees.
 */
import { type Desk, untilStored } from './desk.ts';
import type { LogEvent } from './envelope.ts';
import { deleteMismatch, saveMismatch } from './store.ts';

/** Of one endpoint, remembered so that an agreement costs no statement. Once it is full it stays so, and each agreement looks. */
export const REMEMBERED = 10_000;
const FORM = /^(\d{1,10}):([0-9a-f]{32})$/;
const THEIRS_LENGTH = 60;

/** `behind`: it holds an older version than it has just taken. `unreadable`: not of the form that the contract asks for. */
export type Compared = 'agrees' | 'says nothing' | 'differs' | 'behind' | 'unreadable';

/** `ours`: digest of the event's own state; asked for only when it is needed. */
export function compare(theirs: string, version: number, ours: () => string): Compared {
  const [, said, digest] = FORM.exec(theirs) ?? [];
  if (said === undefined) return 'unreadable';
  if (Number(said) > version) return 'says nothing'; // it has heard more in the meantime
  if (Number(said) < version) return 'behind';
  return digest === ours() ? 'agrees' : 'differs';
}

type Place = Pick<Desk, 'db' | 'clock' | 'log' | 'hold' | 'target' | 'mismatched' | 'end' | 'isEnding'>;

const isFull = ({ mismatched }: Place): boolean => mismatched.size >= REMEMBERED;

/** `ours` null: what was told of the event holds no state. */
export async function noteDigest(desk: Place, event: LogEvent, theirs: string, ours: string | null): Promise<void> {
  if (ours === null) return;
  const found = compare(theirs, event.version, () => ours);
  const { partition, subjectKey, version } = event;
  if (found === 'says nothing') return;
  if (found !== 'agrees') {
    desk.log.warn('broadcast.digest_differs', { endpointId: desk.target.id, subject: subjectKey, version, found });
    if (!isFull(desk)) desk.mismatched.add(subjectKey);
    const row = {
      partition,
      subjectKey,
      version,
      ours: `${version}:${ours}`,
      theirs: theirs.slice(0, THEIRS_LENGTH),
      at: desk.clock.now(),
    };
    await untilStored(desk, () => saveMismatch(desk.db, desk.hold, row));
    return;
  }
  if (!desk.mismatched.has(subjectKey) && !isFull(desk)) return;
  const isStored = await untilStored(desk, () => deleteMismatch(desk.db, desk.hold, partition, subjectKey));
  if (isStored && !isFull(desk)) desk.mismatched.delete(subjectKey);
}
