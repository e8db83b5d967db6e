/** What the intake room answers: outcomes, imports, traces. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Count, Instant, orNull } from './list.ts';
import { ProblemItem } from './problem.ts';

export const OutcomeAnswer = Type.Object(
  {
    orderKey: Type.Optional(Type.String()),
    result: Type.Enum(['created', 'changed', 'unchanged', 'needs_review']),
    version: Type.Optional(Type.Integer()),
    problems: Type.Array(ProblemItem),
  },
  { ...strict, $id: 'Outcome' },
);
/** Stored, but not worked yet: ask at `/v1/outcomes/{id}`. */
export const LaterAnswer = Type.Object({ id: Type.String() }, { ...strict, $id: 'Later' });

export const ImportLine = Type.Object(
  {
    line: Type.Integer({ minimum: 1 }),
    result: Type.Enum(['created', 'changed', 'unchanged', 'needs_review', 'refused', 'later']),
    orderKey: Type.Optional(Type.String()),
    version: Type.Optional(Type.Integer()),
    problems: Type.Optional(Type.Array(ProblemItem)),
    code: Type.Optional(Type.String({ description: 'why it was refused; of `later` the id to ask /v1/outcomes for' })),
  },
  { ...strict, $id: 'ImportLine' },
);
export const ImportAnswer = Type.Object(
  {
    id: Type.String(),
    startedAt: Instant,
    finishedAt: orNull(Instant),
    complete: Type.Boolean({ description: 'whether the stream came to its end' }),
    counts: Type.Record(Type.String(), Count),
  },
  { ...strict, $id: 'Import' },
);

export const TraceAnswer = Type.Object(
  {
    position: Type.Integer(),
    kind: Type.String(),
    subject: Type.Object({ kind: Type.String(), channel: Type.String(), shop: Type.String(), id: Type.String() }, strict),
    partition: Type.Integer(),
    by: Type.String(),
    who: orNull(Type.String({ description: 'the id of that token or person; null: the house itself, or a channel' })),
    receivedAt: Instant,
    bytes: Count,
    body: Type.Unknown({ description: 'the message with everything personal masked' }),
    outcome: Type.Unknown(),
  },
  { ...strict, $id: 'Trace' },
);
