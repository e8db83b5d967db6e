/** What the broadcast room answers. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Count, Instant, listOf, orNull } from './list.ts';

const LiveSecrets = Type.Integer({ minimum: 1, description: 'so many secrets sign now' });
export const EndpointMade = Type.Object(
  { id: Type.String(), secret: Type.String({ description: '`whsec_…`, shown this once' }) },
  { ...strict, $id: 'EndpointMade' },
);
export const SecretRotated = Type.Object(
  {
    id: Type.String(),
    secret: Type.String({ description: '`whsec_…`, shown this once' }),
    oldSecretUntil: Instant,
    liveSecrets: LiveSecrets,
  },
  { ...strict, $id: 'SecretRotated' },
);
export const EndpointItem = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    url: Type.String({ description: 'for others than administrators without its query' }),
    state: Type.Enum(['active', 'paused', 'gone', 'broken', 'full']),
    eventTypes: orNull(Type.Array(Type.String())),
    shops: orNull(Type.Array(Type.String())),
    fields: orNull(Type.Array(Type.String())),
    personalFields: Type.Array(Type.String()),
    oldSecretUntil: orNull(Instant),
    liveSecrets: LiveSecrets,
    lag: orNull(Type.Integer({ description: 'null for whoever is bound to some shops; the other counts are of their orders only' })),
    parked: Count,
    dead: Count,
    mismatches: Count,
    oldestParkedSince: orNull(Instant),
    lastError: orNull(Type.String()),
  },
  { ...strict, $id: 'Endpoint' },
);
export const EndpointList = listOf(EndpointItem);
export const EndpointDone = Type.Object({ id: Type.String(), done: Type.String() }, strict);

const DELIVERY = {
  id: Type.String(),
  at: Instant,
  subjectKey: orNull(Type.String()),
  version: Count,
  type: orNull(Type.String({ description: 'null when the log no longer has the event' })),
  attempt: Count,
  outcome: Type.Enum(['delivered', 'failed']),
  status: orNull(Type.Integer({ description: 'of the answer; null when there was none' })),
  error: orNull(Type.String()),
  durationMs: Type.Integer(),
  replay: orNull(Type.String({ description: 'of which replay it was a snapshot' })),
} as const;
export const DeliveryItem = Type.Object(DELIVERY, { ...strict, $id: 'Delivery' });
export const DeliveryList = listOf(DeliveryItem);
export const DeliveryShown = Type.Object(
  {
    ...DELIVERY,
    request: orNull(
      Type.Object(
        {
          headers: Type.Object(
            { 'content-type': Type.String(), 'webhook-id': Type.String(), 'webhook-timestamp': Type.String() },
            { ...strict, description: 'without the signature, which is never kept' },
          ),
          body: Type.String({ description: 'made again from the log, without granted personal fields' }),
          leftOut: Type.Array(Type.Enum(['webhook-signature', 'personal'])),
        },
        strict,
      ),
    ),
    hasAnswer: Type.Boolean({ description: 'the first bytes of the answer were kept: `:revealAnswer` opens them' }),
  },
  { ...strict, $id: 'DeliveryShown' },
);
export const DeliveryAnswer = Type.Object(
  { answer: orNull(Type.String({ description: 'the first 1,024 bytes of what was answered; null when nothing was kept' })) },
  { ...strict, $id: 'DeliveryAnswer' },
);
export const MismatchItem = Type.Object(
  {
    subjectKey: Type.String(),
    version: Count,
    ours: Type.String({ description: '`<version>:<digest>` of what was delivered' }),
    theirs: Type.String({ description: 'what the receiver answered in `weir-state-digest`' }),
    since: Instant,
    at: Instant,
  },
  { ...strict, $id: 'Mismatch' },
);
export const MismatchList = listOf(MismatchItem);
export const ParkedItem = Type.Object(
  {
    subjectKey: Type.String(),
    fromVersion: Type.Integer({ description: 'the first version that the receiver does not have' }),
    since: Instant,
    tries: Type.Integer({ description: 'of that version' }),
    nextAt: orNull(Type.String({ description: 'when it is tried again; null: our tries have ended' })),
    dead: Type.Boolean({ description: 'our tries have ended: `:resume` tries it anew' }),
    error: Type.String(),
    why: Type.Object({ zh: Type.String(), en: Type.String() }, strict),
  },
  { ...strict, $id: 'Parked' },
);
export const ParkedList = listOf(ParkedItem);

const said = Type.Optional(Type.String());
const AskedQuery = Type.Object(
  {
    channel: said,
    shop: said,
    status: said,
    held: said,
    placedFrom: said,
    placedTo: said,
    channelOrderId: said,
    trackingNumber: said,
    paidFrom: said,
    paidTo: said,
  },
  strict,
);
const Unknown = Type.Array(Type.String(), { description: 'keys that name no order which this endpoint hears of; at most 100' });
const REPLAY = {
  id: Type.String(),
  asked: Type.Object(
    {
      keys: Type.Optional(Type.Integer({ description: 'so many order keys were given' })),
      range: Type.Optional(Type.Object({ from: Type.String(), to: Type.String() }, strict)),
      query: Type.Optional(AskedQuery),
      unknown: Type.Optional(Unknown),
    },
    strict,
  ),
  perSecond: Count,
  state: Type.Enum(['running', 'done', 'cancelled']),
  orders: Count,
  sent: Count,
  withheld: Type.Integer({ description: 'stepped over: they wait for a person' }),
  outside: Type.Integer({ description: 'not told to this endpoint' }),
  failed: Type.Integer({ description: 'refused five times' }),
  waiting: Type.Integer({ description: 'behind a delivery that failed; they are sent when it got through' }),
  madeBy: Type.String(),
  madeAt: Instant,
  endedAt: orNull(Instant),
} as const;
export const ReplayItem = Type.Object(REPLAY, { ...strict, $id: 'Replay' });
export const ReplayList = listOf(ReplayItem);
const Keys = Type.Array(Type.String(), { description: 'at most 100 order keys' });
export const ReplayShown = Type.Object(
  { ...REPLAY, keys: Type.Object({ withheld: Keys, outside: Keys, failed: Keys }, strict) },
  { ...strict, $id: 'ReplayShown' },
);
export const ReplayMade = Type.Object(
  { id: Type.String(), orders: Count, perSecond: Count, unknown: Unknown },
  { ...strict, $id: 'ReplayMade' },
);
export const ReplayPreview = Type.Object(
  { orders: Count, first: Type.Array(Type.String(), { description: 'the first ten order keys' }), unknown: Unknown },
  { ...strict, $id: 'ReplayPreview' },
);
