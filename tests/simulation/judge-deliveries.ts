/** What each receiver got, against the log: all of what is meant for it, in order, once, and nothing else. */
import { digestOf, type OrderData } from '@weir/sandbox';
import type { Evidence, Held, LogEvent, Received } from './evidence.ts';
import type { Finding, Rule } from './judge.ts';

/** The receivers' clock and the hub's jump apart on purpose; a signature that is only too old is refused and sent again. */
const isClockOnly = (detail: string): boolean => detail.includes('away from now');

export function deliveriesAreRight(evidence: Evidence): Finding[] {
  return evidence.received.flatMap((received) => {
    const say: Say = (rule, what, key) => {
      const order = orderOf(evidence, key);
      return { rule, what: `${received.wanted.name}: ${what}`, ...(order === undefined ? {} : { order }) };
    };
    return [
      ...received.tooEarly.map((what) => say('nothing withheld went out', what)),
      ...received.violations
        .filter(({ kind, detail }) => kind !== 'canary' && kind !== 'personal_field' && !(kind === 'signature' && isClockOnly(detail)))
        .map(({ kind, detail }) => say('each receiver in order', `${kind}: ${detail}`)),
      ...evidence.held.flatMap((held) => againstLog(held, received, say)),
      ...strangers(evidence, received, say),
    ];
  });
}

type Say = (rule: Rule, what: string, key?: string) => Finding;

function orderOf({ held, script }: Evidence, key: string | undefined): number | undefined {
  const item = held.find((each) => each.item.orderKey === key)?.item;
  const found = script.lives.findIndex(({ shop, id }) => shop === item?.shop && id === item.channelOrderId);
  return found < 0 ? undefined : found;
}

function againstLog(held: Held, received: Received, say: Say): Finding[] {
  const key = held.item.orderKey;
  const due = held.events.filter((event) => isLetGo(event, held.events) && isWanted(event, held, received));
  const got = received.arrivals.filter(({ subject }) => subject === key);
  const found: Finding[] = [];
  const [wanted, seen] = [due.map(nameOf), got.map(({ type, version }) => `${type.replace('weir.', '')} ${version}`)];
  if (JSON.stringify(wanted) !== JSON.stringify(seen))
    found.push(say('each receiver in order', `${key}: got [${seen.join(', ')}], was due [${wanted.join(', ')}]`, key));
  const newest = due.findLast((event) => !isOnlyTold(event));
  const [mine, hubs] = [digest(received.orders.get(key)), digest(newest?.state)];
  if (mine !== hubs) found.push(say('each receiver ends with the same digest', `${key}: ends at ${mine}, the hub at ${hubs}`, key));
  return found;
}
const nameOf = ({ type, version }: LogEvent): string => `${type} ${version}`;
const digest = (order: OrderData | undefined): string => (order === undefined ? 'nothing' : `${order.version}:${digestOf(order)}`);

/** Withheld until a later release that reaches back to it. */
const isLetGo = ({ withheld, version }: LogEvent, events: readonly LogEvent[]): boolean =>
  !withheld ||
  events.some(
    (each) =>
      each.type === 'order.released' && !each.withheld && each.version > version && (each.detail.fromVersion ?? Infinity) <= version,
  );

const isWanted = ({ type }: LogEvent, { item }: Held, { wanted }: Received): boolean =>
  (wanted.eventTypes?.includes(type) ?? true) && (wanted.shops?.includes(`${item.channel}/${item.shop}`) ?? true);

/** `order.held` of a withheld order says that it waits and nothing else. */
const isOnlyTold = ({ type, state }: LogEvent): boolean =>
  type === 'order.held' && state.holds.some(({ kind }) => kind === 'review' || kind === 'incomplete');

function strangers({ held }: Evidence, { arrivals }: Received, say: Say): Finding[] {
  const keys = new Set(held.map(({ item }) => item.orderKey));
  return [...new Set(arrivals.map(({ subject }) => subject))]
    .filter((key) => !keys.has(key))
    .map((key) => say('each receiver in order', `got ${key}, which the hub does not hold`));
}
