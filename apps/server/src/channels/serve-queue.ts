/** A queue that a platform keeps for an app: takes, makes durable, confirms. What was not confirmed comes again and changes nothing. */
import { type Link, LinkBroken, type LinkDeps, keepAll } from './link.ts';
import { textOf } from './token-keeper.ts';
import type { Failure, MessageQueue } from '@weir/connectors/adapter';

/** Also an empty queue is not asked more often. */
const LEAST_REST_MS = 10;

const broken = (failure: Failure): LinkBroken => new LinkBroken(failure.code, textOf(failure), failure);

/** Until this process may no longer work; throws `LinkBroken` when the platform fails us. */
export async function serveQueue(deps: LinkDeps, link: Link, queue: MessageQueue): Promise<void> {
  while (link.mayWork()) {
    const taken = await queue.take(link.ask, link.app);
    if (!taken.ok) throw broken(taken.failure);
    link.up();
    const messages = taken.value;
    if (messages.length === 0) {
      await deps.sleep(Math.max(LEAST_REST_MS, queue.restMs)).catch(() => {});
      continue;
    }
    link.heard();
    if (!(await keepAll(deps, link, messages))) return;
    const ids = messages.map(({ id }) => id);
    const confirmed = await queue.confirm(link.ask, ids, link.app);
    if (!confirmed.ok && confirmed.failure.class !== 'already_done') throw broken(confirmed.failure);
  }
}
