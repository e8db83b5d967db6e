/** Values that cross the wire as text: amounts, instants, ids. One place for their patterns and limits. */
import Type from 'typebox';

/** decimal(12,2) as text, e.g. "129.00". Never a JSON number, never a minus sign. */
export const AMOUNT_PATTERN = '^(0|[1-9][0-9]{0,9})\\.[0-9]{2}$';
/** ISO 8601 with seconds and an offset. Whether the day exists is checked by `parseInstant` in core. */
export const INSTANT_PATTERN = '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})$';
/**
 * Ids of other systems: any printable text without spaces at its ends; text from the first byte because channel ids exceed 2^53. Half a surrogate pair is no
 * text: no UTF-8 holds it, so what was stored would be another id. A regular expression of it needs the flag u.
 */
export const ID_PATTERN =
  '^(?!__proto__$)[^\\u0000-\\u0020\\u007f\\ud800-\\udfff]([^\\u0000-\\u001f\\u007f\\ud800-\\udfff]{0,126}[^\\u0000-\\u0020\\u007f\\ud800-\\udfff])?$';
const TEXT_PATTERN = '^[^\\u0000]*$';

export const Amount = Type.String({ pattern: AMOUNT_PATTERN, description: 'decimal(12,2) as text, e.g. "129.00"' });
export const InstantText = Type.String({ pattern: INSTANT_PATTERN, description: 'ISO 8601 with offset, e.g. "2026-02-20T20:22:08+08:00"' });
export const Id = Type.String({ pattern: ID_PATTERN, maxLength: 128 });
export const ChannelId = Type.String({ pattern: '^[a-z][a-z0-9_-]{0,31}$', description: 'channel id, e.g. "douyin"' });
export const text = (maxLength: number) => Type.String({ maxLength, pattern: TEXT_PATTERN });
export const Quantity = Type.Integer({ minimum: 1, maximum: 1_000_000 });
export const strict = { additionalProperties: false } as const;
