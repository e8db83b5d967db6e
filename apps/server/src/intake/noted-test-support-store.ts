/** A kind of subject as small as can be: every message is one row, and the row's own constraints are the rules that a message can break. */
import { arrayOf, type Db } from '#platform';
import type { Entry } from './segment.ts';
import type { Kind, Outcome } from './kinds.ts';

interface Noted {
  readonly position: number;
  readonly word: string;
}

const CREATE =
  'create table noted (position bigint constraint noted_once primary key, word text constraint noted_short check (length(word) < 20))';
const INSERT = 'insert into noted (position, word) select * from unnest($1::bigint[], $2::text[])';
const READ = 'select position, word from noted order by position';

export const createNoted = (db: Db): Promise<unknown> => db.query(CREATE);
export const readNoted = async (db: Db): Promise<Noted[]> => (await db.query<Noted>(READ)).rows;

/** `throws` as a word makes the fold of the whole batch throw, as a bug of ours would. */
export const notedKind: Kind<null, readonly Noted[]> = {
  load: async () => null,
  fold(_, entries, __, ___, poisoned) {
    const good = entries.filter((entry) => !poisoned.has(entry.position));
    if (good.some((entry) => entry.bytes.toString() === 'throws')) throw new TypeError('a bug in the fold');
    const outcomeOf = (entry: Entry): Outcome =>
      poisoned.has(entry.position)
        ? { position: entry.position, result: 'failed', code: 'message.failed' }
        : { position: entry.position, result: 'created' };
    return {
      after: good.map((entry) => ({ position: entry.position, word: entry.bytes.toString() })),
      events: [],
      outcomes: entries.map(outcomeOf),
    };
  },
  save: (after) => [
    {
      name: 'noted.insert',
      text: INSERT,
      values: [arrayOf.int8(after.map((row) => row.position)), arrayOf.text(after.map((row) => row.word))],
    },
  ],
};
