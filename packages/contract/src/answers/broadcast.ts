/** What the broadcast room answers. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Count, Instant, listOf, orNull } from './list.ts';

export const EndpointMade = Type.Object(
  { id: Type.String(), secret: Type.String({ description: '`whsec_…`, shown this once' }) },
  { ...strict, $id: 'EndpointMade' },
);
export const SecretRotated = Type.Object(
  { id: Type.String(), secret: Type.String({ description: '`whsec_…`, shown this once' }), oldSecretUntil: Instant },
  { ...strict, $id: 'SecretRotated' },
);
export const EndpointItem = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    url: Type.String(),
    state: Type.Enum(['active', 'paused', 'gone', 'broken', 'full']),
    eventTypes: orNull(Type.Array(Type.String())),
    shops: orNull(Type.Array(Type.String())),
    fields: orNull(Type.Array(Type.String())),
    personalFields: Type.Array(Type.String()),
    oldSecretUntil: orNull(Instant),
    lag: Count,
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

export const FailureItem = Type.Object(
  {
    at: Instant,
    subjectKey: Type.String(),
    version: Count,
    attempt: Count,
    status: orNull(Type.Integer()),
    error: Type.String(),
    durationMs: Type.Integer(),
  },
  { ...strict, $id: 'FailedAttempt' },
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
export const FailureList = listOf(FailureItem);
