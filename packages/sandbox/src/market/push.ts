/** One message, or several, over HTTP to the address that the seller gave. */
const ANSWER_TIMEOUT_MS = 10_000;

/** One push, and what came back; `status` null: no answer. */
export interface SentPush {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly status: number | null;
  readonly answer: string;
}

export async function pushOnce(
  send: typeof fetch,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<SentPush> {
  try {
    const response = await send(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
    return { url, headers, body, status: response.status, answer: await response.text() };
  } catch {
    return { url, headers, body, status: null, answer: '' };
  }
}
