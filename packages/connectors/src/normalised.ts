/** What becomes of an order of a channel: a message in Weir's words, or what is wrong with it. */
import type { NeutralIdentity, NeutralMessage, NeutralOrder, Problem } from '@weir/contract';
import type { Subject } from '@weir/contract/subject';
import type { Heard, Want } from './adapter.ts';
import { chinaTime } from './china-time.ts';

export type Normalised =
  | { readonly ok: true; readonly message: NeutralMessage; readonly wants: readonly Want[] }
  /** Understood well enough to name what is wrong: a review case, of the order when its identity could be read. */
  | { readonly ok: false; readonly identity: NeutralIdentity | null; readonly problems: readonly Problem[] };

export const toHeard = (read: Normalised): Heard =>
  read.ok ? { messages: [read.message], wants: read.wants, problems: [] } : { messages: [], wants: [], problems: read.problems };

/** A case in a list of after-sales proves what a push about it would: how far the refund is, and nothing of the order, which is fetched. `changedAt` in seconds. */
export function heardOfCase(
  { channel, shop, id }: Subject,
  changedAt: number,
  refund: NonNullable<NeutralOrder['refunds']>[number] | null,
): Heard {
  const refunds = refund === null ? {} : { refunds: [refund] };
  const message: NeutralMessage = {
    schema: 1,
    channel,
    shop,
    channelOrderId: id,
    modifiedAt: chinaTime(changedAt),
    ...refunds,
    partial: true,
  };
  return { messages: [message], wants: ['after_sales', 'detail'], problems: [] };
}
