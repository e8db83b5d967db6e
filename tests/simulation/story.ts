/** What was accepted of one order: put together from the script and the journal, without a look at the hub. */
import type { NeutralMessage, OrderStatus } from '@weir/contract';
import type { Journal, Judged } from './journal.ts';
import { LIVED_UNTIL } from './lives.ts';
import type { Script } from './script.ts';
import type { Telling } from './telling.ts';

export interface Story {
  /** Every accepted message with its source time. */
  readonly words: readonly { readonly at: number; readonly message: Partial<NeutralMessage> }[];
  /** Blocked messages that still wait for a person. */
  readonly openCases: number;
  readonly acceptedConflicts: ReadonlySet<string>;
  /** Furthest step of our own, by line. */
  readonly ownSteps: ReadonlyMap<string, OrderStatus>;
  readonly isCancelled: boolean;
  readonly personHolds: number;
  /** A person's address is later than all that was lived. */
  readonly correctedReceiver: NeutralMessage['receiver'];
  /** Only a message of the future, which counts from when it came, may be later still: the world's clock jumps, so nobody outside can say. */
  readonly isAddressOpen: boolean;
}

export function storyFor({ tellings }: Script, journal: Journal, order: number): Story {
  const judged = journal.judged.get(order) ?? [];
  const steps = journal.steps.get(order) ?? [];
  const told = tellings
    .map((telling, index) => ({ ...telling, index }))
    .filter((telling) => telling.order === order && journal.results.has(telling.index));
  const words = told.flatMap((telling) => {
    const message = acceptedOf(
      telling,
      judged.find((each) => each.telling === telling.index),
    );
    return message === undefined ? [] : [message];
  });
  const wholes = words.filter(({ message }) => message.partial !== true).map(({ at }) => at);
  /** A blocked message is settled by a person or by a newer whole one; a dead letter, whose time is that of its arrival, only by a person. */
  const isOpen = ({ kind, at, index }: (typeof told)[number]): boolean =>
    kind !== 'right' && !judged.some((each) => each.telling === index) && (kind === 'poison' || !wholes.some((whole) => whole > at));
  const holds = steps.filter(({ verb }) => verb === 'hold').length - steps.filter(({ verb }) => verb === 'release').length;
  return {
    words,
    openCases: told.filter(isOpen).length,
    acceptedConflicts: new Set(judged.flatMap(({ telling, caseId }) => (telling === undefined ? [caseId] : []))),
    ownSteps: furthestSteps(steps),
    isCancelled: steps.some(({ verb }) => verb === 'cancel'),
    personHolds: holds,
    correctedReceiver: steps.findLast(({ verb }) => verb === 'changeAddress')?.body['receiver'] as Story['correctedReceiver'],
    isAddressOpen: told.some(({ at, index, message }) => {
      const isReleased = judged.some(({ how, telling }) => how === 'release' && telling === index);
      return isReleased && at > LIVED_UNTIL && message['receiver'] !== undefined;
    }),
  };
}

type Word = Story['words'][number];
/** The message as it counts in the end; undefined while it waits, and for good when it was rejected. */
function acceptedOf({ kind, at, message, fixed }: Telling, judged: Judged | undefined): Word | undefined {
  if (kind === 'right') return { at, message: message as Word['message'] };
  if (judged?.how === 'release') return { at: Math.min(at, judged.cameAt), message: message as Word['message'] };
  return judged?.how === 'fix'
    ? { at: Date.parse((fixed as { modifiedAt: string }).modifiedAt), message: fixed as Word['message'] }
    : undefined;
}

const LADDER: readonly OrderStatus[] = ['allocated', 'picked', 'packed', 'shipped'];
function furthestSteps(
  steps: readonly { readonly verb: string; readonly body: Readonly<Record<string, unknown>> }[],
): Map<string, OrderStatus> {
  const furthest = new Map<string, OrderStatus>();
  for (const { verb, body } of steps) {
    if (verb !== 'move') continue;
    for (const line of body['lines'] as string[])
      if (LADDER.indexOf(body['to'] as OrderStatus) > LADDER.indexOf(furthest.get(line) ?? 'paid'))
        furthest.set(line, body['to'] as OrderStatus);
  }
  return furthest;
}
