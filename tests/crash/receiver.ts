/**
 * The subscriber of the suite, a process of its own that outlives every server: `receiver.ts <file> <seed>`. It stores each first arrival in
 * the file before it says yes, and refuses a few orders once, so that some are parked. Talks to its parent over IPC.
 */
import { createDice, createSubscriber, type Violation } from '@weir/sandbox';

const REFUSED = 0.03;

export type ReceiverQuestion = { readonly secret: string } | 'report';
export interface ReceiverReport {
  readonly arrivals: number;
  readonly tries: number;
  readonly violations: readonly Violation[];
}

const [file = '', seed = '1'] = process.argv.slice(2);
const dice = createDice(Number(seed));
const refused = new Set<string>();
const refuseSubject = (subject: string): boolean => {
  const refuses = !refused.has(subject) && dice.chance(REFUSED);
  if (refuses) refused.add(subject);
  return refuses;
};
const subscriber = await createSubscriber({ secret: 'whsec_', file, behaviour: { refuseSubject } });
process.on('disconnect', () => process.exit(0));
process.on('message', (question: ReceiverQuestion) => {
  if (question !== 'report') subscriber.trust(question.secret);
  const tries = [...subscriber.tries().values()].reduce((sum, n) => sum + n, 0);
  process.send?.({ arrivals: subscriber.received().length, tries, violations: subscriber.violations() } satisfies ReceiverReport);
});
process.send?.({ url: subscriber.url });
