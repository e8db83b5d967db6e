/**
 * A body that comes in drops is cut off: whole messages have so many seconds. An import is a stream: its handler has it at once, and it may take hours as long as it moves.
 * The clock runs from when we listen: what we ourselves take to find out who is calling is no fault of theirs.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerSocket } from './raw-refusal.ts';

const BODY_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 5_000;

export function watchBodies(app: FastifyInstance, timeoutMs: number = BODY_TIMEOUT_MS): void {
  const coming = new Map<FastifyRequest, number>();
  const forget = (request: FastifyRequest): void => void coming.delete(request);
  app.addHook('preParsing', (request, _, payload, done) => {
    if (request.raw.method !== 'GET') coming.set(request, performance.now());
    done(null, payload);
  });
  app.addHook('preHandler', (request, _, done) => (forget(request), done()));
  app.addHook('onResponse', (request, _, done) => (forget(request), done()));
  app.addHook('onRequestAbort', (request, done) => (forget(request), done()));
  const timer = setInterval(
    () => {
      const late = performance.now() - timeoutMs;
      for (const [request, since] of coming) {
        if (since > late) break; // in the order of their coming
        forget(request);
        answerSocket(request.raw.socket, 'request.timeout');
      }
    },
    Math.min(LOOK_EVERY_MS, timeoutMs),
  ).unref();
  app.addHook('onClose', (_, done) => (clearInterval(timer), done()));
}
