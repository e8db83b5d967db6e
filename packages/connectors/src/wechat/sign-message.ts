/** Message push (消息推送): its signatures and its secure mode. Source: the message-push guide with worked examples; read 2026-11-25 by way of our protocol notes. */
import { createDecipheriv, createHash } from 'node:crypto';
import { textOfBytes } from '../lossless-json.ts';

/** Of the URL alone, or with what is encrypted: only then it says something of the body. */
export const signMessage = (token: string, timestamp: string, nonce: string, encrypted?: string): string =>
  createHash('sha1')
    .update([token, timestamp, nonce, ...(encrypted === undefined ? [] : [encrypted])].sort().join(''))
    .digest('hex');

const KEY_TEXT = /^[0-9A-Za-z+/]{43}$/;
const BLOCK_BYTES = 32;
const RANDOM_BYTES = 16;
const LENGTH_BYTES = 4;

/** AES-256-CBC, padded to 32 bytes; within: 16 random bytes, the length, the message, whose it is. Null when any of it is not so. */
export function openMessage(encodingAesKey: string, encrypted: string): { readonly message: string; readonly receiver: string } | null {
  if (!KEY_TEXT.test(encodingAesKey)) return null;
  const key = Buffer.from(`${encodingAesKey}=`, 'base64');
  try {
    const open = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
    const plain = withoutPadding(Buffer.concat([open.update(Buffer.from(encrypted, 'base64')), open.final()]));
    if (plain === null || plain.length < RANDOM_BYTES + LENGTH_BYTES) return null;
    const body = plain.subarray(RANDOM_BYTES + LENGTH_BYTES);
    const length = plain.readUInt32BE(RANDOM_BYTES);
    if (length > body.length) return null;
    const [message, receiver] = [textOfBytes(body.subarray(0, length)), textOfBytes(body.subarray(length))];
    return message === null || receiver === null ? null : { message, receiver };
  } catch {
    return null;
  }
}

function withoutPadding(padded: Buffer): Buffer | null {
  const count = padded.at(-1) ?? 0;
  if (count < 1 || count > BLOCK_BYTES || count > padded.length || padded.length % BLOCK_BYTES !== 0) return null;
  return padded.subarray(padded.length - count).every((byte) => byte === count) ? padded.subarray(0, padded.length - count) : null;
}
