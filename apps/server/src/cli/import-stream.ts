/** Sends lines and reads their results at the same time, over one connection. */
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { ProblemDocument } from '@weir/contract';
import { type Api, refusal, unreachable } from './api.ts';

export interface ResultLine {
  /** Of the file, from 1. */
  readonly line: number;
  readonly result: string;
  readonly [more: string]: unknown;
}
export type Result =
  | { readonly kind: 'done'; readonly id: string; readonly end: End }
  | { readonly kind: 'lost'; readonly id: string | null; readonly why: string };

/** The server's last word. `untold` lines are in its stored report only: we did not read fast enough. */
export interface End {
  readonly counts: Readonly<Record<string, number>>;
  readonly untold: number;
}
interface Options {
  /** Lines of the file that are not sent: added to the numbers that the server gives. */
  readonly before: number;
  readonly onLine: (line: ResultLine) => void;
  readonly onId: (id: string) => void;
}

/** Throws a Failure when the server refuses or is not there; a connection that is lost later is a result, for much is known then. */
export async function importStream(api: Api, source: AsyncIterable<Buffer>, options: Options): Promise<Result> {
  const url = new URL('/v1/orders:import', api.base);
  const open = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = open(url, { method: 'POST', headers: { ...api.headers, 'content-type': 'application/x-ndjson' } });
  const answered = answerOf(request, api);
  let unread: unknown;
  const sending = send(request, source).catch((error: unknown) => {
    unread = error; // a file that cannot be read to its end: the lines before are on their way, the rest cannot follow
    request.destroy();
  });
  let id: string | null = null;
  const lost = (why: string): Result => ({
    kind: 'lost',
    id,
    why: unread === undefined ? why : `the file cannot be read: ${reasonOf(unread)}`,
  });
  try {
    const response = await answered;
    id = String(response.headers['weir-import-id']);
    options.onId(id);
    const end = await readLines(response, options);
    await sending;
    return end && unread === undefined ? { kind: 'done', id, end } : lost('ended early');
  } catch (error) {
    request.destroy();
    await sending;
    if (id === null && unread === undefined) throw error;
    return lost(reasonOf(error));
  }
}

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? (error as Error).message;

async function answerOf(request: ClientRequest, api: Api): Promise<IncomingMessage> {
  const [response] = (await once(request, 'response').catch(() => {
    throw unreachable(api.base);
  })) as [IncomingMessage];
  request.on('error', () => {}); // from now on the end of the response tells
  if (response.statusCode === 200) return response;
  throw refusal(response.statusCode ?? 0, parseProblem(await text(response)));
}

function parseProblem(body: string): ProblemDocument | null {
  try {
    return JSON.parse(body) as ProblemDocument;
  } catch {
    return null;
  }
}

/** Rejects only when the source cannot be read; that the connection went away is told by the response. */
async function send(request: ClientRequest, source: AsyncIterable<Buffer>): Promise<void> {
  request.flushHeaders();
  for await (const chunk of source) {
    if (request.destroyed) return;
    if (!request.write(chunk)) await Promise.race([once(request, 'drain'), once(request, 'close')]).catch(() => {});
  }
  request.end();
}

/** The last line, which counts; null when it is missing. */
async function readLines(response: IncomingMessage, { before, onLine }: Options): Promise<End | null> {
  let rest = '';
  let end: End | null = null;
  for await (const part of response.setEncoding('utf8') as AsyncIterable<string>) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() as string;
    for (const each of lines) {
      const said = JSON.parse(each) as ResultLine | End;
      if ('line' in said) onLine({ ...said, line: said.line + before });
      else end = said;
    }
  }
  return end;
}
