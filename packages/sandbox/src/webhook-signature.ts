/** Standard Webhooks signatures (HMAC-SHA256), written from the public specification; a test holds them against its public library. */
import { createHmac, timingSafeEqual } from 'node:crypto';

export interface SignedHeaders {
  readonly id: string | undefined;
  /** Seconds since 1970. */
  readonly timestamp: string | undefined;
  /** `v1,<base64>`, several separated by spaces while a secret is being changed. */
  readonly signature: string | undefined;
}

/** As the specification's own libraries: older or newer than this may be a replay. */
const TOLERANCE_SECONDS = 300;
const SECRET_PREFIX = 'whsec_';

const keyOf = (secret: string): Buffer =>
  Buffer.from(secret.startsWith(SECRET_PREFIX) ? secret.slice(SECRET_PREFIX.length) : secret, 'base64');
export const signatureOf = (secret: string, id: string, timestamp: string, body: string | Buffer): string =>
  `v1,${createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64')}`;

/** What is wrong with the signature, or null when one of the secrets made it. */
export function checkSignature(secrets: readonly string[], headers: SignedHeaders, body: Buffer, nowMs: number): string | null {
  const { id, timestamp, signature } = headers;
  if (!id || !timestamp || !signature) return 'webhook-id, webhook-timestamp or webhook-signature is missing';
  if (!/^\d+$/.test(timestamp)) return 'webhook-timestamp is not a number of seconds';
  if (Math.abs(Number(timestamp) - nowMs / 1_000) > TOLERANCE_SECONDS)
    return `webhook-timestamp is more than ${TOLERANCE_SECONDS} s away from now`;
  const given = signature.split(' ').filter((each) => each.startsWith('v1,'));
  const right = secrets.map((secret) => Buffer.from(signatureOf(secret, id, timestamp, body)));
  return given.some((each) => right.some((expected) => isSame(Buffer.from(each), expected)))
    ? null
    : 'no signature was made with our secret over this body';
}

const isSame = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
