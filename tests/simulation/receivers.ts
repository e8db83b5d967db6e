/** Systems that subscribe to the hub, each behind a wire, each looking at every arrival whether it was allowed to come just then. */
import { type Arrival, createSubscriber, type OrderData, type Subscriber, type Violation } from '@weir/sandbox';
import { isOrderKey, partitionOfKey } from '@weir/core';
import type { Db } from '../../apps/server/src/platform/index.ts';
import type { WorldClock } from './clock.ts';
import type { ReceiverFault } from './faults.ts';
import type { Asked } from './house.ts';
import { CHANNEL, SHOPS } from './lives.ts';
import { CANARY, CANARY_PHONE } from './telling.ts';
import { layWire, type Wire } from './wire.ts';

export interface Wanted {
  readonly name: string;
  readonly eventTypes?: readonly string[];
  readonly shops?: readonly string[];
}
export interface Receiver {
  readonly wanted: Wanted;
  readonly endpointId: string;
  /** Where it listens and what it trusts, for whoever wants to deliver something false. */
  readonly url: string;
  readonly secret: string;
  readonly arrivals: readonly Arrival[];
  /** Arrivals that the log did not know, or that an open review withheld, at the moment of their arrival. */
  readonly tooEarly: readonly string[];
  orders(): ReadonlyMap<string, OrderData>;
  violations(): readonly Violation[];
  suffer(fault: ReceiverFault): void;
  close(): Promise<void>;
}

export const WANTED: readonly Wanted[] = [
  { name: 'erp' },
  { name: 'warehouse', shops: [`${CHANNEL}/${SHOPS[0]}`, `${CHANNEL}/${SHOPS[1]}`] },
  { name: 'finance', eventTypes: ['order.paid', 'order.refund_changed', 'order.closed', 'order.held', 'order.released'] },
  { name: 'mirror' },
];
const SLOW_MS = 40;
const FEW = 5;
const RETRY_AFTER_SECONDS = 20;

type Ask = (asked: Asked) => Promise<{ readonly id: string; readonly secret: string }>;

export async function openReceiver(wanted: Wanted, ask: Ask, db: Db, clock: WorldClock): Promise<Receiver> {
  const [arrivals, tooEarly]: [Arrival[], string[]] = [[], []];
  const onArrival = async (arrival: Arrival): Promise<void> => {
    arrivals.push(arrival);
    const wrong = await whyTooEarly(db, arrival);
    if (wrong !== null) tooEarly.push(`${arrival.subject} version ${arrival.version} (${arrival.type}): ${wrong}`);
  };
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const subscriber = await createSubscriber({
    secret: 'whsec_',
    clock: { now: clock.now, sleep },
    canaries: [CANARY, CANARY_PHONE],
    onArrival,
  });
  const wire = await layWire({ host: '127.0.0.1', port: Number(new URL(subscriber.url).port) });
  const body = JSON.stringify({ ...wanted, url: `http://127.0.0.1:${wire.port}/${wanted.name}`, startAt: 'earliest' });
  const { id, secret } = await ask({ method: 'POST', path: '/v1/endpoints', body });
  subscriber.trust(secret);
  return {
    wanted,
    endpointId: id,
    url: subscriber.url,
    secret,
    arrivals,
    tooEarly,
    orders: subscriber.orders,
    violations: subscriber.violations,
    suffer: (fault) => suffer(fault, subscriber, wire),
    async close() {
      await wire.close();
      await subscriber.close();
    },
  };
}

/** Every third subject, whatever the keys look like. */
const someSubjects = (subject: string): boolean => Array.from(subject).reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 3 === 0;

function suffer(fault: ReceiverFault, { behave }: Subscriber, wire: Wire): void {
  switch (fault) {
    case 'refuse next':
      return behave({ failNext: FEW });
    case 'refuse each once':
      return behave({ failEach: 1, failStatus: 503 });
    case 'too many requests':
      return behave({ failNext: FEW, failStatus: 429, retryAfterSeconds: RETRY_AFTER_SECONDS });
    case 'refuse some subjects':
      return behave({ refuseSubject: someSubjects });
    case 'gone':
      return behave({ isGone: true });
    case 'cut after storing':
      return behave({ cutAfterStoring: true });
    case 'slow':
      return behave({ delayMs: SLOW_MS });
    case 'hang':
      return wire.freeze();
    case 'down':
      return wire.unplug();
    case 'heal':
      behave({});
      wire.thaw();
      wire.plug();
  }
}

/**
 * Asked while the delivery waits for its answer, so what the hub knew when it sent is in the log. An order may be told of as far as its last version
 * that no review and no missing detail held; this is read from the states themselves, not from the hub's own mark. `order.held` says nothing but that.
 */
async function whyTooEarly(db: Db, { subject, version, order }: Arrival): Promise<string | null> {
  const { rows } = await db.queryNamed<{ logged: boolean | null; free: boolean | null }>(
    'simulation.why_too_early',
    `select bool_or(version = $2) as logged,
       bool_or(version >= $2 and not exists (select from json_array_elements(state -> 'holds') as h where h ->> 'kind' in ('review', 'incomplete'))) as free
     from events where log_partition = $3 and order_key = $1`,
    [subject, version, isOrderKey(subject) ? partitionOfKey(subject) : null],
  );
  if (rows[0]?.logged !== true) return 'no such event is in the log';
  return order === null || rows[0].free === true ? null : 'the order is withheld';
}
