/** What the hub holds, against the oracle and the shop's own books. */
import type { OrderState } from '@weir/contract';
import type { Evidence, Held, LogEvent } from './evidence.ts';
import type { Finding } from './judge.ts';
import { CHANNEL } from './lives.ts';
import { type Expected, foretell } from './oracle.ts';
import { isOfPlatform } from './platforms.ts';
import { storyFor } from './story.ts';

const text = (value: unknown): string => JSON.stringify(value);
const differs = (name: string, seen: unknown, wanted: unknown): string[] =>
  text(seen) === text(wanted) ? [] : [`${name} is ${text(seen)}, must be ${text(wanted)}`];

export function ordersAreRight(evidence: Evidence): Finding[] {
  const { script, journal, held, rows } = evidence;
  const found: Finding[] = [];
  const told = new Set([...journal.results.keys()].map((telling) => script.tellings[telling]?.order));
  const byIdentity = Map.groupBy(held, ({ item }) => `${item.channel}/${item.shop}/${item.channelOrderId}`);
  script.lives.forEach(({ shop, id }, order) => {
    const identity = `${CHANNEL}/${shop}/${id}`;
    const there = byIdentity.get(identity) ?? [];
    byIdentity.delete(identity);
    if (there.length !== (told.has(order) ? 1 : 0))
      return void found.push({ rule: 'one order per identity', order, what: `${identity} is held ${there.length} times` });
    const [one] = there;
    if (one === undefined) return;
    for (const what of [...againstOracle(evidence, order, one), ...againstBooks(evidence, order, one.state)])
      found.push({ rule: 'the right state', order, what });
    for (const what of againstList(one)) found.push({ rule: 'the list is the state', order, what });
  });
  for (const identity of [...byIdentity.keys()].filter((each) => !isOfPlatform(each)))
    found.push({ rule: 'one order per identity', what: `${identity} was never told of` });
  const keys = new Set(rows.map(({ orderKey }) => orderKey));
  if (rows.length !== held.length || keys.size !== rows.length)
    found.push({ rule: 'one order per identity', what: `${rows.length} rows, ${keys.size} keys, ${held.length} listed` });
  return found;
}

function againstOracle({ script, journal }: Evidence, order: number, { state, personal }: Held): string[] {
  const wanted = foretell(storyFor(script, journal, order));
  return [
    ...(['status', 'payment', 'refund', 'payable', 'paid', 'refunded'] as const).flatMap((name) =>
      differs(name, state[name], wanted[name]),
    ),
    ...differs(
      'lines',
      state.lines.map((line) => [line.lineId, line.quantity, line.status, line.shipped]),
      wanted.lines,
    ),
    ...differs('holds', [...new Set(state.holds.map(({ kind }) => kind))].sort(), wanted.holds),
    ...differs('holds of people', state.holds.filter(({ kind }) => kind === 'person').length, wanted.personHolds),
    ...againstPeople(personal, wanted),
    ...againstArithmetic(state),
  ];
}

function againstPeople(personal: Held['personal'], { receiver, remark, buyer, isOpen }: Expected): string[] {
  const address = receiver && { province: receiver.province, city: receiver.city, district: receiver.district, detail: receiver.detail };
  return [
    ...(isOpen.receiver
      ? []
      : [
          ...differs('receiver.name', personal['receiver.name'], receiver?.name ?? null),
          ...differs('receiver.phone', personal['receiver.phone'], receiver?.phone ?? null),
          ...differs('receiver.address', personal['receiver.address'], address ?? null),
        ]),
    ...differs('buyer.name', personal['buyer.name'], buyer ?? null),
    ...(isOpen.remark ? [] : differs('remark', personal['remark'], remark ?? null)),
  ];
}

const cents = (amount: string): bigint => BigInt(amount.replace('.', ''));
/** A second, direct look at the amounts that are shown: each payment once, each refund once, pieces no more than were ordered. */
function againstArithmetic({ payments, refunds, shipments, paid, refunded, lines }: OrderState): string[] {
  const total = (amounts: readonly string[]): bigint => amounts.reduce((sum, amount) => sum + cents(amount), 0n);
  const done = refunds.filter(({ status }) => status === 'done');
  const ids = [payments, refunds, shipments].map((list) => list.map(({ id }) => id));
  return [
    ...(total(payments.map(({ amount }) => amount)) <= cents(paid) ? [] : [`the payments make more than ${paid}`]),
    ...(total(done.map(({ amount }) => amount)) <= cents(refunded) ? [] : [`the refunds make more than ${refunded}`]),
    ...(ids.every((list) => new Set(list).size === list.length) ? [] : ['an id stands twice in a list']),
    ...lines.flatMap(({ lineId, shipped, quantity }) => (shipped <= quantity ? [] : [`of line ${lineId} more left than was ordered`])),
  ];
}

/** The shop's books and the known ends of written stories. */
function againstBooks({ script }: Evidence, order: number, state: OrderState): string[] {
  const { truth, ends } = script.lives[order] as Evidence['script']['lives'][number];
  const kinds = [...new Set(state.holds.map(({ kind }) => kind))].sort();
  return [
    ...(truth === undefined
      ? []
      : [
          ...(['status', 'payable', 'paid', 'refunded'] as const).flatMap((name) =>
            differs(`${name} (by the shop's books)`, state[name], truth[name]),
          ),
          ...differs(
            "lines (by the shop's books)",
            state.lines.map(({ lineId, quantity, status }) => [lineId, quantity, status]),
            truth.lines.map(({ lineId, quantity, status }) => [lineId, quantity, status]),
          ),
        ]),
    ...(ends === undefined
      ? []
      : [...differs('status (as the story ends)', state.status, ends.status), ...differs('holds (as the story ends)', kinds, ends.holds)]),
  ];
}

const againstList = ({ item, state }: Held): string[] => [
  ...(['orderKey', 'channel', 'shop', 'channelOrderId', 'status', 'payment', 'refund', 'payable', 'currency'] as const).flatMap((name) =>
    differs(name, item[name], state[name]),
  ),
  ...differs('held', item.held, [...new Set(state.holds.map(({ kind }) => kind))].sort()),
  ...differs('lineCount', item.lineCount, state.lines.length),
  ...differs('title', item.title, state.lines[0]?.title ?? ''),
];

/** Only our own steps bring a line here; no message of the script does. */
const OURS: ReadonlySet<string> = new Set(['allocated', 'picked', 'packed']);

/** A newer message that says nothing new of the order moves these (its time, who sent it from where) and is no event. */
const SILENT: ReadonlySet<keyof OrderState> = new Set(['modifiedAt', 'bundleVersion']);
/** An old message that comes late may show that a hold is older than was known; that is no event either. */
const loud = (name: keyof OrderState, state: OrderState | undefined): unknown =>
  name === 'holds' ? state?.holds.map(({ since: _, ...hold }) => hold) : state?.[name];

export function eventsAreWhole({ script, held, logged }: Evidence): Finding[] {
  return held.flatMap(({ item, state, events }) => {
    const order = script.lives.findIndex(({ shop, id }) => shop === item.shop && id === item.channelOrderId);
    const wrong = events.flatMap((event, i) => againstBefore(event, events[i - 1], i));
    const last = events.at(-1)?.state;
    for (const name of Object.keys({ ...last, ...state }) as (keyof OrderState)[])
      if (!SILENT.has(name))
        wrong.push(...differs(`${name} of the order`, loud(name, state), loud(name, last)).map((what) => `${what} by its last event`));
    if (logged.get(item.orderKey) !== state.version)
      wrong.push(`version ${state.version} has ${logged.get(item.orderKey)} events in the log`);
    if (events.filter(({ type }) => type === 'order.created').length !== 1) wrong.push('it was not created exactly once');
    return wrong.map(
      (what): Finding => ({ rule: 'versions without a hole', ...(order < 0 ? {} : { order }), what: `${item.orderKey}: ${what}` }),
    );
  });
}

function againstBefore({ version, position, state, type }: LogEvent, before: LogEvent | undefined, i: number): string[] {
  const steps = state.lines.filter(
    (line) => OURS.has(line.status) && before?.state.lines.find(({ lineId }) => lineId === line.lineId)?.status !== line.status,
  );
  return [
    ...(version === i + 1 && state.version === version
      ? []
      : [`event ${i + 1} (${type}) has version ${version}, its state ${state.version}`]),
    ...(before === undefined || position > before.position ? [] : [`event ${i + 1} lies before the one before it`]),
    ...(before !== undefined && before.state.holds.length > 0 && state.holds.length > 0 && steps.length > 0
      ? [`a step was taken in spite of ${text(before.state.holds)}`]
      : []),
  ];
}
