/**
 * The receiver of the bench `broadcast`, in a process of its own: takes every POST, and checks that each endpoint gets every version of
 * each subject once and in order. The first path step is the number of the endpoint. Talks to its parent over IPC.
 */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type SinkQuestion, type SinkReport, TIMED_FROM, UNCHECKED_FROM } from './sink-report.ts';

/** What it knows of one endpoint. Nothing is withheld in the bench's traffic, so versions count up by one. */
interface Seen {
  taken: number;
  repeats: number;
  outOfOrder: number;
  readonly versions: Map<string, number>;
  readonly arrivals: [id: string, at: number][];
}
const BODIES = 2_000;
const HEAD = /"id":"([^"]+)".*?"subject":"([^"]+)".*?"sequence":"(\d{10})"/;
const HEAD_BYTES = 400;

const seen = new Map<number, Seen>();
const bodies: string[] = [];
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const body = parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
    take(request, body);
    if (bodies.length < BODIES) bodies.push(body.toString());
    response.writeHead(204).end();
  });
});
const report = (): Record<string, SinkReport> =>
  Object.fromEntries([...seen].map(([n, { versions, ...rest }]) => [n, { ...rest, subjects: versions.size }]));
process.on('message', (question: SinkQuestion) => process.send?.(question === 'bodies' ? bodies : report()));
server.listen(0, '127.0.0.1', () => process.send?.({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }));

function take(request: IncomingMessage, body: Buffer): void {
  const endpoint = Number((request.url as string).slice(1));
  const here: Seen = seen.get(endpoint) ?? { taken: 0, repeats: 0, outOfOrder: 0, versions: new Map(), arrivals: [] };
  seen.set(endpoint, here);
  const [, id = '', subject = '', sequence = ''] = HEAD.exec(body.toString('latin1', 0, HEAD_BYTES)) ?? [];
  const [version, known] = [Number(sequence), here.versions.get(subject) ?? 0];
  if (version <= known && endpoint < UNCHECKED_FROM) {
    here.repeats++;
    return;
  }
  if (version !== known + 1) here.outOfOrder++;
  here.versions.set(subject, version);
  here.taken++;
  if (endpoint >= TIMED_FROM && endpoint < UNCHECKED_FROM) here.arrivals.push([id, performance.timeOrigin + performance.now()]);
}
