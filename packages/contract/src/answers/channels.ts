/** What the channels room answers. No secret, token or credential is in any of it. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Count, Instant, listOf, orNull } from './list.ts';

/** A channel that this house can speak to: what must be known to register an app of it and to connect a shop. */
export const ChannelItem = Type.Object(
  {
    channel: Type.String(),
    settings: Type.Array(
      Type.Object(
        {
          name: Type.String({ description: 'its name in `settings` of POST /v1/apps' }),
          isRequired: Type.Boolean(),
          form: Type.Enum(['secret', 'line', 'lines'], {
            description: 'how it is typed: hidden, in the open, or in several lines as a PEM',
          }),
          zh: Type.String(),
          en: Type.String(),
        },
        strict,
      ),
      { description: 'what an app has beside key and secret' },
    ),
    consentCode: Type.Enum(['needed', 'optional', 'none'], {
      description: 'whether a shop is connected with the code that its seller’s consent gave; optional where the app may be the shop’s own',
    }),
    pushPath: orNull(
      Type.String({
        description: 'the form of the address to register there, below this server’s own; null where the platform calls nobody',
      }),
    ),
    links: Type.Array(Type.Enum(['queue', 'socket']), {
      description: 'what we empty or hold for an app by ourselves; of two a setting chooses one',
    }),
    feeds: Type.Array(Type.Enum(['orders', 'after_sales']), { description: 'which lists are walked by time of change' }),
    settleSeconds: Type.Integer({ minimum: 0, description: 'its lists lag this far behind: what is newer is asked for later' }),
    backfillDays: Type.Integer({ minimum: 1, description: 'orders older than this are in no list' }),
    canNoteOrderKey: Type.Boolean({ description: 'whether our order key can be written into the seller’s note' }),
  },
  { ...strict, $id: 'Channel' },
);
export const ChannelList = listOf(ChannelItem);

/** A queue that is emptied, or a connection that is held, for an app. */
export const AppLink = Type.Object(
  {
    kind: Type.Enum(['queue', 'socket']),
    upSince: orNull(Type.String({ description: 'null while it does not stand' })),
    downSince: orNull(Type.String({ description: 'null while it stands' })),
    lastMessageAt: orNull(Instant),
    lastError: orNull(Type.String({ description: 'why it last ended: the channel’s own code and words' })),
  },
  { ...strict, $id: 'AppLink' },
);
export const AppItem = Type.Object(
  {
    id: Type.String(),
    channel: Type.String(),
    key: Type.String({ description: 'as the channel knows the app' }),
    name: Type.String(),
    baseUrl: orNull(Type.String({ description: 'of a simulated channel; null = the channel’s own' })),
    settings: Type.Array(Type.String(), {
      description: 'names of what it has beside key and secret; the values are sealed and never leave',
    }),
    pushPath: Type.String({ description: 'the address to register at the channel, below this server’s own' }),
    pushUrl: orNull(Type.String({ description: 'the whole of it; null unless WEIR_PUBLIC_URL says where others reach this server' })),
    links: Type.Array(AppLink, { description: 'how its queue or socket stands; empty where the channel has none' }),
    openings: orNull(
      Type.Object(
        {
          today: Count,
          perDay: orNull(Type.Integer({ description: 'null: counted and not limited' })),
        },
        {
          ...strict,
          description: 'receivers that were opened at the channel since midnight in Beijing; null where the channel opens none',
        },
      ),
    ),
    wrongSignatures: Type.Object(
      {
        total: Count,
        lastAt: orNull(Instant),
        alarmAt: orNull(Type.String({ description: 'when five last came within a minute' })),
      },
      strict,
    ),
    createdAt: Instant,
  },
  { ...strict, $id: 'App' },
);
export const AppList = listOf(AppItem);

export const ShopItem = Type.Object(
  {
    channel: Type.String(),
    shop: Type.String(),
    name: Type.String(),
    app: Type.Optional(Type.String({ description: 'through which it is connected; absent for a shop that speaks the neutral form only' })),
    orderKeyInNote: Type.Optional(
      Type.Boolean({ description: 'whether our order key is written into the seller’s note; only of shops with an app' }),
    ),
    tokenError: Type.Optional(Type.String({ description: 'why we have no token for it' })),
    permitError: Type.Optional(Type.String({ description: 'why the channel would not send us its messages' })),
  },
  { ...strict, $id: 'Shop' },
);
export const ShopList = listOf(ShopItem);

export const PullItem = Type.Object(
  {
    channel: Type.String(),
    shop: Type.String(),
    feed: Type.Enum(['orders', 'after_sales']),
    cursor: Type.String({ description: 'everything that changed up to here is in the inbox' }),
    lagMs: Count,
    ranAt: orNull(Instant),
    lastRows: orNull(Count),
    lastError: orNull(Type.String({ description: 'the channel’s own code and words' })),
    sweptAt: orNull(Type.String({ description: 'when the last hours were last walked again' })),
    alarm: orNull(
      Type.Object(
        { since: Instant, from: Instant, to: Instant, rows: Count, expected: Count },
        { ...strict, description: 'a window that told suspiciously few rows: the cursor stands until more come or a person accepts it' },
      ),
    ),
    fetches: Type.Object(
      { waiting: Count, dead: Count, lastError: orNull(Type.String()) },
      { ...strict, description: 'orders of which the detail must be asked for, of the whole shop' },
    ),
  },
  { ...strict, $id: 'Pull' },
);
export const PullList = listOf(PullItem);
export const PullAccepted = Type.Object(
  { channel: Type.String(), shop: Type.String(), feed: Type.String(), accepted: Type.Boolean() },
  { ...strict, $id: 'PullAccepted' },
);

export const BackfillItem = Type.Object(
  {
    id: Type.String(),
    channel: Type.String(),
    shop: Type.String(),
    from: Instant,
    to: Instant,
    reached: Type.String({ description: 'everything placed before is in the inbox' }),
    progress: Type.Integer({ minimum: 0, maximum: 100, description: 'percent of the range' }),
    orders: Count,
    lastError: orNull(Type.String()),
    askedBy: Type.String(),
    askedAt: Instant,
    finishedAt: orNull(Instant),
  },
  { ...strict, $id: 'Backfill' },
);
export const BackfillList = listOf(BackfillItem);

export const AwayItem = Type.Object(
  {
    orderKey: Type.String(),
    channel: Type.String(),
    shop: Type.String(),
    channelOrderId: Type.String(),
    status: orNull(Type.String()),
    shipBy: orNull(Instant),
  },
  { ...strict, $id: 'AwayOrder' },
);
export const AwayAnswer = Type.Object(
  {
    from: Instant,
    to: Instant,
    completeAt: orNull(Type.String({ description: 'null while we are catching up' })),
    orders: Type.Integer({ minimum: 0, description: 'placed meanwhile' }),
    mustShipWithin2h: Type.Integer({ minimum: 0, description: 'of these, that have not left and must within two hours' }),
    items: Type.Array(AwayItem, { description: 'that have not left, the most urgent first' }),
  },
  { ...strict, $id: 'Away' },
);

/** A queue or a socket that has been down for long, as the overview shows it. */
export const LinkDown = Type.Object(
  {
    app: Type.String(),
    channel: Type.String(),
    name: Type.String({ description: 'of the app' }),
    kind: Type.Enum(['queue', 'socket']),
    since: Instant,
    lastError: orNull(Type.String()),
  },
  { ...strict, $id: 'LinkDown' },
);
/** A list of a channel that told suspiciously few rows, as the overview shows it. */
export const PullAlarm = Type.Object(
  { channel: Type.String(), shop: Type.String(), feed: Type.String(), since: Instant, rows: Count, expected: Count },
  { ...strict, $id: 'PullAlarm' },
);
