/** A body that comes in drops is cut off: whole messages have so many seconds. Imports are streams, which may take hours as long as they move. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { answerSocket } from './raw-refusal.ts';

const BODY_TIMEOUT_MS = 30_000;
const LOOK_EVERY_MS = 5_000;
const STREAM = 'application/x-ndjson';

export function watchBodies(app: FastifyInstance, timeoutMs: number = BODY_TIMEOUT_MS): void {
  const coming = new Map<FastifyRequest, number>();
  const forget = (request: FastifyRequest): void => void coming.delete(request);
  app.addHook('onRequest', (request, _, done) => {
    const { method, headers } = request.raw;
    if (method !== 'GET' && headers['content-type'] !== STREAM) coming.set(request, performance.now());
    done();
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
