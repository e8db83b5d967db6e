/** Standard Webhooks signatures, HMAC-SHA256. Pure: the time is an argument. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignatureHeaders {
  readonly id: string | undefined;
  /** Seconds since 1970. */
  readonly timestamp: string | undefined;
  /** `v1,<base64>`, several separated by spaces while a secret is being replaced. */
  readonly signature: string | undefined;
}
export type Verified = 'ok' | 'missing_header' | 'bad_timestamp' | 'too_old' | 'too_new' | 'wrong_signature';

/** An older or newer message may be one that somebody recorded and sends again. */
export const TOLERANCE_SECONDS = 300;
const PREFIX = 'whsec_';
const VERSION = 'v1,';

/** Fewer bytes are no secret: an empty text would let anybody sign. */
const LEAST_KEY_BYTES = 24;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** Null for what is no secret of Weir's: empty, cut off, or not base64. */
export function keyOf(secret: string): Buffer | null {
  const text = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  const key = Buffer.from(text, 'base64');
  return BASE64.test(text) && key.length >= LEAST_KEY_BYTES ? key : null;
}

/** `secrets`: all that are live now; what is no secret verifies nothing. `body`: the bytes as they came; JSON that was parsed and written anew has another signature. */
export function verify(
  secrets: readonly string[],
  { id, timestamp, signature }: SignatureHeaders,
  body: Buffer,
  nowMs: number,
  toleranceSeconds = TOLERANCE_SECONDS,
): Verified {
  if (!id || !timestamp || !signature) return 'missing_header';
  if (!/^\d{1,12}$/.test(timestamp)) return 'bad_timestamp';
  const ageSeconds = Math.floor(nowMs / 1_000) - Number(timestamp);
  if (ageSeconds > toleranceSeconds) return 'too_old';
  if (-ageSeconds > toleranceSeconds) return 'too_new';
  const given = signature
    .split(' ')
    .filter((each) => each.startsWith(VERSION))
    .map((each) => Buffer.from(each.slice(VERSION.length), 'base64'));
  const isOurs = secrets.some((secret) => {
    const key = keyOf(secret);
    if (key === null) return false;
    const right = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
    return given.some((each) => each.length === right.length && timingSafeEqual(each, right));
  });
  return isOurs ? 'ok' : 'wrong_signature';
}
