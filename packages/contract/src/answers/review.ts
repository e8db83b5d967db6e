/** What the review room answers. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Count, Instant, listOf, orNull } from './list.ts';
import { ProblemItem } from './problem.ts';

export const REVIEW_STATES = ['open', 'released', 'fixed', 'rejected', 'superseded', 'ended', 'resolved'] as const;

export const ReviewItem = Type.Object(
  {
    id: Type.String({ description: '`<order key>.<case id>`, `unrouted.<case id>` where no order is named' }),
    orderKey: orNull(Type.String({ description: 'null: bytes that name no order of a connected shop' })),
    channel: Type.String(),
    shop: Type.String(),
    state: Type.Enum([...REVIEW_STATES]),
    reason: Type.String({ description: 'what it has in common with others: the codes and places that block' }),
    openedAt: Instant,
    closedAt: orNull(Instant),
    closedBy: orNull(Type.String()),
    messageId: Type.String({ description: '`weir trace` takes it' }),
    problems: Type.Array(ProblemItem),
    message: Type.Unknown({ description: 'the message that waits, with everything personal masked' }),
    messageBytes: Type.Optional(
      Type.Integer({
        description:
          'how large the message is, where it is too large for a list: `message` is null there, and `GET /v1/reviews/{id}` shows it',
      }),
    ),
  },
  { ...strict, $id: 'ReviewCase' },
);
export const ReviewList = listOf(ReviewItem);

const Changes = Type.Array(
  Type.Object({ pointer: Type.String(), before: Type.Optional(Type.Unknown()), after: Type.Optional(Type.Unknown()) }, strict),
);
export const FixPreview = Type.Object(
  {
    changes: Changes,
  },
  { ...strict, $id: 'FixPreview' },
);

export const ReviewGroup = Type.Object(
  {
    reason: Type.String(),
    channel: Type.String(),
    cases: Count,
    shops: Count,
    shop: Type.String({ description: 'of the newest of them' }),
    oldest: Instant,
    newest: Instant,
    problems: Type.Array(ProblemItem, { description: 'of the newest of them' }),
    decisions: Type.Array(Type.Enum(['release', 'fix', 'reject', 'retry']), { description: 'what can be asked of such cases' }),
  },
  { ...strict, $id: 'ReviewGroup' },
);
export const ReviewGroupList = listOf(ReviewGroup);

export const ReviewPreview = Type.Object(
  {
    cases: Count,
    newest: orNull(Type.String({ description: 'when the newest of them was opened; goes into `expected` with `cases`' })),
    checked: Type.Integer({ minimum: 0, description: 'how many of them were opened and judged, the oldest first' }),
    passing: Type.Integer({ minimum: 0, description: 'how many of those would be accepted, or can only be tried' }),
    examples: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          channel: Type.String(),
          shop: Type.String(),
          passes: orNull(Type.Boolean({ description: 'null: only trying can tell' })),
          code: orNull(Type.String({ description: 'why it would be refused' })),
          changes: Changes,
          problems: Type.Array(ProblemItem),
        },
        strict,
      ),
      { description: 'those that would be refused first' },
    ),
  },
  { ...strict, $id: 'ReviewPreview' },
);

export const ReviewRun = Type.Object(
  {
    id: Type.String(),
    decision: Type.Enum(['release', 'reject', 'fix', 'retry', 'reopen']),
    chosen: Type.Object(
      {
        reason: Type.Optional(Type.String()),
        channel: Type.Optional(Type.String()),
        shop: Type.Optional(Type.String()),
        ids: Type.Optional(Type.Array(Type.String())),
      },
      strict,
    ),
    recipes: Type.Array(
      Type.Object(
        {
          pointer: Type.String(),
          do: Type.String(),
          value: Type.Optional(Type.Unknown()),
          offset: Type.Optional(Type.String()),
        },
        strict,
      ),
    ),
    state: Type.Enum(['open', 'done', 'cancelled']),
    cases: Count,
    accepted: Count,
    refused: Count,
    askedBy: Type.String(),
    askedAt: Instant,
    startsAt: Type.String({ description: 'until then it can be cancelled as if it had never been asked for' }),
    finishedAt: orNull(Instant),
    undoes: orNull(Type.String({ description: 'the run whose rejections this one takes back' })),
  },
  { ...strict, $id: 'ReviewRun' },
);
export const ReviewRunList = listOf(ReviewRun);
export const ReviewRunResults = listOf(
  Type.Object({ id: Type.String(), result: Type.Enum(['accepted', 'refused', 'waiting']), code: orNull(Type.String()) }, strict),
);
