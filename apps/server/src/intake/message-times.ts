/** Every time that a message tells, read once; works on anything, so that also a blocked message has a source time. */
import { parseInstant } from '@weir/core';

export interface MessageTime {
  readonly pointer: string;
  readonly text: string;
  /** Milliseconds UTC, or null when the text is no instant. */
  readonly at: number | null;
}

const TIMES = ['placedAt', 'paidAt', 'shippedAt', 'completedAt', 'modifiedAt', 'shipBy'] as const;
const ITEM_TIMES = [
  ['payments', 'at'],
  ['refunds', 'at'],
  ['shipments', 'at'],
  ['doNotShip', 'since'],
] as const;

export function readTimes(value: unknown): readonly MessageTime[] {
  const order = value as Record<string, unknown>;
  const read = new Map<string, number | null>(); // the same instant often stands in several places
  const found: MessageTime[] = [];
  const add = (pointer: string, text: unknown): void => {
    if (typeof text !== 'string') return;
    let at = read.get(text);
    if (at === undefined) read.set(text, (at = parseInstant(text)));
    found.push({ pointer, text, at });
  };
  for (const name of TIMES) add(`/${name}`, order[name]);
  for (const [list, field] of ITEM_TIMES) {
    const items = order[list];
    if (Array.isArray(items)) items.forEach((item: Record<string, unknown> | null, i) => add(`/${list}/${i}/${field}`, item?.[field]));
  }
  return found;
}

/** `shipBy` is a promise about the future and never a source time. */
export const isHistory = ({ pointer }: MessageTime): boolean => pointer !== '/shipBy';

/** The newest readable time of the past, ms UTC. */
export function newestOf(times: readonly MessageTime[]): number | null {
  let newest: number | null = null;
  for (const time of times) if (isHistory(time) && time.at !== null && (newest === null || time.at > newest)) newest = time.at;
  return newest;
}
