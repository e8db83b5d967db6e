/** The console's files, served beside the API: one page for every address that a person may open. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { sendProblem } from './http.ts';
import { Refusal } from './refusal.ts';

const A_YEAR_SECONDS = 31_536_000;

/** Without a built console in `dir` only the API answers; whatever has no address is refused without quoting it. */
export async function servePages(app: FastifyInstance, dir: string): Promise<boolean> {
  const index = join(dir, 'index.html');
  const page = existsSync(index) ? readFileSync(index) : null;
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === 'GET' && (request.headers.accept ?? '').includes('text/html') && !request.url.startsWith('/v1/');
    return page !== null && wantsPage
      ? reply.type('text/html; charset=utf-8').send(page)
      : sendProblem(reply, new Refusal('request.not_found'));
  });
  if (page === null) return false;
  await app.register(fastifyStatic, {
    root: dir,
    index: false,
    wildcard: false,
    preCompressed: true,
    setHeaders: (response, path) => {
      if (path.includes('/assets/')) void response.header('cache-control', `public, max-age=${A_YEAR_SECONDS}, immutable`);
    },
  });
  app.get('/', (_, reply) => reply.type('text/html; charset=utf-8').send(page));
  return true;
}
