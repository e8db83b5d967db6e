/** How calls to a platform go out: no redirect is followed, and neither its silence nor the length of its answer can hold us. */
import type { Response, Send } from '@weir/connectors/adapter';

/** A platform that does not answer for this long is taken for absent. */
const CALL_TIMEOUT_MS = 20_000;
/** A page of a hundred orders is well below one megabyte. */
export const ANSWER_BYTES = 16 * 1024 * 1024;

export const overTheWire =
  (stopping: AbortSignal): Send =>
  async (url, init): Promise<Response> => {
    const signal = AbortSignal.any([stopping, AbortSignal.timeout(CALL_TIMEOUT_MS)]);
    const { status, headers, body } = await fetch(url, { ...init, redirect: 'error', signal });
    return { status, headers, arrayBuffer: () => readAtMost(body, ANSWER_BYTES) };
  };

async function readAtMost(body: ReadableStream<Uint8Array> | null, most: number): Promise<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body ?? []) {
    size += part.length;
    if (size > most) throw new RangeError(`the answer is longer than ${most} bytes`); // leaving the loop gives the connection up
    parts.push(part);
  }
  const whole = Buffer.concat(parts);
  return whole.buffer.slice(whole.byteOffset, whole.byteOffset + whole.length);
}
