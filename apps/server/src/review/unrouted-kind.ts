/** The kind `unrouted`: bytes that name no order of a connected shop. Nothing is decided about them but that a person must look. */
import { type Problem, problem, reasonOf } from '@weir/contract';
import type { Reader } from '@weir/connectors/adapter';
import type { Keys } from '#access';
import type { Entry, Kind, Outcome } from '#intake';
import { caseSeal, type CaseRow, saveCases } from '#orders';
import { loadUnrouted } from './store.ts';

/** Stands in the place of an order key. */
export const UNROUTED = 'unrouted';
export type UnroutedCommand = { readonly verb: 'reject' | 'retried' | 'reopen' };

/** From which state to which. */
const TURNS = { reject: ['open', 'rejected'], retried: ['open', 'fixed'], reopen: ['rejected', 'open'] } as const;
const REFUSALS = { reject: 'review.closed', retried: 'review.closed', reopen: 'review.not_reopenable' } as const;

type States = ReadonlyMap<string, string>;
interface After {
  readonly states: States;
  readonly cases: readonly CaseRow[];
}
/** Opens with the partition, so that a case is found by its id alone. */
export const unroutedCaseId = (entry: Pick<Entry, 'partition' | 'subject'>): string => `${entry.partition}-${entry.subject.id}`;
export const partitionOfUnrouted = (caseId: string): number | null => {
  const found = /^(\d{1,2})-[0-9a-f]{1,64}$/.exec(caseId);
  return found && Number(found[1]) < 64 ? Number(found[1]) : null;
};

export function unroutedKind(keys: Pick<Keys, 'box'>, readers: ReadonlyMap<string, Reader>): Kind<States, After> {
  return {
    async load(sql, entries, unsaved) {
      const wanted = entries.map((entry) => ({ partition: entry.partition, caseId: unroutedCaseId(entry) }));
      return new Map([...(await loadUnrouted(sql, wanted)), ...(unsaved?.states ?? [])]);
    },
    fold(before, entries, _issuer, _now, poisoned) {
      const states = new Map(before);
      const cases: CaseRow[] = [];
      const outcomes = entries.map((entry): Outcome => {
        const { position } = entry;
        if (poisoned.has(position)) return { position, result: 'failed', code: 'message.failed' };
        const caseId = unroutedCaseId(entry);
        const state = states.get(caseId);
        if (entry.kind === 'command') return close(entry, caseId, state);
        const problems = whyUnrouted(readers, entry);
        if (state !== undefined)
          return state === 'open' ? { position, result: 'needs_review', problems } : { position, result: 'unchanged' };
        states.set(caseId, 'open');
        cases.push(rowOf(entry, caseId, 'open', problems, keys.box.seal(entry.bytes, caseSeal(UNROUTED, caseId))));
        return { position, result: 'needs_review', problems };
      });
      return { after: { states, cases }, events: [], outcomes };

      function close(entry: Entry, caseId: string, state: string | undefined): Outcome {
        const { position } = entry;
        if (state === undefined) return { position, result: 'refused', code: 'review.not_found' };
        const { verb } = JSON.parse(entry.bytes.toString('utf8')) as UnroutedCommand;
        const [from, to] = TURNS[verb];
        if (state === to && verb === 'reopen') return { position, result: 'unchanged' };
        if (state !== from) return { position, result: 'refused', code: REFUSALS[verb], params: { state } };
        states.set(caseId, to);
        cases.push(rowOf(entry, caseId, to, [], undefined));
        return { position, result: 'changed' };
      }
    },
    save: (after) => saveCases(after.cases),
  };
}

const rowOf = (entry: Entry, caseId: string, state: string, problems: readonly Problem[], sealed: Buffer | undefined): CaseRow => ({
  partition: entry.partition,
  orderKey: UNROUTED,
  caseId,
  channel: entry.subject.channel,
  shop: entry.subject.shop,
  state,
  cause: entry.position,
  at: entry.receivedAt,
  by: entry.by,
  problems: JSON.stringify(problems),
  reason: reasonOf(problems),
  sealed,
});

/** A row of a list was fetched for its shop; a push that names a shop got here because nobody connected it. */
function whyUnrouted(readers: ReadonlyMap<string, Reader>, { kind, subject, bytes }: Entry): readonly Problem[] {
  if (kind !== 'push') return [problem('field.missing', '', { expected: 'an order id', expectedZh: '订单号' })];
  if (subject.shop !== '') return [problem('shop.not_connected', '', { reading: subject.shop })];
  return readers.get(subject.channel)?.whyUnrouted(bytes) ?? [];
}
