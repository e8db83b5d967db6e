/** Example Market's pushes: who sent them, and of which orders they tell. They prove nothing: each is a hint, and the order is fetched. */
import { problem, type Problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import type { Heard, PushDoor, PushRouted } from '../adapter.ts';
import { Fields } from '../fields.ts';
import { parseBytes } from '../lossless-json.ts';
import { isSameSignature } from '../signature.ts';
import { sign } from './client.ts';
import { CHANNEL, MAX_CLOCK_SECONDS, MAX_HINTS } from './tables.ts';

const answer = (status: number, code: number, message: string) => ({ status, body: { code, message } });

export const door: PushDoor = {
  replies: { taken: answer(200, 0, 'ok'), refused: answer(403, 1, 'refused'), later: answer(503, 2, 'try again') },
  /** Over the exact bytes, before anything is parsed. */
  open({ headers, body }, app, now) {
    const [key, timestamp, given] = ['x-app-key', 'x-timestamp', 'x-sign'].map((name) => headers[name]);
    if (key !== app.key || typeof timestamp !== 'string' || typeof given !== 'string') return { kind: 'refused' };
    const isNow = Math.abs(now / 1_000 - Number(timestamp)) <= MAX_CLOCK_SECONDS;
    const isTheirs = isSameSignature(given, sign(app, { timestamp, method: 'push', token: '', body }));
    return isNow && isTheirs ? { kind: 'message', bytes: body } : { kind: 'refused' };
  },
};

interface Hints {
  /** Null where a hint names no order. */
  readonly subjects: readonly (Subject | null)[];
  readonly problems: readonly Problem[];
}
/** Never throws. */
function hintsIn(bytes: Uint8Array): Hints {
  const push = new Fields(parseBytes(bytes));
  const hints = push.each('hints');
  if (!Array.isArray(push.at('hints')) || hints.length > MAX_HINTS) {
    const told = {
      reading: hints.length === 0 ? '***' : `[…] (${hints.length})`,
      expected: `a list of at most ${MAX_HINTS} hints`,
      expectedZh: `至多 ${MAX_HINTS} 条提示的列表`,
    };
    return { subjects: [null], problems: [problem('field.wrong_type', '/hints', told)] };
  }
  const shop = hints.length === 0 ? undefined : push.id('shop');
  const subjects = hints.map((hint): Subject | null => {
    const id = hint.id('order');
    return shop === undefined || id === undefined ? null : { kind: 'order', channel: CHANNEL, shop, id };
  });
  return { subjects, problems: push.problems };
}

/** No hints at all: the platform tries our address. */
export function routePush(bytes: Uint8Array): PushRouted {
  const { subjects } = hintsIn(bytes);
  if (subjects.length === 0) return { kind: 'probe' };
  const named = new Map(subjects.flatMap((subject) => (subject === null ? [] : [[subject.id, subject]])));
  return { kind: 'orders', subjects: [...named.values()], hasUnroutable: subjects.includes(null) };
}
export const whyUnrouted = (bytes: Uint8Array): readonly Problem[] => hintsIn(bytes).problems;

/** What `event` a hint names is not read: whatever it was, the order tells it better. */
export function readPush(bytes: Uint8Array, { shop, id }: Subject): Heard {
  const isMeant = hintsIn(bytes).subjects.some((subject) => subject?.shop === shop && subject.id === id);
  return { messages: [], wants: isMeant ? ['detail'] : [], problems: [] };
}
