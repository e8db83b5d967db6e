/** How a signature came about, step by step, so that somebody whose own is refused sees where the two part. The secret is the sandbox's own. */
export interface Explained {
  readonly algorithm: string;
  /** What is signed; `{secret}` stands for the app's secret. */
  readonly text: string;
  readonly given: string | null;
  readonly expected: string;
  readonly isRight: boolean;
  readonly zh: string;
  readonly en: string;
}
/** What went over the wire, as far as a signature is concerned. `call`: from Weir to the platform. `push`: the other way. */
export interface Signed {
  readonly way: 'call' | 'push';
  readonly method: string;
  /** Path and query, or the address that was pushed to. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: string;
}

const MAX_SHOWN = 4_000;
/** As much of a text as an eye can use. */
export const shownText = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text);
