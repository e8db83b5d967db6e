/** What the outside world remembers of its talk with the hub: the only thing, beside the script, that the oracle may believe. */
import type { Asked, Answer } from './house.ts';
import type { Judgement, Script, Verb } from './script.ts';
import type { Message, Telling } from './telling.ts';

export interface Said {
  readonly moment: number;
  readonly asked: Asked;
  readonly answer: Answer;
  /** Index of the telling this is the answer to. */
  readonly telling?: number;
  /** Idempotency-Key it was sent under. */
  readonly key?: string;
}
export interface Step {
  readonly moment: number;
  readonly verb: Verb;
  readonly body: Message;
}
export interface Judged {
  readonly moment: number;
  readonly how: Judgement;
  /** The blocked telling; undefined: a case that follows from the facts, of this id. */
  readonly telling?: number;
  readonly caseId: string;
  /** When the hub says that it came, ms UTC. */
  readonly cameAt: number;
}
export interface Journal {
  readonly said: Said[];
  /** Per telling, each time it was told: created, changed, unchanged, needs_review. */
  readonly results: Map<number, { readonly moment: number; readonly result: string }[]>;
  readonly orderKeys: Map<number, string>;
  /** Per order, in the order in which they were accepted. */
  readonly steps: Map<number, Step[]>;
  readonly judged: Map<number, Judged[]>;
  readonly counts: { lost: number; refused: number; later: number };
}

export const newJournal = (): Journal => ({
  said: [],
  results: new Map(),
  orderKeys: new Map(),
  steps: new Map(),
  judged: new Map(),
  counts: { lost: 0, refused: 0, later: 0 },
});

export function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** The story of one order as it was told, for whoever must understand a finding. */
export function storyOf({ lives, tellings }: Script, journal: Journal, order: number): string[] {
  const life = lives[order];
  const name = (telling: Telling): string => {
    const { status, partial } = telling.message as { status?: string; partial?: boolean };
    return `${telling.kind}${partial ? ' part' : ''} of ${new Date(telling.at).toISOString()}, status ${status ?? '-'}`;
  };
  const told = [...journal.results]
    .filter(([telling]) => tellings[telling]?.order === order)
    .flatMap(([telling, results]) => results.map((each) => ({ ...each, telling })))
    .sort((a, b) => a.moment - b.moment)
    .map(({ moment, result, telling }) => `  moment ${moment + 1}: ${name(tellings[telling] as Telling)} → ${result}`);
  const steps = (journal.steps.get(order) ?? []).map(({ verb, body }) => `  accepted :${verb} ${JSON.stringify(body)}`);
  const judged = (journal.judged.get(order) ?? []).map(
    ({ how, caseId, telling }) => `  judged ${caseId}: ${how}${telling === undefined ? '' : ` of ${name(tellings[telling] as Telling)}`}`,
  );
  return [`order ${life?.shop}/${life?.id} (${journal.orderKeys.get(order) ?? 'no key'})`, ...told, ...steps, ...judged];
}
