/** What a push says when its platform names one order in it, by a topic. */
import type { PartialOrder, Problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import type { PersonAsked, Want } from './adapter.ts';

export type PushReading =
  /** Fetch `wants`. `proves`: what may be written down at once, null for a mere hint; `doubts` say why a message that could have proved something does not. */
  | {
      readonly kind: 'news';
      readonly subject: Subject;
      readonly wants: readonly Want[];
      readonly proves: PartialOrder | null;
      readonly doubts: readonly Problem[];
      readonly asks?: readonly PersonAsked[];
    }
  /** A topic that we do not know, about an order that we can name: fetch, and show it to a person. */
  | { readonly kind: 'unmapped'; readonly subject: Subject; readonly wants: readonly Want[]; readonly problems: readonly Problem[] }
  | { readonly kind: 'unroutable'; readonly problems: readonly Problem[] };
