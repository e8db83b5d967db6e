/** What the list of dead letters answers. */
import Type from 'typebox';
import { strict } from '../values.ts';
import { Count, Instant, listOf, orNull } from './list.ts';

export const DeadLetterItem = Type.Object(
  {
    id: Type.String(),
    direction: Type.Enum(['in', 'out'], {
      description: 'in: a message that could not be worked on; out: a change that a channel would not take',
    }),
    at: Instant,
    orderKey: orNull(Type.String()),
    channel: orNull(Type.String()),
    shop: orNull(Type.String()),
    channelOrderId: orNull(Type.String({ description: "the channel's own id of an order that could not be fetched" })),
    what: Type.String({
      description: 'message, fetch (the detail of an order), ship (parcels that left) or remark (the order key in the note)',
    }),
    cause: Type.String({ description: 'our code of the cause' }),
    zh: Type.String(),
    en: Type.String(),
    code: orNull(Type.String({ description: "the channel's own code; of a fetch, its words" })),
    attempts: Count,
    mayRetry: Type.Boolean(),
  },
  { ...strict, $id: 'DeadLetter' },
);
export const DeadLetterList = listOf(DeadLetterItem);
export const DeadLetterRetried = Type.Object({ id: Type.String(), retried: Type.Boolean() }, strict);
