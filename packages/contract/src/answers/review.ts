/** What the review room answers. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Instant, listOf, orNull } from './list.ts';
import { ProblemItem } from './problem.ts';

export const REVIEW_STATES = ['open', 'released', 'fixed', 'rejected', 'superseded', 'ended', 'resolved'] as const;

export const ReviewItem = Type.Object(
  {
    id: Type.String({ description: '`<order key>.<case id>`, `unrouted.<case id>` where no order is named' }),
    orderKey: orNull(Type.String({ description: 'null: bytes that name no order of a connected shop' })),
    channel: Type.String(),
    shop: Type.String(),
    state: Type.Enum([...REVIEW_STATES]),
    openedAt: Instant,
    closedAt: orNull(Instant),
    closedBy: orNull(Type.String()),
    messageId: Type.String({ description: '`weir trace` takes it' }),
    problems: Type.Array(ProblemItem),
    message: Type.Unknown({ description: 'the message that waits, with everything personal masked' }),
  },
  { ...strict, $id: 'ReviewCase' },
);
export const ReviewList = listOf(ReviewItem);

export const FixPreview = Type.Object(
  {
    changes: Type.Array(
      Type.Object({ pointer: Type.String(), before: Type.Optional(Type.Unknown()), after: Type.Optional(Type.Unknown()) }, strict),
    ),
  },
  { ...strict, $id: 'FixPreview' },
);
