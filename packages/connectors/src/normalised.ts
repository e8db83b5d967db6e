/** What becomes of an order of a channel: a message in Weir's words, or what is wrong with it. */
import type { NeutralIdentity, NeutralMessage, Problem } from '@weir/contract';
import type { Heard, Want } from './adapter.ts';

export type Normalised =
  | { readonly ok: true; readonly message: NeutralMessage; readonly wants: readonly Want[] }
  /** Understood well enough to name what is wrong: a review case, of the order when its identity could be read. */
  | { readonly ok: false; readonly identity: NeutralIdentity | null; readonly problems: readonly Problem[] };

export const toHeard = (read: Normalised): Heard =>
  read.ok ? { messages: [read.message], wants: read.wants, problems: [] } : { messages: [], wants: [], problems: read.problems };
