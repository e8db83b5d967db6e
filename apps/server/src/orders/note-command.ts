/** The audit's record of a command: who asked what of which order, and what became of it. Nothing that a person wrote stands in it. */
import { audit } from '#access';
import type { Submitted } from '#intake';
import type { Caller } from '#web';
import type { Command } from './command.ts';
import type { Order } from './order.ts';
import type { OrderDeps } from './order-of.ts';
import { findOrder } from './store.ts';

/** What became of it: `later` is stored and not worked yet; the number of its message says where to ask (`/v1/outcomes/{message}`). */
export function endingOf(submitted: Submitted): Readonly<Record<string, unknown>> {
  if (submitted.kind === 'later') return { result: 'later', message: String(submitted.position) };
  if (submitted.kind === 'refused') return { result: 'not_stored', code: submitted.code };
  const { result, code, position } = submitted.outcome;
  return { result, ...(code === undefined ? {} : { code }), message: String(position) };
}

const isRefused = (submitted: Submitted): boolean => submitted.kind === 'outcome' && submitted.outcome.result === 'refused';

/**
 * Written once its end is known, and before its caller is told. What was not stored leaves none: nothing was done. A process that dies in between leaves
 * the message, which names who asked.
 */
export async function noteCommand(deps: OrderDeps, caller: Caller, order: Order, command: Command, submitted: Submitted): Promise<void> {
  if (submitted.kind === 'refused') return;
  const isAddress = command.verb === 'changeAddress';
  const versionsOf = ({ version, addressVersion }: Order) => ({ version, ...(isAddress ? { addressVersion } : {}) });
  const after = isRefused(submitted) ? null : await findOrder(deps.db, order.partition, order.orderKey);
  await audit(deps.db, deps.clock.now(), caller, `order.${command.verb}`, order.orderKey, {
    ...endingOf(submitted),
    ...(isRefused(submitted) ? {} : askedOf(command)),
    before: versionsOf(order),
    ...(after === null ? {} : { after: versionsOf(after) }),
  });
}

/** What of an accepted command is a code or a number of ours. */
function askedOf(command: Command): object {
  if (command.verb === 'move') return { to: command.to, ...(command.lines === undefined ? {} : { lines: command.lines.length }) };
  if (command.verb === 'ship') return { parcels: command.shipments.length };
  return command.verb === 'release' ? { holdId: command.holdId } : {};
}
