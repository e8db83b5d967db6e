/** How the sample subscriber treats a delivery that it could take. All absent: it takes it. */
export interface Behaviour {
  /** Answers only after this long. */
  readonly delayMs?: number;
  /** So many deliveries from now on fail, whichever they are. */
  readonly failNext?: number;
  /** The first so many tries of each webhook-id fail. */
  readonly failEach?: number;
  /** Status of these failures, 500 unless said. */
  readonly failStatus?: number;
  /** Sent along with failures. */
  readonly retryAfterSeconds?: number;
  /** Answers 410: never come again. */
  readonly isGone?: boolean;
  /** Subjects that are refused, as long as this says so. */
  readonly refuseSubject?: (subject: string) => boolean;
  /** Takes nothing, answers nothing, keeps the connection open. */
  readonly neverAnswer?: boolean;
  /** Takes the event, then cuts the connection: the sender cannot know. */
  readonly cutAfterStoring?: boolean;
  /** `right` (unless said), `wrong` or `none`: the header weir-state-digest. */
  readonly digest?: 'right' | 'wrong' | 'none';
}

export type Verdict =
  | { readonly take: true }
  | { readonly take: false; readonly status: number | null; readonly retryAfterSeconds?: number };

/** What to do with the `tried`-th try (from 1) of one webhook-id. `null` as status: never answer. */
export function judge(behaviour: Behaviour, subject: string, tried: number, failedSoFar: number): Verdict {
  const { failStatus = 500, retryAfterSeconds } = behaviour;
  const fail = (status: number): Verdict => ({ take: false, status, ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) });
  if (behaviour.neverAnswer) return { take: false, status: null };
  if (behaviour.isGone) return fail(410);
  if (behaviour.refuseSubject?.(subject)) return fail(failStatus);
  if (failedSoFar < (behaviour.failNext ?? 0) || tried <= (behaviour.failEach ?? 0)) return fail(failStatus);
  return { take: true };
}
