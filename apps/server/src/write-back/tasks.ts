/** What an order's channel must be told, from the events of the log. Pure. */
import type { OrderState, WriteBackWhat } from '@weir/contract';
import { LIVE_STATUSES, type LiveStatus } from '@weir/contract';
import type { LogEvent } from '#broadcast';

export interface WantedParcel {
  readonly id: string;
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly former: readonly string[];
  readonly lines: readonly { readonly lineId: string; readonly quantity: number }[];
  /** Titles and pieces of what lies in it, for a channel that wants words. */
  readonly contents?: string;
  /** With it all has left that is to leave. */
  readonly isLast?: true;
}
export interface Task {
  readonly partition: number;
  readonly orderKey: string;
  readonly what: WriteBackWhat;
  readonly channel: string;
  readonly shop: string;
  readonly channelOrderId: string;
  readonly version: number;
  readonly wanted: readonly WantedParcel[];
}
/** By "channel/shop". */
export type Targets = ReadonlyMap<string, { readonly inNote: boolean }>;

/** Of several events of one order the newest state counts: each holds the whole state. A withheld one is stepped over; its release brings the state again. */
export function tasksOf(events: readonly LogEvent[], targets: Targets): Task[] {
  const tasks = new Map<string, Task>();
  for (const event of events) for (const task of event.withheld ? [] : tasksIn(event, targets)) put(tasks, task);
  return [...tasks.values()];
}

function put(tasks: Map<string, Task>, task: Task): void {
  const key = `${task.orderKey} ${task.what}`;
  const known = tasks.get(key);
  if (known === undefined || (known.version < task.version && !sameWanted(known, task))) tasks.set(key, task);
}

/** What is wanted counts from the first version that says so. */
const sameWanted = (a: Task, b: Task): boolean => JSON.stringify(a.wanted) === JSON.stringify(b.wanted);

/** The state begins with whose order it is: what concerns nobody here is not read any further. */
const IDENTITY = /^\{"orderKey":"[^"\\]*","channel":"([^"\\]*)","shop":"([^"\\]*)"/;
function isForeign(text: string, targets: Targets): boolean {
  const [, channel, shop] = IDENTITY.exec(text) ?? [];
  return channel !== undefined && !targets.has(`${channel}/${shop}`);
}

function tasksIn(event: LogEvent, targets: Targets): Task[] {
  if (isForeign(event.state, targets)) return [];
  const state = JSON.parse(event.state) as OrderState;
  const target = targets.get(`${state.channel}/${state.shop}`);
  if (target === undefined) return [];
  const { orderKey, channel, shop, channelOrderId, version } = state;
  const task = (what: WriteBackWhat, wanted: readonly WantedParcel[]): Task => {
    return { partition: event.partition, orderKey, what, channel, shop, channelOrderId, version, wanted };
  };
  const ours = ourParcels(state);
  return [...(ours.length > 0 ? [task('ship', ours)] : []), ...(target.inNote && isOnItsWay(state) ? [task('remark', [])] : [])];
}

/** What the channel reported itself is never told back to it. */
function ourParcels({ shipments, lines: ordered }: OrderState): WantedParcel[] {
  const ours = shipments.filter(({ own }) => own === true);
  const allLeft = ordered.every(({ status, quantity, shipped }) => status === 'cancelled' || status === 'closed' || shipped >= quantity);
  return ours.map(({ id, carrier, trackingNumber, lines, former = [] }, i) => {
    const isLast = allLeft && i === ours.length - 1 ? ({ isLast: true } as const) : {};
    return { id, carrier, trackingNumber, former, lines, ...contentsOf(lines, ordered), ...isLast };
  });
}

const MAX_CONTENTS = 500;
/** Of lines that the order has no more nobody knows the title. */
function contentsOf(pieces: WantedParcel['lines'], ordered: OrderState['lines']): Pick<WantedParcel, 'contents'> {
  const words = pieces.flatMap(({ lineId, quantity }) => {
    const title = ordered.find((line) => line.lineId === lineId)?.title ?? '';
    return title === '' ? [] : [`${title}*${quantity}`];
  });
  return words.length === 0 ? {} : { contents: words.join('；').slice(0, MAX_CONTENTS).toWellFormed() };
}

const levelOf = (status: string | null): number => LIVE_STATUSES.indexOf(status as LiveStatus);
/** Somebody will handle its goods and may want to find it here: not before it is paid, and not when it is out of the house already. */
const isOnItsWay = ({ status }: OrderState): boolean => levelOf(status) >= levelOf('paid') && levelOf(status) < levelOf('shipped');
