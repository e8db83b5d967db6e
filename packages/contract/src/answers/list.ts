/** What every list answers: its items and where the next page begins. */
import Type from 'typebox';
import { strict } from '../values.ts';

export const orNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const Instant = Type.String({ description: 'ISO 8601, UTC' });
export const Count = Type.Integer({ minimum: 0 });

export const listOf = <T extends Type.TSchema>(item: T) =>
  Type.Object(
    { items: Type.Array(item), nextCursor: orNull(Type.String({ description: 'pass it as `cursor`; null at the end' })) },
    strict,
  );
