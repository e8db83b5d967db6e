/** What an order's page says that the order itself does not. Pure. */
import { type LiveStatus, LIVE_STATUSES } from '@weir/contract/statuses';
import type { Order } from '../api/types.ts';
import type { List, Words } from '../words/words.ts';
import type { Action } from './actions.tsx';

const levelOf = (status: string | null): number => LIVE_STATUSES.indexOf(status as LiveStatus);
const SHIPPED = LIVE_STATUSES.indexOf('shipped');
const hasEnded = (status: string | null): boolean => status === 'cancelled' || status === 'closed';

/** Whether "ship by" and "may ship" still mean anything. */
export const needsShipping = ({ status }: Pick<Order, 'status'>): boolean =>
  status !== null && !hasEnded(status) && levelOf(status) < SHIPPED;

/** "2/3 行" where lines are ahead of the order's own status, else null. */
export function progressOf({ lines, status }: Pick<Order, 'lines' | 'status'>): { readonly done: number; readonly all: number } | null {
  const live = lines.filter((line) => !hasEnded(line.status));
  const ahead = live.filter((line) => levelOf(line.status) > levelOf(status)).length;
  return ahead > 0 ? { done: ahead, all: live.length } : null;
}

/** Only what makes sense to ask; the server decides anyway. */
export function actionsOf({ status, shipments }: Pick<Order, 'status' | 'shipments'>): readonly Action[] {
  if (hasEnded(status) || status === 'completed') return [];
  const asked: Action[] = ['hold'];
  if (status !== null && levelOf(status) < SHIPPED) asked.push('changeAddress');
  if (levelOf(status) < SHIPPED && shipments.length === 0) asked.push('cancel');
  return asked;
}

/** Why it may not ship, each reason once and in words. */
export const shipReasons = ({ mayShip }: Pick<Order, 'mayShip'>, words: Words): readonly string[] => [
  ...new Set(
    mayShip.map(({ code, detail }) =>
      code.startsWith('hold.') ? words.name('hold', code.slice('hold.'.length)) : statusWord(detail, words),
    ),
  ),
];
const statusWord = (detail: string, words: Words): string =>
  detail === 'order.no_status' ? words.t('orders.noStatus') : words.name('status', detail);

/** A hold's reason: our codes in words, what a person wrote as it stands. A review's codes are told where it is judged. */
export function holdReason({ kind, why }: Order['holds'][number], words: Words): string {
  if (kind === 'review') return '';
  const list: List = 'why';
  return words.name(list, why);
}

/** Somebody placed it, so somebody may end it. What follows from the channel's own words ends with them. */
export const isReleasable = ({ who }: Order['holds'][number]): boolean => who !== undefined;
