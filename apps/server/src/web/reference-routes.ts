/** `GET /openapi.json`, `GET /asyncapi.json` and `GET /docs`: made once, from what all rooms have declared by the time somebody asks. */
import type { FastifyInstance } from 'fastify';
import { asyncApiOf } from './asyncapi.ts';
import { openApiOf } from './openapi.ts';
import { referencePage } from './reference-page.ts';
import { route } from './route.ts';

export function referenceRoutes(app: FastifyInstance, version: string): void {
  let document: object | undefined;
  let page: string | undefined;
  const read = (): object => (document ??= openApiOf(app.declared, version));
  route(
    app,
    {
      id: 'readOpenApi',
      method: 'GET',
      path: '/openapi.json',
      tag: 'operations',
      zh: '本接口的 OpenAPI 3.1 文档',
      en: 'the OpenAPI 3.1 document of this API',
      answers: { 200: { media: 'application/json' } },
    },
    ({ reply }) => reply.type('application/json; charset=utf-8').send(JSON.stringify(read())),
  );
  const webhooks = JSON.stringify(asyncApiOf(version));
  route(
    app,
    {
      id: 'readAsyncApi',
      method: 'GET',
      path: '/asyncapi.json',
      tag: 'operations',
      zh: '推送的 AsyncAPI 3 文档',
      en: 'the AsyncAPI 3 document of the webhooks',
      who: 'anybody',
      answers: { 200: { media: 'application/json' } },
    },
    ({ reply }) => reply.type('application/json; charset=utf-8').send(webhooks),
  );
  route(
    app,
    {
      id: 'readReference',
      method: 'GET',
      path: '/docs',
      tag: 'operations',
      zh: '本接口给人看的说明',
      en: 'the reference of this API for people',
      answers: { 200: { media: 'text/html' } },
    },
    ({ reply }) => reply.type('text/html; charset=utf-8').send((page ??= referencePage(read()))),
  );
}
