/** Judges a world after it has come to rest. Each rule is a promise of the house; what a rule finds is a broken one. Pure. */
import { answersAreRight } from './judge-answers.ts';
import type { Evidence } from './evidence.ts';
import { deliveriesAreRight } from './judge-deliveries.ts';
import { eventsAreWhole, ordersAreRight } from './judge-orders.ts';
import { itIsToldOnce, theyAgree } from './judge-platforms.ts';
import { CANARY, CANARY_PHONE } from './telling.ts';

export interface Finding {
  readonly rule: Rule;
  readonly what: string;
  /** Index of the order in the script. */
  readonly order?: number;
}
export type Rule =
  | 'one order per identity'
  | 'the list is the state'
  | 'the right state'
  | 'versions without a hole'
  | 'each receiver in order'
  | 'each receiver ends with the same digest'
  | 'nothing withheld went out'
  | 'the platform and the hub agree'
  | 'the platform is told once'
  | 'one effect, one answer'
  | 'every refusal is explained'
  | 'no canary leaked'
  | 'no dead letter but the provoked'
  | 'everything is worked';

export const judge = (evidence: Evidence): Finding[] => [
  ...ordersAreRight(evidence),
  ...eventsAreWhole(evidence),
  ...theyAgree(evidence),
  ...itIsToldOnce(evidence),
  ...deliveriesAreRight(evidence),
  ...answersAreRight(evidence),
  ...nothingLeaked(evidence),
  ...nothingIsLeft(evidence),
];

function nothingLeaked({ texts, received }: Evidence): Finding[] {
  const leaks = texts.filter(({ text }) => text.includes(CANARY) || text.includes(CANARY_PHONE));
  const seen = received.flatMap(({ wanted, violations }) =>
    violations
      .filter(({ kind }) => kind === 'canary' || kind === 'personal_field')
      .map(({ kind, detail }) => `${wanted.name}: ${kind}, ${detail}`),
  );
  return [...leaks.map(({ where, text }) => `${where}: ${around(text)}`), ...seen].map((what) => ({ rule: 'no canary leaked', what }));
}

const AROUND = 60;
function around(text: string): string {
  const at = Math.max(text.indexOf(CANARY), text.indexOf(CANARY_PHONE));
  return text.slice(Math.max(0, at - AROUND), at + AROUND);
}

/** A dead letter is allowed for a message that was made to fail; each time it was told is one. */
function nothingIsLeft({ script, deadLetters, deadDeliveries, deadFetches, unworked }: Evidence): Finding[] {
  const provoked = new Set(
    script.tellings.filter(({ kind }) => kind === 'poison').map(({ order }) => `${script.lives[order]?.shop}/${script.lives[order]?.id}`),
  );
  const found: Finding[] = deadLetters
    .filter(({ subject }) => !provoked.has(subject))
    .map(({ subject, reason }) => ({ rule: 'no dead letter but the provoked', what: `${subject}: ${reason}` }));
  for (const subject of provoked)
    if (!deadLetters.some((letter) => letter.subject === subject))
      found.push({ rule: 'no dead letter but the provoked', what: `${subject}: the message that fails left no dead letter` });
  if (deadDeliveries > 0)
    found.push({ rule: 'no dead letter but the provoked', what: `${deadDeliveries} subjects are dead at a receiver that is well again` });
  for (const what of deadFetches) found.push({ rule: 'no dead letter but the provoked', what: `not asked for any more: ${what}` });
  if (unworked > 0) found.push({ rule: 'everything is worked', what: `${unworked} stored messages were never worked` });
  return found;
}
