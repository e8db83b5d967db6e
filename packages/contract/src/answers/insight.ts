/** What people look at first, and whether the server lives. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { EndpointItem } from './broadcast.ts';
import { AwayAnswer, LinkDown, PullAlarm } from './channels.ts';
import { Count, Instant, listOf, orNull } from './list.ts';

export const OverviewAnswer = Type.Object(
  {
    asOf: Instant,
    today: Count,
    byStatus: Type.Record(Type.String(), Count),
    byHour: Type.Array(Type.Object({ hour: Instant, channel: Type.String(), count: Count }, strict)),
    held: Type.Record(Type.String(), Count),
    reviewsOpen: Count,
    deadLetters: Count,
    sources: Type.Array(
      Type.Object(
        {
          channel: Type.String(),
          shop: Type.String(),
          name: orNull(Type.String()),
          connected: Type.Boolean(),
          today: Count,
          lastPlacedAt: orNull(Instant),
          lastReceivedAt: orNull(Instant),
          lagMs: orNull(Type.Integer({ description: 'from the newest order’s first message to our storing it, ms' })),
        },
        strict,
      ),
    ),
    endpoints: Type.Array(EndpointItem),
    worker: Type.Object({ holds: Type.Boolean() }, strict),
    away: orNull(AwayAnswer),
    pullAlarms: Type.Array(PullAlarm),
    linksDown: Type.Array(LinkDown),
  },
  { ...strict, $id: 'Overview' },
);
export const HealthAnswer = Type.Object({ status: Type.Literal('ok') }, strict);
export const ReadyAnswer = Type.Object(
  {
    database: Type.Boolean(),
    busy: Type.Boolean({ description: 'the database was not reached because all connections to it are in use' }),
    worker: Type.Enum(['working', 'standing by']),
    position: Type.Optional(Type.Integer({ description: 'of the last message that was worked; not told to strangers' })),
    keys: Type.Boolean({ description: 'this month’s data key is in use' }),
    disk: orNull(
      Type.Object(
        { freeBytes: Type.Integer(), isLow: Type.Boolean() },
        { ...strict, description: 'of the data directory; null where it cannot be seen' },
      ),
    ),
    backup: orNull(
      Type.Object(
        { at: orNull(Type.String({ format: 'date-time' })), failing: Type.Boolean() },
        { ...strict, description: 'the newest backup that the house made itself; null when it makes none' },
      ),
    ),
  },
  strict,
);

export const RetentionRunItem = Type.Object(
  {
    job: Type.Enum(['raw', 'personal', 'facts', 'rows']),
    beganAt: Instant,
    endedAt: orNull(Instant),
    removed: Count,
    error: orNull(Type.String({ description: 'code of the fault that cut it off; it is tried again after an hour' })),
  },
  { ...strict, $id: 'RetentionRun' },
);
export const RetentionRunList = listOf(RetentionRunItem);

export const ClockTrusted = Type.Object(
  {
    provenAt: Type.String({
      format: 'date-time',
      description: 'what is dropped for its age is measured from here, and from the clock as it goes on',
    }),
  },
  { ...strict, $id: 'ClockTrusted' },
);
