/** One try of one delivery: rendered, signed, sent. */
import { type Attempted, type Caller, type Failure, isAccepted } from './attempt.ts';
import type { Audience, DeskDeps, Target } from './desk.ts';
import { bodyOf, createSigner, type LogEvent, webhookId } from './envelope.ts';

/** What a consumer is told of an event. It comes from `main.ts`: this room does not know what a subject is. */
export interface Projection {
  readonly wants: (event: LogEvent, audience: Audience) => boolean;
  /** May its state go out now? A snapshot of what may not is not sent. */
  readonly mayShow: (event: LogEvent) => boolean;
  /** JSON text. Without personal fields it depends on the event and `audience.fields` alone. */
  readonly tell: (event: LogEvent, audience: Audience) => string | Promise<string>;
  /** Of the state that `tell` tells; null when it tells none. */
  readonly digest: (event: LogEvent, audience: Audience) => string | null;
}
export interface SendDeps extends Pick<DeskDeps, 'clock' | 'log' | 'reach'> {
  readonly caller: Caller;
  readonly projection: Projection;
  /** Installation id, the `source` of every event. */
  readonly source: string;
  /** Told how each try ended, for whoever counts. */
  readonly attempted?: (endpointId: string, result: string) => void;
}

/** A fault of ours, of this subject only: it is parked like any other failure and tried again. */
const NOT_RENDERED: Failure = { reached: true, status: null, error: 'not_rendered', retryAfterMs: null, answer: null };

const resultOf = (attempted: Attempted): string => (isAccepted(attempted) ? 'taken' : attempted.reached ? 'refused' : 'unreachable');

/** Bodies that endpoints with the same fields share, for as long as the event is in memory. */
const shared = new WeakMap<LogEvent, Map<string, Buffer>>();

export function createSend(deps: SendDeps, target: Target): (event: LogEvent) => Promise<Attempted> {
  const signer = createSigner(target.secrets);
  const fields = JSON.stringify(target.fields);
  const isShared = target.personalFields.length === 0;

  const bodyFor = (event: LogEvent): Buffer | Promise<Buffer> => {
    const known = isShared ? shared.get(event)?.get(fields) : undefined;
    if (known !== undefined) return known;
    const told = deps.projection.tell(event, target);
    if (typeof told !== 'string') return told.then((text) => bodyOf(event, deps.source, text));
    const body = bodyOf(event, deps.source, told);
    if (isShared) shared.set(event, (shared.get(event) ?? new Map<string, Buffer>()).set(fields, body));
    return body;
  };
  return async (event) => {
    let body: Buffer;
    try {
      const made = bodyFor(event);
      body = Buffer.isBuffer(made) ? made : await made;
    } catch (error) {
      deps.log.error('broadcast.not_rendered', error, { endpointId: target.id, subject: event.subjectKey, version: event.version });
      return NOT_RENDERED;
    }
    const id = webhookId(event, target.id);
    const attempted = await deps.caller.attempt(signer.headersFor(id, deps.clock.now(), body), body);
    deps.attempted?.(target.id, resultOf(attempted));
    deps.reach('broadcast.after_post');
    return attempted;
  };
}
