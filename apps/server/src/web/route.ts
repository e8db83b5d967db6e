/** Registers a declared route: who may call it, what it takes and what may leave it are enforced here, so that a handler cannot forget. */
import type { Permission } from '@weir/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Static, TObject, TSchema } from 'typebox';
import type { Caller } from './caller.ts';
import { type Declaration, isMedia, permissionOf } from './declaration.ts';
import { bodyReader, callerOf } from './http.ts';
import { onlyDeclared } from './only-declared.ts';
import { queryReader } from './query.ts';
import { Refusal } from './refusal.ts';
import { isText } from './unicode.ts';

type ParamsOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | ParamsOf<Rest> : never;
type StaticOf<Schema> = Schema extends TSchema ? Static<Schema> : undefined;

export interface Call<D extends Declaration> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** Known and allowed by the matrix; where anybody may call, reading it of a stranger refuses. */
  readonly caller: Caller;
  readonly params: Readonly<Record<ParamsOf<D['path']>, string>>;
  readonly query: StaticOf<D['query']>;
  readonly body: StaticOf<D['body']>;
}

/** `/v1/orders/{key}:cancel` as the router writes it; a parameter ends where a verb begins. */
export const addressOf = (path: string): string => path.replaceAll(':', '::').replaceAll(/\{(\w+)\}/g, ':$1(^[^:]+)');

export function route<const D extends Declaration & { readonly query?: TObject }>(
  app: FastifyInstance,
  declaration: D,
  handler: (call: Call<D>) => unknown,
): void {
  const { method, path, query, body, bodyBytes, unlocked } = declaration;
  const permission = permissionOf(declaration, app.permissions);
  const readQuery = query && queryReader(query);
  const readBody = body && bodyReader(body);
  const call = (request: FastifyRequest, reply: FastifyReply): Call<D> => ({
    request,
    reply,
    caller: callerAs(request, permission),
    params: request.params as Call<D>['params'],
    query: readQuery?.(request) as Call<D>['query'],
    body: readBody?.(request) as Call<D>['body'],
  });
  const answered = app.answered(method, path);
  app.declared.push(declaration);
  app.route({
    method,
    url: addressOf(path),
    // Before anything of the body is read: a stranger's is not worth the memory.
    onRequest: (request, _, done) => {
      requireText(request.params);
      callerAs(request, permission);
      done();
    },
    ...(bodyBytes === undefined ? {} : { bodyLimit: bodyBytes }),
    handler: async (request, reply) => handler(call(request, reply)),
    onResponse: (_, reply, done) => {
      answered(reply.statusCode, reply.elapsedTime);
      done();
    },
    ...(unlocked === undefined ? { preSerialization: lock(declaration.answers) } : {}),
  });
}

/** What the router has unescaped: no name of ours holds a NUL. */
function requireText(params: unknown): void {
  if (!Object.values(params as Record<string, string>).every(isText)) throw new Refusal('request.not_found');
}

function callerAs(request: FastifyRequest, permission: Permission): Caller {
  if (permission === 'anybody') return request.caller as Caller;
  const caller = callerOf(request);
  if (!permission.roles.includes(caller.role) || (permission.shops === 'every' && caller.shops !== null))
    throw new Refusal('request.forbidden', { role: caller.role });
  return caller;
}

/** The second lock behind field visibility: what is not declared does not leave. Problem documents are text by now and pass. */
function lock(answers: Declaration['answers']) {
  const copies = new Map(
    Object.entries(answers).flatMap(([status, answer]) => (isMedia(answer) ? [] : [[Number(status), onlyDeclared(answer)] as const])),
  );
  return async (_: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const copy = copies.get(reply.statusCode);
    return copy === undefined ? payload : copy(payload);
  };
}
